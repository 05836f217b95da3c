#include "rules/rule.h"

#include "base/cleanup.h"

#include <string.h>

static const char *const severity_names[] = {
	"info",
	"low",
	"medium",
	"high",
	"critical",
};

static const char *const confidence_names[] = {
	"low",
	"medium",
	"high",
	"certain",
};

static const char *const role_names[] = {
	[ROLE_SIGNING_KEY] = "signing-key",
	[ROLE_SIGNED_VALUE] = "signed-value",
	[ROLE_SESSION_ID] = "session-id",
};

static const char *const mutation_names[] = {
	[MUTATION_PREFIX] = "prefix",
	[MUTATION_ALPHABET] = "alphabet",
	[MUTATION_LENGTH] = "length",
	[MUTATION_BOUNDARY] = "boundary",
};

static int find_word(const char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(words[i], word))
			return (int)i;
	return -1;
}

const char *severity_name(int severity)
{
	return severity_names[severity];
}

const char *confidence_name(int confidence)
{
	return confidence_names[confidence];
}

int severity_parse(const char *word)
{
	return find_word(severity_names, ARRAY_SIZE(severity_names), word);
}

int confidence_parse(const char *word)
{
	return find_word(confidence_names, ARRAY_SIZE(confidence_names), word);
}

const char *rule_role_name(int role)
{
	bool known = role > ROLE_NONE && (size_t)role < ARRAY_SIZE(role_names);
	return known ? role_names[role] : NULL;
}

const char *rule_mutation_name(int mutation)
{
	return mutation_names[mutation];
}

bool rule_grade_needs_evidence(const struct rule_grade *grade)
{
	return grade->kind || grade->holds || grade->state || grade->id;
}

bool rule_has_path(const struct rule *rule)
{
	return rule->paths || rule->name;
}

bool rule_has_content(const struct rule *rule)
{
	return rule->keywords || rule->pattern || rule->signature_count ||
		rule->decoder || rule->config;
}
