/* The keys `examples:` and `tolerates:` of a rule. */
#include "rules/rule_keys.h"

#include "rules/rule_checks.h"

#include <nettle/base16.h>
#include <nettle/base64.h>

#include <string.h>

/* Without any "{}": an example writes a token as "gh{}p_…", so that no line
 * of a rule file is itself a live-looking one. */
static void take_text(struct rule_example *example, struct arena *arena,
	const struct yaml_node *node)
{
	char *bytes = arena_memdupz(arena, node->text, node->len);
	size_t len = 0;
	for (size_t at = 0; at < node->len; at++) {
		if (at + 1 < node->len && node->text[at] == '{' &&
			node->text[at + 1] == '}') {
			at++;
			continue;
		}
		bytes[len++] = node->text[at];
	}
	bytes[len] = '\0';
	example->content = (const unsigned char *)bytes;
	example->content_len = len;
}

static int take_hex(struct rule_example *example,
	const struct rule_reader *reader, const struct yaml_node *node)
{
	struct base16_decode_ctx ctx;
	base16_decode_init(&ctx);
	uint8_t *bytes =
		arena_alloc(reader->arena, BASE16_DECODE_LENGTH(node->len) + 1);
	size_t len = BASE16_DECODE_LENGTH(node->len);
	if (!base16_decode_update(&ctx, &len, bytes, node->len, node->text) ||
		!base16_decode_final(&ctx))
		return reader_fail(
			reader, node, "content_hex is not pairs of hex digits");
	example->content = bytes;
	example->content_len = len;
	return 0;
}

static int take_base64(struct rule_example *example,
	const struct rule_reader *reader, const struct yaml_node *node)
{
	struct base64_decode_ctx ctx;
	base64_decode_init(&ctx);
	uint8_t *bytes =
		arena_alloc(reader->arena, BASE64_DECODE_LENGTH(node->len) + 1);
	size_t len = BASE64_DECODE_LENGTH(node->len);
	if (!base64_decode_update(&ctx, &len, bytes, node->len, node->text) ||
		!base64_decode_final(&ctx))
		return reader_fail(
			reader, node, "content_base64 is not base64");
	example->content = bytes;
	example->content_len = len;
	return 0;
}

/* The one key of the example that gives content; content may be empty. */
static int read_content(struct rule_example *example,
	const struct rule_reader *reader, const struct yaml_node *map)
{
	const struct yaml_node *text = yaml_get(map, "content");
	const struct yaml_node *hex = yaml_get(map, "content_hex");
	const struct yaml_node *base64 = yaml_get(map, "content_base64");
	if (!!text + !!hex + !!base64 > 1)
		return reader_fail(reader, map, "an example has one content");
	const struct yaml_node *given = text ? text : hex ? hex : base64;
	if (!given)
		return 0;
	if (given->type != YAML_TEXT)
		return reader_fail(reader, given, "content must be text");
	if (hex)
		return take_hex(example, reader, hex);
	if (base64)
		return take_base64(example, reader, base64);
	take_text(example, reader->arena, text);
	return 0;
}

static int read_example(struct rule_example *example,
	const struct rule_reader *reader, const struct yaml_node *node)
{
	static const char *const keys[] = { "path", "content", "content_hex",
		"content_base64", NULL };
	int rc = reader_expect_map(reader, node, "an example");
	if (rc == 0)
		rc = reader_expect_keys(reader, node, keys);
	if (rc < 0)
		return rc;
	if (!node->count)
		return reader_fail(
			reader, node, "an example needs a path or content");
	example->file = reader->file;
	example->line = node->line;
	const struct yaml_node *path = yaml_get(node, "path");
	if (path) {
		rc = reader_text(reader, &example->path, path, "path");
		if (rc == 0 && example->path[0] == '/')
			rc = reader_fail(reader, path,
				"paths are relative to the repository");
	}
	return rc < 0 ? rc : read_content(example, reader, node);
}

static int read_list(struct rule *rule, const struct rule_reader *reader,
	const struct yaml_node *list, bool match)
{
	int rc = reader_expect_list(reader, list, match ? "match" : "nomatch");
	if (rc < 0)
		return rc;
	size_t count = rule->example_count + list->count;
	struct rule_example *examples =
		arena_array(reader->arena, count, sizeof(*examples));
	if (rule->example_count)
		memcpy(examples, rule->examples,
			rule->example_count * sizeof(*examples));
	for (size_t i = 0; i < list->count; i++) {
		struct rule_example *example =
			&examples[rule->example_count + i];
		example->match = match;
		rc = read_example(example, reader, list->items[i].value);
		if (rc < 0)
			return rc;
	}
	rule->examples = examples;
	rule->example_count = count;
	return 0;
}

int rule_read_examples(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	static const char *const keys[] = { "match", "nomatch", NULL };
	int rc = reader_expect_map(reader, node, "examples");
	if (rc == 0)
		rc = reader_expect_keys(reader, node, keys);
	if (rc == 0 && !node->count)
		return reader_fail(reader, node, "examples is empty");
	rule->examples = NULL;
	rule->example_count = 0;
	const struct yaml_node *list = NULL;
	if (rc == 0 && (list = yaml_get(node, "match")))
		rc = read_list(rule, reader, list, true);
	if (rc == 0 && (list = yaml_get(node, "nomatch")))
		rc = read_list(rule, reader, list, false);
	return rc;
}

static int read_tolerated(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_item *item)
{
	const char *names[RULE_MUTATION_COUNT + 1] = { NULL };
	for (int i = 0; i < RULE_MUTATION_COUNT; i++)
		names[i] = rule_mutation_name(i);
	for (int i = 0; i < RULE_MUTATION_COUNT; i++) {
		if (strcmp(item->key->text, names[i]) != 0)
			continue;
		int rc = reader_text(
			reader, &rule->tolerates[i], item->value, names[i]);
		return rc < 0
			? rc
			: check_line(reader, item->value, rule->tolerates[i]);
	}
	return reader_fail_unknown(reader, item->key, "change", names);
}

int rule_read_tolerates(const struct rule_reader *reader, struct rule *rule,
	const struct yaml_node *node)
{
	memset(rule->tolerates, 0, sizeof(rule->tolerates));
	int rc = reader_expect_map(reader, node, "tolerates");
	for (size_t i = 0; rc == 0 && i < node->count; i++)
		rc = read_tolerated(reader, rule, &node->items[i]);
	return rc;
}
