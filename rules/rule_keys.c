#include "rules/rule_keys.h"

#include "rules/assignment.h"
#include "rules/rule_checks.h"
#include "rules/signature.h"

#include <stddef.h>
#include <string.h>

#define REACH_MAX ((size_t)64 * 1024)

enum key_kind {
	KEY_TEXT,
	KEY_LIST,
	KEY_CUSTOM,
};

typedef int read_key(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node);

struct rule_key {
	const char *name;
	enum key_kind kind;
	size_t offset; /* of the field; for KEY_TEXT and KEY_LIST */
	rule_check_text *check;
	read_key *read;   /* for KEY_CUSTOM */
	bool extendable;  /* a list that extend may add to */
	bool restrictive; /* where the list is absent all is accepted, so
			     that adding to none would narrow the rule */
};

static int read_severity(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	return rule_read_severity(reader, &rule->severity, node);
}

static int read_confidence(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	return rule_read_confidence(reader, &rule->confidence, node);
}

static int read_ignore_case(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	return reader_bool(reader, &rule->ignore_case, node, "ignore_case");
}

static int read_fallback(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	return reader_bool(reader, &rule->fallback, node, "fallback");
}

static int read_companion(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	return reader_bool(reader, &rule->companion, node, "companion");
}

static int read_placeholders(const struct rule_reader *reader,
	struct rule *rule, const struct yaml_node *node)
{
	return reader_bool(reader, &rule->placeholders, node, "placeholders");
}

static int read_role(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	const char *words[ROLE_SESSION_ID + 1] = { NULL };
	const char *word = NULL;
	int rc = reader_text(reader, &word, node, "role");
	for (int role = ROLE_SIGNING_KEY; rc == 0 && role <= ROLE_SESSION_ID;
		role++) {
		words[role - 1] = rule_role_name(role);
		if (!strcmp(words[role - 1], word)) {
			rule->role = role;
			return 0;
		}
	}
	return rc < 0 ? rc : reader_fail_unknown(reader, node, "role", words);
}

static int read_reach(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	return reader_size(reader, &rule->reach, node, "reach", REACH_MAX);
}

static int read_reach_before(const struct rule_reader *reader,
	struct rule *rule, const struct yaml_node *node)
{
	return reader_size(
		reader, &rule->reach_before, node, "reach_before", REACH_MAX);
}

static int read_entropy(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	size_t thousandths = 0;
	int rc = reader_thousandths(reader, &thousandths, node, "entropy", 8);
	rule->entropy = (double)thousandths / 1000;
	return rc;
}

static int read_signature(const struct rule_reader *reader,
	struct rule_signature *out, const struct yaml_node *node)
{
	const char *text = NULL;
	int rc = reader_text(reader, &text, node, "signature");
	if (rc < 0)
		return rc;
	struct err why = { 0 };
	rc = signature_parse(out, reader->arena, text, &why);
	return rc < 0 ? reader_fail(reader, node, "bad signature: %s", why.msg)
		      : 0;
}

static int read_signatures(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	size_t count = node->type == YAML_LIST ? node->count : 1;
	if (!count)
		return reader_fail(reader, node, "signature is empty");
	struct rule_signature *signatures =
		arena_array(reader->arena, count, sizeof(*signatures));
	for (size_t i = 0; i < count; i++) {
		const struct yaml_node *item =
			node->type == YAML_LIST ? node->items[i].value : node;
		int rc = read_signature(reader, &signatures[i], item);
		if (rc < 0)
			return rc;
	}
	rule->signatures = signatures;
	rule->signature_count = count;
	return 0;
}

static int read_remedy(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	static const char *const keys[] = { "gitignore", "untrack",
		"whole_file", "advice", NULL };
	int rc = reader_expect_map(reader, node, "remedy");
	if (rc == 0)
		rc = reader_expect_keys(reader, node, keys);
	const struct yaml_node *value = NULL;
	if (rc == 0 && (value = yaml_get(node, "gitignore"))) {
		rc = reader_text(reader, &rule->gitignore, value, "gitignore");
		if (rc == 0)
			rc = check_gitignore(reader, value, rule->gitignore);
	}
	if (rc == 0 && (value = yaml_get(node, "untrack")))
		rc = reader_bool(reader, &rule->untrack, value, "untrack");
	if (rc == 0 && (value = yaml_get(node, "whole_file")))
		rc = reader_bool(
			reader, &rule->whole_file, value, "whole_file");
	if (rc == 0 && (value = yaml_get(node, "advice"))) {
		rc = reader_text(reader, &rule->advice, value, "advice");
		if (rc == 0)
			rc = check_prose(reader, value, rule->advice);
	}
	return rc;
}

#define TEXT(key, field, check_text)                                           \
	{                                                                      \
		.name = (key), .kind = KEY_TEXT,                               \
		.offset = offsetof(struct rule, field), .check = (check_text), \
	}
#define LIST(key, field, check_text, narrows)                                  \
	{                                                                      \
		.name = (key), .kind = KEY_LIST,                               \
		.offset = offsetof(struct rule, field), .check = (check_text), \
		.extendable = true, .restrictive = (narrows),                  \
	}
#define CUSTOM(key, function)                                          \
	{                                                              \
		.name = (key), .kind = KEY_CUSTOM, .read = (function), \
	}

static const struct rule_key rule_keys[] = {
	TEXT("id", id, check_id),
	TEXT("title", title, check_line),
	CUSTOM("severity", read_severity),
	CUSTOM("confidence", read_confidence),
	TEXT("why", why, check_prose),
	LIST("path", paths, check_glob, true),
	LIST("except", except_paths, check_glob, false),
	LIST("except_siblings", except_siblings, check_component, false),
	TEXT("name", name, check_regex),
	LIST("keywords", keywords, NULL, true),
	CUSTOM("ignore_case", read_ignore_case),
	LIST("assigned_to", assigned_to, assignment_check_name, true),
	TEXT("pattern", pattern, check_regex),
	CUSTOM("reach", read_reach),
	CUSTOM("reach_before", read_reach_before),
	CUSTOM("signature", read_signatures),
	CUSTOM("decoder", rule_read_decoder),
	CUSTOM("config", rule_read_config),
	CUSTOM("entropy", read_entropy),
	LIST("except_values", except_values, check_regex, false),
	CUSTOM("requires", rule_read_requires),
	CUSTOM("unlike", rule_read_unlike),
	CUSTOM("placeholders", read_placeholders),
	CUSTOM("checksum", rule_read_checksum),
	CUSTOM("with", rule_read_with),
	CUSTOM("fallback", read_fallback),
	CUSTOM("companion", read_companion),
	CUSTOM("role", read_role),
	CUSTOM("grades", rule_read_grades),
	TEXT("store", store, check_component),
	CUSTOM("remedy", read_remedy),
	TEXT("recommend", recommend, check_line),
	LIST("cwe", cwe, check_number, false),
	LIST("references", references, check_line, false),
	CUSTOM("tolerates", rule_read_tolerates),
	{ .name = "examples",
		.kind = KEY_CUSTOM,
		.read = rule_read_examples,
		.extendable = true },
};

static const struct rule_key *find_key(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(rule_keys); i++)
		if (!strcmp(rule_keys[i].name, name))
			return &rule_keys[i];
	return NULL;
}

static int fail_unknown_key(
	const struct rule_reader *reader, const struct yaml_node *key)
{
	const char *names[ARRAY_SIZE(rule_keys) + 3] = { NULL };
	for (size_t i = 0; i < ARRAY_SIZE(rule_keys); i++)
		names[i] = rule_keys[i].name;
	names[ARRAY_SIZE(rule_keys)] = "extend";
	names[ARRAY_SIZE(rule_keys) + 1] = "override";
	return reader_fail_unknown(reader, key, "key", names);
}

static int set_key(const struct rule_reader *reader, struct rule *rule,
	const struct rule_key *key, const struct yaml_node *value)
{
	void *field = (char *)rule + key->offset;
	if (key->kind == KEY_CUSTOM)
		return key->read(reader, rule, value);
	if (key->kind == KEY_LIST)
		return reader_texts(
			reader, field, value, key->name, key->check);
	const char **text = field;
	int rc = reader_text(reader, text, value, key->name);
	if (rc == 0 && key->check)
		rc = key->check(reader, value, *text);
	return rc;
}

int rule_keys_set(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *map, const char *skip)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_item *item = &map->items[i];
		if (skip && !strcmp(item->key->text, skip))
			continue;
		const struct rule_key *key = find_key(item->key->text);
		if (!key)
			return fail_unknown_key(reader, item->key);
		int rc = set_key(reader, rule, key, item->value);
		if (rc < 0)
			return rc;
	}
	rule->ignore_case |= rule->assigned_to != NULL;
	return rule_check_grade_kinds(reader, rule, map);
}

static const char *const *join_texts(struct arena *arena,
	const char *const *first, const char *const *second)
{
	size_t first_count = 0;
	size_t second_count = 0;
	while (first && first[first_count])
		first_count++;
	while (second[second_count])
		second_count++;
	const char **texts = arena_array(
		arena, first_count + second_count + 1, sizeof(*texts));
	if (first_count)
		memcpy(texts, first, first_count * sizeof(*texts));
	memcpy(texts + first_count, second, second_count * sizeof(*texts));
	return texts;
}

static int extend_texts(const struct rule_reader *reader, struct rule *rule,
	const struct rule_key *key, const struct yaml_item *item)
{
	const char *const *added = NULL;
	int rc = reader_texts(
		reader, &added, item->value, key->name, key->check);
	if (rc < 0)
		return rc;
	void *field = (char *)rule + key->offset;
	const char *const **texts = field;
	if (!*texts && key->restrictive)
		return reader_fail(reader, item->key,
			"rule '%s' has no '%s' to add to: use override",
			rule->id, key->name);
	*texts = join_texts(reader->arena, *texts, added);
	return 0;
}

static int extend_examples(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	struct rule added = { 0 };
	int rc = rule_read_examples(reader, &added, node);
	if (rc < 0)
		return rc;
	size_t count = rule->example_count + added.example_count;
	struct rule_example *examples =
		arena_array(reader->arena, count + 1, sizeof(*examples));
	if (rule->example_count)
		memcpy(examples, rule->examples,
			rule->example_count * sizeof(*examples));
	memcpy(examples + rule->example_count, added.examples,
		added.example_count * sizeof(*examples));
	rule->examples = examples;
	rule->example_count = count;
	return 0;
}

int rule_keys_extend(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *map, const char *skip)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_item *item = &map->items[i];
		if (skip && !strcmp(item->key->text, skip))
			continue;
		const struct rule_key *key = find_key(item->key->text);
		if (!key)
			return fail_unknown_key(reader, item->key);
		if (!key->extendable)
			return reader_fail(reader, item->key,
				"extend cannot change '%s': use override",
				key->name);
		int rc = key->kind == KEY_LIST
			? extend_texts(reader, rule, key, item)
			: extend_examples(reader, rule, item->value);
		if (rc < 0)
			return rc;
	}
	return 0;
}
