#include "rules/rule_digest.h"

#include "base/alloc.h"
#include "base/cleanup.h"
#include "rules/digest.h"

#include <nettle/base16.h>
#include <nettle/sha2.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Changes whenever the meaning of a rule's fields does. */
#define FORMAT "git-hygiene rules 3"

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The items of a list are alternatives: as a set they are what they are. */
static void add_set(struct sha256_ctx *sha, const char *const *texts)
{
	size_t count = 0;
	while (texts && texts[count])
		count++;
	CLEANUP(freep) const char **sorted = xcalloc(count, sizeof(*sorted));
	for (size_t i = 0; i < count; i++)
		sorted[i] = texts[i];
	if (count)
		qsort(sorted, count, sizeof(*sorted), compare_texts);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		if (!kept || strcmp(sorted[kept - 1], sorted[i]) != 0)
			sorted[kept++] = sorted[i];
	digest_number(sha, (int64_t)kept);
	for (size_t i = 0; i < kept; i++)
		digest_text(sha, sorted[i]);
}

static void add_signatures(struct sha256_ctx *sha, const struct rule *rule)
{
	digest_number(sha, (int64_t)rule->signature_count);
	for (size_t i = 0; i < rule->signature_count; i++) {
		const struct rule_signature *signature = &rule->signatures[i];
		digest_number(sha, (int64_t)signature->offset);
		digest_bytes(sha, signature->low, signature->len);
		digest_bytes(sha, signature->high, signature->len);
	}
}

static void add_grades(struct sha256_ctx *sha, const struct rule *rule)
{
	digest_number(sha, (int64_t)rule->grade_count);
	for (size_t i = 0; i < rule->grade_count; i++) {
		const struct rule_grade *grade = &rule->grades[i];
		add_set(sha, grade->kind);
		add_set(sha, grade->holds);
		add_set(sha, grade->state);
		add_set(sha, grade->id);
		add_set(sha, grade->context);
		digest_number(sha, grade->severity);
		digest_number(sha, grade->confidence);
	}
}

static void add_config(struct sha256_ctx *sha, const struct rule_config *config)
{
	digest_number(sha, config != NULL);
	if (!config)
		return;
	digest_number(sha, config->framework);
	add_set(sha, config->keys);
	add_set(sha, config->is);
	add_set(sha, config->text);
	add_set(sha, config->not_text);
	digest_number(sha, config->has_above);
	digest_number(sha, config->above);
	digest_number(sha, config->has_below);
	digest_number(sha, config->below);
	digest_number(sha, config->mode);
	digest_number(sha, config->inside_tree);
	digest_number(sha, config->literal);
	digest_number(sha, config->unset);
}

static void add_withs(struct sha256_ctx *sha, const struct rule *rule)
{
	digest_number(sha, (int64_t)rule->with_count);
	for (size_t i = 0; i < rule->with_count; i++) {
		digest_text(sha, rule->with[i].title);
		digest_text(sha, rule->with[i].pattern);
		digest_number(sha, (int64_t)rule->with[i].lines);
		digest_number(sha, rule->with[i].optional);
		digest_number(sha, rule->with[i].absent);
		digest_number(sha, rule->with[i].same);
	}
}

static void add_rule(struct sha256_ctx *sha, const struct rule *rule)
{
	digest_text(sha, rule->id);
	digest_number(sha, rule->severity);
	digest_number(sha, rule->confidence);
	add_set(sha, rule->paths);
	add_set(sha, rule->except_paths);
	add_set(sha, rule->except_siblings);
	digest_text(sha, rule->name);
	add_set(sha, rule->keywords);
	digest_number(sha, rule->ignore_case);
	add_set(sha, rule->assigned_to);
	digest_text(sha, rule->pattern);
	digest_number(sha, (int64_t)rule->reach);
	digest_number(sha, (int64_t)rule->reach_before);
	add_signatures(sha, rule);
	digest_text(sha, rule->decoder);
	add_set(sha, rule->decoder_kinds);
	digest_number(sha, rule->decode_secret);
	/* Rule files have three decimals at most. */
	digest_number(sha, (int64_t)(rule->entropy * 1000 + 0.5));
	add_set(sha, rule->except_values);
	digest_number(sha, rule->requires);
	digest_number(sha, rule->unlike);
	digest_number(sha, rule->placeholders);
	digest_text(sha, rule->checksum);
	add_withs(sha, rule);
	add_config(sha, rule->config);
	digest_number(sha, rule->fallback);
	digest_number(sha, rule->role);
	add_grades(sha, rule);
	digest_text(sha, rule->store);
	digest_text(sha, rule->gitignore);
	digest_number(sha, rule->untrack);
	digest_number(sha, rule->whole_file);
}

void rule_digest(
	char out[RULE_DIGEST_SIZE], const struct rule *rules, size_t count)
{
	struct sha256_ctx sha;
	digest_init(&sha, FORMAT);
	digest_number(&sha, (int64_t)count);
	for (size_t i = 0; i < count; i++)
		add_rule(&sha, &rules[i]);
	uint8_t digest[SHA256_DIGEST_SIZE];
	sha256_digest(&sha, sizeof(digest), digest);
	base16_encode_update(out, sizeof(digest), digest);
	out[RULE_DIGEST_SIZE - 1] = '\0';
}
