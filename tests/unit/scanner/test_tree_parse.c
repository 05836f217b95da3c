#include "scanner/tree_parse.h"
#include "tests/support/test.h"

#include <string.h>

#define ID "12345678901234567890"

/** Counts the entries; -1 when the rest is damaged. */
static int count(const char *bytes, size_t len)
{
	struct tree_cursor cursor;
	int entries = 0;
	tree_cursor_init(&cursor, (const unsigned char *)bytes, len);
	for (; cursor.more; tree_cursor_next(&cursor))
		entries++;
	return cursor.corrupt ? -1 : entries;
}

#define COUNT(text) count(text, sizeof(text) - 1)

static void entries_are_read_to_the_end(void **state)
{
	(void)state;
	assert_int_equal(COUNT(""), 0);
	assert_int_equal(COUNT("100644 a\0" ID), 1);
	assert_int_equal(COUNT("100644 a\0" ID "40000 b\0" ID), 2);
}

static void damage_is_told(void **state)
{
	(void)state;
	assert_int_equal(COUNT("100644 a\0" ID "x"), -1);
	assert_int_equal(COUNT("100644 a\0"
			       "1234567890123456789"),
		-1);
	assert_int_equal(COUNT("100644 \0" ID), -1);
	assert_int_equal(COUNT(" a\0" ID), -1);
	assert_int_equal(COUNT("1006449999 a\0" ID), -1);
	assert_int_equal(COUNT("100644 no end"), -1);
}

static int order(const char *a, uint32_t mode_a, const char *b, uint32_t mode_b)
{
	const struct tree_entry left = {
		.mode = mode_a, .name = a, .name_len = strlen(a)
	};
	const struct tree_entry right = {
		.mode = mode_b, .name = b, .name_len = strlen(b)
	};
	int result = tree_entry_compare(&left, &right);
	assert_true((result < 0) == (tree_entry_compare(&right, &left) > 0));
	return (result > 0) - (result < 0);
}

static void a_tree_sorts_as_if_a_slash_ended_it(void **state)
{
	(void)state;
	assert_int_equal(order("a", 0100644, "a", 0100755), 0);
	assert_int_equal(order("a", 0100644, "a", 0040000), -1);
	assert_int_equal(order("a", 0040000, "a", 0040000), 0);
	assert_int_equal(order("a", 0040000, "a-b", 0100644), 1);
	assert_int_equal(order("a", 0100644, "a-b", 0100644), -1);
	assert_int_equal(order("a", 0040000, "a0", 0100644), -1);
	assert_int_equal(order("a", 0160000, "a", 0100644), 0);
}

static void a_slash_in_a_name_makes_it_another_one(void **state)
{
	(void)state;
	assert_int_equal(order("a", 0040000, "a/b", 0100644), -1);
	assert_int_equal(order("a", 0040000, "a/", 0100644), -1);
	assert_int_equal(order("a/b", 0100644, "a/b", 0100644), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_read_to_the_end),
		cmocka_unit_test(damage_is_told),
		cmocka_unit_test(a_tree_sorts_as_if_a_slash_ended_it),
		cmocka_unit_test(a_slash_in_a_name_makes_it_another_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
