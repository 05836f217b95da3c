#include "scanner/path_table.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

static void every_path_has_one_number(void **state)
{
	(void)state;
	struct path_table table = { 0 };
	char path[32];
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < 5000; i++) {
			int len = snprintf(path, sizeof(path), "a/%u/b", i);
			assert_int_equal(
				path_table_add(&table, path, (size_t)len), i);
		}
	assert_int_equal(table.count, 5000);
	assert_string_equal(table.entries[4321].text, "a/4321/b");
	path_table_clear(&table);
}

static void a_prefix_is_another_path(void **state)
{
	(void)state;
	struct path_table table = { 0 };
	assert_int_equal(path_table_find(&table, "a", 1), PATH_NONE);
	assert_int_equal(path_table_add(&table, "", 0), 0);
	assert_int_equal(path_table_add(&table, "abcdefgh", 8), 1);
	assert_int_equal(path_table_add(&table, "abcdefghi", 9), 2);
	assert_int_equal(path_table_find(&table, "abcdefg", 7), PATH_NONE);
	assert_int_equal(path_table_find(&table, "", 0), 0);
	path_table_clear(&table);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_path_has_one_number),
		cmocka_unit_test(a_prefix_is_another_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
