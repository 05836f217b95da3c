#include "base/cleanup.h"
#include "base/suggest.h"
#include "tests/support/test.h"

struct row {
	const char *typed;
	const char *expected; /* or NULL */
};

static const struct row rows[] = {
	{ "scna", "scan" },
	{ "sacn", "scan" },
	{ "can", "scan" },
	{ "scann", "scan" },
	{ "versionn", "version" },
	{ "vresoin", "version" },
	{ "ignroe", "ignore" },
	{ "x", NULL },
	{ "rebase", NULL },
	{ "", NULL },
	{ "0123456789012345678901234567890123456789012345678901234567890123456",
		NULL },
};

static void nearest_name_is_offered(void **state)
{
	const struct row *row = *state;
	const char *const names[] = { "ignore", "scan", "version", NULL };
	const char *near = suggest(row->typed, names);
	if (row->expected)
		assert_string_equal(near, row->expected);
	else
		assert_null(near);
}

static void first_of_equals_is_kept(void **state)
{
	(void)state;
	const char *const names[] = { "scan", "scab", NULL };
	assert_string_equal(suggest("scax", names), "scan");
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].typed,
			.test_func = nearest_name_is_offered,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	tests[ARRAY_SIZE(rows)] =
		(struct CMUnitTest)cmocka_unit_test(first_of_equals_is_kept);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
