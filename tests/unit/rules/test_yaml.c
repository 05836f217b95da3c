#include "rules/yaml.h"

#include "base/cleanup.h"
#include "tests/support/test.h"

#include <string.h>

/* A text, and where its only value of a map stands. */
struct place {
	const char *name;
	const char *text;
	int line, column, text_column;
};

static const struct place places[] = {
	{ "plain", "a: b\n", 1, 4, 4 },
	{ "single quotes", "a: 'b'\n", 1, 4, 5 },
	{ "double quotes", "a: \"b\"\n", 1, 4, 0 },
	{ "a quote within quotes", "a: 'b''c'\n", 1, 4, 0 },
	{ "plain over two lines", "a: b\n  c\n", 1, 4, 0 },
	{ "a literal block", "a: |\n  b\n", 2, 1, 0 },
	{ "behind a wide character", "\xc3\xbc: b\n", 1, 4, 4 },
	{ "behind CR LF", "# x\r\na: b\r\n", 2, 4, 4 },
	{ "an empty value", "\n  a:\n", 2, 3, 0 },
	{ "a map", "a:\n  b: c\n", 2, 3, 0 },
	{ "a list in the column of its key", "a:\n- b\n", 2, 1, 0 },
	{ "a list that closes in the column of its key", "a: [\n  b\n]\n", 1, 4,
		0 },
};

static void a_node_knows_its_place(void **state)
{
	const struct place *row = *state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const struct yaml_node *root = NULL;
	struct err err = { 0 };
	assert_ok(yaml_parse(&root, &arena, "f", row->text, strlen(row->text),
			  &err),
		&err);
	const struct yaml_node *value = root->items[0].value;
	assert_int_equal(value->line, row->line);
	assert_int_equal(value->column, row->column);
	assert_int_equal(value->text_column, row->text_column);
}

static void a_message_is_short_and_safe(void **state)
{
	(void)state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	assert_string_equal(
		yaml_printable(&arena, "a\x1b\xff\xe2\x80\xae", 6), "a???");
	char text[100];
	memset(text, 'x', sizeof(text));
	const char *shown = yaml_printable(&arena, text, sizeof(text));
	assert_int_equal(strlen(shown), 63);
	assert_string_equal(shown + 60, "...");
}

static void a_map_has_a_bounded_number_of_keys(void **state)
{
	(void)state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	char *text = arena_strdup(&arena, "");
	for (int i = 0; i <= YAML_MAX_KEYS; i++)
		text = arena_printf(&arena, "%sk%d: x\n", text, i);
	const struct yaml_node *root = NULL;
	struct err err = { 0 };
	assert_err(yaml_parse(&root, &arena, "f", text, strlen(text), &err),
		ERR_PARSE, &err);
	assert_string_equal(err.msg, "f:65:1: more than 64 keys");
}

int main(void)
{
	struct CMUnitTest rows[ARRAY_SIZE(places)];
	for (size_t i = 0; i < ARRAY_SIZE(places); i++)
		rows[i] = (struct CMUnitTest){
			.name = places[i].name,
			.test_func = a_node_knows_its_place,
			.initial_state = (void *)(uintptr_t)&places[i],
		};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_is_short_and_safe),
		cmocka_unit_test(a_map_has_a_bounded_number_of_keys),
	};
	int failed = cmocka_run_group_tests(rows, NULL, NULL);
	return failed + cmocka_run_group_tests(tests, NULL, NULL);
}
