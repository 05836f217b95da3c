/* The key `config` of a rule. */
#include "rules/rule_keys.h"

#include "rules/settings/known.h"

#include <stdlib.h>
#include <string.h>

/* All known keys of a framework, NULL-ended, for a suggestion. */
static const char *const *key_names(struct arena *arena, int framework)
{
	const char **names =
		arena_array(arena, known_setting_count + 1, sizeof(*names));
	size_t count = 0;
	for (size_t i = 0; i < known_setting_count; i++)
		if (known_settings[i].framework == framework)
			names[count++] = known_settings[i].key;
	return names;
}

static int read_framework(const struct rule_reader *reader,
	struct rule_config *config, const struct yaml_node *node)
{
	const char *word = NULL;
	int rc = reader_text(reader, &word, node, "in");
	if (rc < 0)
		return rc;
	config->framework = framework_parse(word);
	if (config->framework >= 0)
		return 0;
	const char *words[FRAMEWORK_COUNT + 1] = { NULL };
	for (int i = 0; i < FRAMEWORK_COUNT; i++)
		words[i] = framework_name(i);
	return reader_fail_unknown(reader, node, "framework", words);
}

static int read_keys(const struct rule_reader *reader,
	struct rule_config *config, const struct yaml_node *node)
{
	int rc = reader_texts(reader, &config->keys, node, "key", NULL);
	for (size_t i = 0; rc == 0 && config->keys[i]; i++) {
		const struct known_setting *known =
			known_setting_find(config->framework, config->keys[i]);
		if (known && !strcmp(known->key, config->keys[i]))
			continue;
		rc = reader_fail_unknown(reader,
			node->type == YAML_LIST ? node->items[i].value : node,
			"setting", key_names(reader->arena, config->framework));
	}
	return rc;
}

static int check_is(const struct rule_reader *reader,
	const struct yaml_node *node, const char *text)
{
	if (!strcmp(text, "true") || !strcmp(text, "false") ||
		!strcmp(text, "none") ||
		strspn(text, "0123456789") == strlen(text))
		return 0;
	return reader_fail(reader, node,
		"is takes true, false, none and whole numbers; for other "
		"values there is 'text'");
}

/* "16", "31 days": a whole number and maybe a unit of time. */
static int read_amount(const struct rule_reader *reader, int64_t *out,
	const struct yaml_node *node, const char *what)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} units[] = {
		{ "", 1 },
		{ " seconds", 1 },
		{ " minutes", 60 },
		{ " hours", 3600 },
		{ " days", 86400 },
	};
	const char *text = NULL;
	int rc = reader_text(reader, &text, node, what);
	if (rc < 0)
		return rc;
	size_t digits = strspn(text, "0123456789");
	for (size_t i = 0; digits && digits < 10 && i < ARRAY_SIZE(units); i++)
		if (!strcmp(text + digits, units[i].name)) {
			*out = strtoll(text, NULL, 10) * units[i].seconds;
			return 0;
		}
	return reader_fail(reader, node,
		"%s must be a whole number, or one of seconds, minutes, hours "
		"or days, as '31 days'",
		what);
}

static int read_mode(const struct rule_reader *reader,
	struct rule_config *config, const struct yaml_node *node)
{
	const char *text = NULL;
	int rc = reader_text(reader, &text, node, "mode_beyond");
	if (rc < 0)
		return rc;
	size_t len = strlen(text);
	if (len > 5 || strspn(text, "01234567") != len)
		return reader_fail(reader, node,
			"mode_beyond must be an octal mode, as 0600");
	config->mode = (int)strtol(text, NULL, 8);
	return 0;
}

static int read_inside(const struct rule_reader *reader,
	struct rule_config *config, const struct yaml_node *node)
{
	const char *text = NULL;
	int rc = reader_text(reader, &text, node, "inside");
	if (rc == 0 && strcmp(text, "tree") != 0)
		return reader_fail(reader, node, "inside must be 'tree'");
	config->inside_tree = true;
	return rc;
}

static int read_tests(const struct rule_reader *reader,
	struct rule_config *config, const struct yaml_node *map)
{
	int rc = 0;
	const struct yaml_node *node;
	if ((node = yaml_get(map, "is")))
		rc = reader_texts(reader, &config->is, node, "is", check_is);
	if (rc == 0 && (node = yaml_get(map, "text")))
		rc = reader_texts(reader, &config->text, node, "text", NULL);
	if (rc == 0 && (node = yaml_get(map, "not_text")))
		rc = reader_texts(
			reader, &config->not_text, node, "not_text", NULL);
	if (rc == 0 && (node = yaml_get(map, "above"))) {
		config->has_above = true;
		rc = read_amount(reader, &config->above, node, "above");
	}
	if (rc == 0 && (node = yaml_get(map, "below"))) {
		config->has_below = true;
		rc = read_amount(reader, &config->below, node, "below");
	}
	if (rc == 0 && (node = yaml_get(map, "mode_beyond")))
		rc = read_mode(reader, config, node);
	if (rc == 0 && (node = yaml_get(map, "inside")))
		rc = read_inside(reader, config, node);
	if (rc == 0 && (node = yaml_get(map, "literal")))
		rc = reader_bool(reader, &config->literal, node, "literal");
	if (rc == 0 && (node = yaml_get(map, "unset")))
		rc = reader_bool(reader, &config->unset, node, "unset");
	return rc;
}

int rule_read_config(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	static const char *const keys[] = { "in", "key", "is", "text",
		"not_text", "above", "below", "mode_beyond", "inside",
		"literal", "unset", NULL };
	int rc = reader_expect_map(reader, node, "config");
	if (rc == 0)
		rc = reader_expect_keys(reader, node, keys);
	if (rc < 0)
		return rc;
	const struct yaml_node *in = yaml_get(node, "in");
	const struct yaml_node *key = yaml_get(node, "key");
	if (!in || !key)
		return reader_fail(
			reader, node, "missing '%s'", in ? "key" : "in");
	if (node->count < 3)
		return reader_fail(reader, node, "config tests nothing");
	struct rule_config *config =
		arena_alloc(reader->arena, sizeof(*config));
	config->mode = -1;
	rc = read_framework(reader, config, in);
	if (rc == 0)
		rc = read_keys(reader, config, key);
	if (rc == 0)
		rc = read_tests(reader, config, node);
	rule->config = config;
	return rc;
}
