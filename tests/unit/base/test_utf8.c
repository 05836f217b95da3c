#include "base/cleanup.h"
#include "base/utf8.h"
#include "tests/support/test.h"

#include <string.h>

/** A text, and how many of its bytes are kept of so many. */
struct cut {
	const char *name;
	const char *text;
	size_t most, kept;
};

static const struct cut cuts[] = {
	{ "a short text stays whole", "abc", 3, 3 },
	{ "ascii is cut anywhere", "abcdef", 4, 4 },
	{ "nothing is kept of nothing", "abc", 0, 0 },
	{ "two bytes stay together", "ab\xC3\xA4z", 3, 2 },
	{ "what ends there is whole", "ab\xC3\xA4z", 4, 4 },
	{ "three bytes stay together", "a\xE2\x82\xACz", 3, 1 },
	{ "four bytes stay together", "a\xF0\x9F\x94\x91z", 4, 1 },
	{ "four bytes after one", "a\xF0\x9F\x94\x91z", 2, 1 },
	{ "a first character can be too long", "\xF0\x9F\x94\x91z", 3, 0 },
	{ "bytes that are no character are cut anywhere",
		"a\xFF\x80\x80\x80\x80z", 4, 4 },
	{ "a character that was torn before is cut anywhere", "a\xE2\x82zz", 2,
		2 },
};

static void keeps(void **state)
{
	const struct cut *cut = *state;
	assert_int_equal(
		utf8_cut(cut->text, strlen(cut->text), cut->most), cut->kept);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(cuts)];
	for (size_t i = 0; i < ARRAY_SIZE(cuts); i++)
		tests[i] = (struct CMUnitTest){
			.name = cuts[i].name,
			.test_func = keeps,
			.initial_state = (void *)(uintptr_t)&cuts[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
