#include "base/cleanup.h"
#include "base/json_size.h"
#include "tests/support/test.h"

#include <string.h>

struct row {
	const char *text;
	size_t values, depth;
};

static const struct row rows[] = {
	{ "", 1, 0 },
	{ "1", 1, 0 },
	{ "[]", 2, 1 },
	{ "[1,2,[3]]", 5, 2 },
	{ "{\"a\":[],\"b\":{\"c\":1}}", 5, 2 },
	{ "\"[[[,,,{{{\"", 1, 0 },
	{ "[\"\\\"[,\",1]", 3, 1 },
	{ "[\"\\\\\",[]]", 4, 2 },
	{ "[[[", 4, 3 },
	{ "]]][", 2, 1 },
	{ "[],[],[]", 6, 1 },
	{ "\"[[", 1, 0 },
	{ "\"\\", 1, 0 },
};

static void size_is_told_by_brackets_and_commas(void **state)
{
	const struct row *row = *state;
	const struct json_size size = json_size(row->text, strlen(row->text));
	assert_int_equal(size.values, row->values);
	assert_int_equal(size.depth, row->depth);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].text,
			.test_func = size_is_told_by_brackets_and_commas,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
