#include "base/utf8.h"
#include "report/report_value.h"
#include "report/text_escape.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

static const struct report_opts terminal = { .utf8 = true, .width = 80 };
static const struct value_opts masked = { 0 };

/* A tree under construction. */
struct tree {
	struct arena arena;
	struct value_builder builder;
};

static void tree_init(struct tree *tree)
{
	*tree = (struct tree){ 0 };
	tree->builder = (struct value_builder){
		.arena = &tree->arena,
		.values_left = VALUE_MAX_COUNT,
	};
}

static struct value *text(struct tree *tree, const char *bytes)
{
	return value_text(&tree->builder, bytes, strlen(bytes));
}

static struct value *make(struct tree *tree, enum value_type type)
{
	return value_new(&tree->builder, type);
}

static struct value *truth(struct tree *tree, bool is_true)
{
	struct value *value = make(tree, VALUE_BOOL);
	value->number = is_true;
	return value;
}

static struct value *put(struct tree *tree, struct value *map, const char *key,
	struct value *value)
{
	assert_true(value_add(&tree->builder, map, text(tree, key), value));
	return value;
}

static struct value *append(
	struct tree *tree, struct value *list, struct value *value)
{
	assert_true(value_add(&tree->builder, list, NULL, value));
	return value;
}

/* All that is printed; caller frees. */
static char *printed(const struct value *root, const struct report_opts *opts,
	const struct value_opts *value_opts, bool json)
{
	char *bytes = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);
	assert_non_null(out);
	struct page page;
	struct json_writer writer;
	page_init(&page, out, opts);
	json_init(&writer, out);
	if (json)
		json_value(&writer, root, value_opts);
	else
		report_value(&page, root, value_opts);
	fclose(out);
	return bytes;
}

static void prints(const struct value *root, const struct value_opts *opts,
	const char *expected)
{
	CLEANUP(freep) char *is = printed(root, &terminal, opts, false);
	assert_string_equal(is, expected);
}

static void prints_json(const struct value *root, const struct value_opts *opts,
	const char *expected)
{
	CLEANUP(freep) char *is = printed(root, &terminal, opts, true);
	assert_string_equal(is, expected);
}

/* One of each type, under names that say nothing and names that do. */
static struct value *a_session(struct tree *tree)
{
	struct value *root = make(tree, VALUE_MAP);
	put(tree, root, "_permanent", truth(tree, true));
	put(tree, root, "is_admin", truth(tree, true));
	put(tree, root, "user_id", value_int(&tree->builder, 4711));
	put(tree, root, "visits", value_int(&tree->builder, 12345678));
	put(tree, root, "note", text(tree, "a\"b\n\x1b[2J"));
	put(tree, root, "blob", value_bytes(&tree->builder, "\0\xff", 2));
	put(tree, root, "gone", make(tree, VALUE_NULL));
	put(tree, root, "ratio", make(tree, VALUE_FLOAT))->real = 0.5;
	struct value *large = put(tree, root, "n", make(tree, VALUE_INT));
	large->bytes = (const unsigned char *)"123456789012345678901";
	large->len = 21;
	struct value *list = put(tree, root, "list", make(tree, VALUE_LIST));
	append(tree, list, text(tree, "x"));
	append(tree, list, make(tree, VALUE_MAP));
	struct value *at = put(tree, root, "at", make(tree, VALUE_OBJECT));
	at->name = "datetime.datetime";
	append(tree, at, truth(tree, false));
	struct value *token = make(tree, VALUE_MAP);
	put(tree, root, "oauth_token", token);
	put(tree, token, "fresh", truth(tree, true));
	assert_true(value_add(&tree->builder, root,
		value_int(&tree->builder, 77), text(tree, "seven")));
	return root;
}

static void only_types_and_lengths_are_shown(void **state)
{
	(void)state;
	struct tree tree;
	tree_init(&tree);
	prints(a_session(&tree), &masked,
		"map, 13 items\n"
		"  _permanent: true\n"
		"  is_admin: true or false\n"
		"  user_id: number\n"
		"  visits: number\n"
		"  note: text, 8 bytes\n"
		"  blob: bytes, 2 bytes\n"
		"  gone: null\n"
		"  ratio: number\n"
		"  n: number\n"
		"  list: list, 2 items\n"
		"    [0] text, 1 byte\n"
		"    [1] map, 0 items\n"
		"  at: datetime.datetime, 1 item\n"
		"    [0] false\n"
		"  oauth_token: map, 1 item\n"
		"    fresh: true or false\n"
		"  (number): text, 5 bytes\n");
	arena_clear(&tree.arena);
}

static void values_are_shown_on_demand_and_escaped(void **state)
{
	(void)state;
	struct tree tree;
	tree_init(&tree);
	const struct value_opts shown = { .show_values = true };
	prints(a_session(&tree), &shown,
		"map, 13 items\n"
		"  \"_permanent\": true\n"
		"  \"is_admin\": true\n"
		"  \"user_id\": number: 4711\n"
		"  \"visits\": number: 12345678\n"
		"  \"note\": text, 8 bytes: \"a\\\"b\\n\\033[2J\"\n"
		"  \"blob\": bytes, 2 bytes: \"\\000\\377\"\n"
		"  \"gone\": null\n"
		"  \"ratio\": number: 0.5\n"
		"  \"n\": number: \"123456789012345678901\"\n"
		"  \"list\": list, 2 items\n"
		"    [0] text, 1 byte: \"x\"\n"
		"    [1] map, 0 items\n"
		"  \"at\": datetime.datetime, 1 item\n"
		"    [0] false\n"
		"  \"oauth_token\": map, 1 item\n"
		"    \"fresh\": true\n"
		"  77: text, 5 bytes: \"seven\"\n");
	arena_clear(&tree.arena);
}

static void json_has_the_same(void **state)
{
	(void)state;
	struct tree tree;
	tree_init(&tree);
	struct value *root = make(&tree, VALUE_MAP);
	put(&tree, root, "fresh", truth(&tree, true));
	put(&tree, root, "admin", truth(&tree, true));
	put(&tree, root, "pin", value_int(&tree.builder, 1234));
	put(&tree, root, "raw", value_bytes(&tree.builder, "\0\xff", 2));
	struct value *at = put(&tree, root, "at", make(&tree, VALUE_OBJECT));
	at->name = "a.b";
	append(&tree, at, text(&tree, "t\x1b"));
	prints_json(root, &masked,
		"{\"type\":\"map\",\"count\":5,\"items\":["
		"{\"key\":\"fresh\",\"type\":\"bool\",\"value\":true},"
		"{\"key\":\"admin\",\"type\":\"bool\"},"
		"{\"key\":\"pin\",\"type\":\"int\"},"
		"{\"key\":\"raw\",\"type\":\"bytes\",\"length\":2},"
		"{\"key\":\"at\",\"type\":\"object\",\"class\":\"a.b\","
		"\"count\":1,\"items\":[{\"type\":\"text\",\"length\":2}]}]}");
	const struct value_opts shown = { .show_values = true };
	prints_json(root, &shown,
		"{\"type\":\"map\",\"count\":5,\"items\":["
		"{\"key\":\"fresh\",\"type\":\"bool\",\"value\":true},"
		"{\"key\":\"admin\",\"type\":\"bool\",\"value\":true},"
		"{\"key\":\"pin\",\"type\":\"int\",\"value\":1234},"
		"{\"key\":\"raw\",\"type\":\"bytes\",\"length\":2,"
		"\"value\":\"AP8=\"},"
		"{\"key\":\"at\",\"type\":\"object\",\"class\":\"a.b\","
		"\"count\":1,\"items\":[{\"type\":\"text\",\"length\":2,"
		"\"value\":\"t\\u001b\"}]}]}");
	arena_clear(&tree.arena);
}

static void a_key_that_is_a_secret_is_masked(void **state)
{
	(void)state;
	struct tree tree;
	tree_init(&tree);
	struct value *root = make(&tree, VALUE_MAP);
	put(&tree, root, "5f352379324c22463451387a0aec5d2f",
		truth(&tree, true));
	put(&tree, root, "ada@example.test", truth(&tree, true));
	put(&tree, root, "", make(&tree, VALUE_NULL));
	prints(root, &masked,
		"map, 3 items\n"
		"  \xE2\x80\xA6: true\n"
		"  \xE2\x80\xA6: true\n"
		"  \"\": null\n");
	arena_clear(&tree.arena);
}

static void a_value_inside_itself_ends(void **state)
{
	(void)state;
	struct tree tree;
	tree_init(&tree);
	struct value *root = make(&tree, VALUE_MAP);
	struct value *list = put(&tree, root, "self", make(&tree, VALUE_LIST));
	append(&tree, list, root);
	append(&tree, list, list);
	prints(root, &masked,
		"map, 1 item\n"
		"  self: list, 2 items\n"
		"    [0] map, 1 item, the one that this stands in\n"
		"    [1] list, 2 items, the one that this stands in\n");
	prints_json(root, &masked,
		"{\"type\":\"map\",\"count\":1,\"items\":[{\"key\":\"self\","
		"\"type\":\"list\",\"count\":2,\"items\":["
		"{\"type\":\"map\",\"count\":1},"
		"{\"type\":\"list\",\"count\":2}]}]}");
	arena_clear(&tree.arena);
}

static size_t count_lines(const char *bytes)
{
	size_t count = 0;
	for (; *bytes; bytes++)
		count += *bytes == '\n';
	return count;
}

static void a_deep_tree_is_cut_at_sixteen_levels(void **state)
{
	(void)state;
	struct tree tree;
	tree_init(&tree);
	struct value *root = make(&tree, VALUE_LIST);
	struct value *leaf = root;
	for (int i = 0; i < 40; i++)
		leaf = append(&tree, leaf, make(&tree, VALUE_LIST));
	const struct value_opts all = { .all = true };
	CLEANUP(freep) char *lines = printed(root, &terminal, &all, false);
	assert_int_equal(count_lines(lines), VALUE_SHOWN_DEPTH + 1);
	assert_non_null(strstr(lines, "[0] list, 1 item, too deep to show\n"));
	CLEANUP(freep) char *json = printed(root, &terminal, &all, true);
	assert_non_null(strstr(json, "{\"type\":\"list\",\"count\":1}]"));
	arena_clear(&tree.arena);
}

/* Each level holds the next one ten times: 10^15 values without a bound. */
static void shared_values_do_not_multiply_without_bound(void **state)
{
	(void)state;
	struct tree tree;
	tree_init(&tree);
	struct value *root = make(&tree, VALUE_LIST);
	struct value *level = root;
	for (int i = 0; i < 15; i++) {
		struct value *next = make(&tree, VALUE_LIST);
		for (int j = 0; j < 10; j++)
			append(&tree, level, next);
		level = next;
	}
	CLEANUP(freep) char *some = printed(root, &terminal, &masked, false);
	/* a level that was cut has a line that says so */
	assert_in_range(count_lines(some), VALUE_SHOWN_NODES,
		VALUE_SHOWN_NODES + VALUE_SHOWN_DEPTH);
	assert_non_null(strstr(some, "... and "));
	const struct value_opts all = { .all = true };
	CLEANUP(freep) char *many = printed(root, &terminal, &all, false);
	assert_in_range(count_lines(many), VALUE_MAX_COUNT,
		VALUE_MAX_COUNT + VALUE_SHOWN_DEPTH);
	arena_clear(&tree.arena);
}

static void a_long_list_says_what_was_left_out(void **state)
{
	(void)state;
	struct tree tree;
	tree_init(&tree);
	struct value *root = make(&tree, VALUE_LIST);
	for (int i = 0; i < 700; i++)
		append(&tree, root, make(&tree, VALUE_NULL));
	CLEANUP(freep) char *lines = printed(root, &terminal, &masked, false);
	assert_non_null(
		strstr(lines, "  [498] null\n  ... and 201 more items\n"));
	CLEANUP(freep) char *json = printed(root, &terminal, &masked, true);
	assert_non_null(strstr(json, "],\"left_out\":201}"));
	const struct value_opts all = { .all = true };
	CLEANUP(freep) char *whole = printed(root, &terminal, &all, false);
	assert_non_null(strstr(whole, "  [699] null\n"));
	assert_null(strstr(whole, "more item"));
	arena_clear(&tree.arena);
}

static void a_long_text_is_cut_but_for_all(void **state)
{
	(void)state;
	struct tree tree;
	tree_init(&tree);
	CLEANUP(freep) char *bytes = calloc(1, 2000);
	assert_non_null(bytes);
	memset(bytes, 'x', 1500);
	struct value *root = text(&tree, bytes);
	struct value_opts shown = { .show_values = true };
	CLEANUP(freep) char *some = printed(root, &terminal, &shown, false);
	assert_non_null(strstr(some, "x\" and 476 more bytes\n"));
	shown.all = true;
	CLEANUP(freep) char *whole = printed(root, &terminal, &shown, false);
	assert_null(strstr(whole, "more byte"));
	assert_int_equal(
		strlen(whole), strlen("text, 1,500 bytes: \"\"\n") + 1500);
	arena_clear(&tree.arena);
}

/* Random graphs: any value may be an item of any other. */
static struct value *random_graph(struct tree *tree, struct random *random)
{
	static const char *const keys[] = { "a", "user_id", "\xE2\x80\xAE",
		"\x1b[31m", "\xff\xfe", "key that is quite long and has spaces",
		"5f352379324c22463451387a0aec5d2f" };
	struct value *values[12];
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		values[i] = make(tree,
			(enum value_type)random_below(
				random, VALUE_OBJECT + 1));
		if (value_is_bytes(values[i])) {
			values[i]->bytes = (const unsigned char *)"s\x9b\n\0x";
			values[i]->len = random_below(random, 6);
		}
	}
	values[0]->type = VALUE_OBJECT;
	values[0]->name = "a\nb\xC2\x9B.c";
	for (size_t i = 0; i < 30; i++) {
		struct value *parent =
			values[random_below(random, ARRAY_SIZE(values))];
		struct value *child =
			values[random_below(random, ARRAY_SIZE(values))];
		if (value_is_tree(parent))
			put(tree, parent,
				keys[random_below(random, ARRAY_SIZE(keys))],
				child);
	}
	return values[0];
}

static void assert_safe(const char *bytes, size_t width)
{
	while (*bytes) {
		size_t len = strcspn(bytes, "\n");
		assert_true(utf8_valid(bytes, len));
		assert_true(text_width(bytes, len) <= width);
		for (size_t i = 0; i < len;) {
			uint32_t code = 0;
			size_t step = utf8_decode(&code,
				(const unsigned char *)bytes + i, len - i);
			assert_true(step && !utf8_is_unsafe(code));
			i += step;
		}
		bytes += len + (bytes[len] == '\n');
	}
}

static void any_graph_prints_safe_lines_that_fit(void **state)
{
	(void)state;
	struct random random = { 20260801 };
	struct report_opts narrow = { .utf8 = false, .width = 60 };
	for (int i = 0; i < 300; i++) {
		struct tree tree;
		tree_init(&tree);
		struct value *root = random_graph(&tree, &random);
		const struct value_opts shown = { .show_values = true };
		narrow.utf8 = i % 2;
		CLEANUP(freep)
		char *lines = printed(root, &narrow, &masked, false);
		assert_safe(lines, 60);
		assert_true(count_lines(lines) <=
			VALUE_SHOWN_NODES + VALUE_SHOWN_DEPTH);
		CLEANUP(freep)
		char *values = printed(root, &narrow, &shown, false);
		assert_safe(values, SIZE_MAX);
		CLEANUP(freep)
		char *json = printed(root, &narrow, &shown, true);
		assert_safe(json, SIZE_MAX);
		arena_clear(&tree.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_types_and_lengths_are_shown),
		cmocka_unit_test(values_are_shown_on_demand_and_escaped),
		cmocka_unit_test(json_has_the_same),
		cmocka_unit_test(a_key_that_is_a_secret_is_masked),
		cmocka_unit_test(a_value_inside_itself_ends),
		cmocka_unit_test(a_deep_tree_is_cut_at_sixteen_levels),
		cmocka_unit_test(shared_values_do_not_multiply_without_bound),
		cmocka_unit_test(a_long_list_says_what_was_left_out),
		cmocka_unit_test(a_long_text_is_cut_but_for_all),
		cmocka_unit_test(any_graph_prints_safe_lines_that_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
