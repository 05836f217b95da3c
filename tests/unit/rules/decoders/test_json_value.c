#include "rules/decoders/json_value.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

struct row {
	const char *name;
	const char *text;
	int expected; /* what json_value_read() returns */
};

static const struct row rows[] = {
	{ "white_space_around_is_allowed", " {\"a\":1}\n", 1 },
	{ "scalar_is_json", "5", 1 },
	{ "integer_beyond_64_bits_is_json", "[99999999999999999999]", 1 },
	{ "nul_in_a_string_is_json", "[\"a\\u0000b\"]", 1 },
	{ "brackets_in_strings_are_no_depth",
		"[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
		"[[[[[[[[[[[[[[[[\"]",
		1 },
	{ "text_behind_is_refused", "{} x", 0 },
	{ "cut_text_is_refused", "{\"a\":", 0 },
	{ "cut_string_is_refused", "\"a\\", 0 },
	{ "nothing_is_refused", "", 0 },
	{ "float_beyond_double_is_refused", "[1e999]", 0 },
};

static int read_text(struct value **out, struct arena *arena, size_t values,
	const char *text, size_t len)
{
	struct err err = { 0 };
	struct value_builder builder = { arena, values };
	return json_value_read(
		out, &builder, (const unsigned char *)text, len, &err);
}

static void row_is_judged(void **state)
{
	const struct row *row = *state;
	struct arena arena = { 0 };
	struct value *value = NULL;
	/* without a NUL behind it, so that ASan sees a read past the end */
	size_t len = strlen(row->text);
	char *copy = malloc(len ? len : 1);
	assert_non_null(copy);
	memcpy(copy, row->text, len);
	assert_int_equal(
		read_text(&value, &arena, 1000, copy, len), row->expected);
	free(copy);
	arena_clear(&arena);
}

static void order_of_keys_is_kept(void **state)
{
	(void)state;
	static const char text[] =
		"{\"z\":[1,2.5,true,null],\"a\":\"b\\u00e9\",\"m\":{}}";
	struct arena arena = { 0 };
	struct value *root;
	assert_int_equal(
		read_text(&root, &arena, 1000, text, sizeof(text) - 1), 1);
	assert_int_equal(root->type, VALUE_MAP);
	assert_int_equal(root->count, 3);
	assert_true(value_is_text(root->items[0].key, "z"));
	assert_true(value_is_text(root->items[1].key, "a"));
	assert_true(value_is_text(root->items[2].key, "m"));
	const struct value *list = root->items[0].value;
	assert_int_equal(list->count, 4);
	assert_int_equal(list->items[0].value->number, 1);
	assert_int_equal(list->items[1].value->type, VALUE_FLOAT);
	assert_int_equal(list->items[2].value->number, 1);
	assert_int_equal(list->items[3].value->type, VALUE_NULL);
	assert_true(value_is_text(value_get(root, "a"), "b\xc3\xa9"));
	arena_clear(&arena);
}

static void too_many_values_are_a_limit(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	struct value *root;
	assert_int_equal(
		read_text(&root, &arena, 4, "[1,2,3,4]", 9), ERR_LIMIT);
	arena_clear(&arena);
}

static void depth_is_a_limit(void **state)
{
	(void)state;
	char text[2 * (VALUE_MAX_DEPTH + 1)];
	memset(text, '[', VALUE_MAX_DEPTH + 1);
	memset(text + VALUE_MAX_DEPTH + 1, ']', VALUE_MAX_DEPTH + 1);
	struct arena arena = { 0 };
	struct value *root;
	assert_int_equal(
		read_text(&root, &arena, 1000, text, sizeof(text)), ERR_LIMIT);
	assert_int_equal(
		read_text(&root, &arena, 1000, text + 1, sizeof(text) - 2), 1);
	arena_clear(&arena);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 3] = {
		cmocka_unit_test(order_of_keys_is_kept),
		cmocka_unit_test(too_many_values_are_a_limit),
		cmocka_unit_test(depth_is_a_limit),
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		union {
			const struct row *row;
			void *state;
		} pass = { .row = &rows[i] };
		tests[3 + i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = row_is_judged,
			.initial_state = pass.state,
		};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
