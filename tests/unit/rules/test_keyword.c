#include "rules/keyword.h"
#include "tests/support/test.h"

#include <string.h>

static ptrdiff_t find(
	const char *bytes, size_t len, const char *keyword, bool ignore_case)
{
	const unsigned char *start = (const unsigned char *)bytes;
	const unsigned char *found =
		keyword_find(start, len, keyword, strlen(keyword), ignore_case);
	return found ? found - start : -1;
}

static void finds_the_first_occurrence(void **state)
{
	(void)state;
	assert_int_equal(find("xkey key", 8, "key", false), 1);
	assert_int_equal(find("xkEy key", 8, "key", false), 5);
	assert_int_equal(find("xkEy key", 8, "Key", true), 1);
}

static void looks_past_nul_and_not_past_the_end(void **state)
{
	(void)state;
	assert_int_equal(find("a\0key", 5, "key", false), 2);
	assert_int_equal(find("a\0key", 4, "key", false), -1);
	assert_int_equal(find("a\0KEY", 4, "key", true), -1);
	assert_int_equal(find("a\0KEY", 5, "key", true), 2);
}

static void an_empty_keyword_is_nowhere(void **state)
{
	(void)state;
	assert_int_equal(find("abc", 3, "", false), -1);
	assert_int_equal(find("abc", 3, "", true), -1);
}

static void only_ascii_letters_have_cases(void **state)
{
	(void)state;
	/* '@' and '`', '[' and '{' differ in the bit that letters differ in */
	assert_int_equal(find("@[", 2, "`{", true), -1);
	assert_int_equal(find("\xc4", 1, "\xe4", true), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_first_occurrence),
		cmocka_unit_test(looks_past_nul_and_not_past_the_end),
		cmocka_unit_test(an_empty_keyword_is_nowhere),
		cmocka_unit_test(only_ascii_letters_have_cases),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
