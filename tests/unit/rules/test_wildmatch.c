#include "rules/wildmatch.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

/* Answers of git 2.39; tests/integration/ignore_rules.py compares more. */
static const struct row {
	const char *name;
	const char *pattern, *text;
	unsigned flags;
	bool match;
} rows[] = {
	{ "star stops at a slash", "a*c", "ab/c", WILDMATCH_PATHNAME, false },
	{ "star takes a slash in a name", "a*c", "ab/c", 0, true },
	{ "stars alone are any folders", "a/**/c", "a/c", WILDMATCH_PATHNAME,
		true },
	{ "stars alone are deep", "a/**/c", "a/x/y/c", WILDMATCH_PATHNAME,
		true },
	{ "stars alone keep to components", "**/c", "xc", WILDMATCH_PATHNAME,
		false },
	{ "stars at the end take all", "a/**", "a/b/c", WILDMATCH_PATHNAME,
		true },
	{ "stars beside a letter are one", "a**/c", "a/x/c", WILDMATCH_PATHNAME,
		false },
	{ "question mark is no slash", "a?c", "a/c", WILDMATCH_PATHNAME,
		false },
	{ "brackets take no slash", "a[/]c", "a/c", WILDMATCH_PATHNAME, false },
	{ "an empty range has its first byte", "[z-a]", "z", 0, true },
	{ "git's space has no vertical tab", "[[:space:]]", "\v", 0, false },
	{ "an open bracket matches nothing", "[a", "[a", 0, false },
	{ "a backslash at the end matches nothing", "a\\", "a\\", 0, false },
	{ "an escaped star is a star", "\\*", "*", 0, true },
	{ "folding", "A[b]*", "aBc", WILDMATCH_FOLD, true },
	{ "folding keeps a negation", "[!a]", "A", WILDMATCH_FOLD, false },
	{ "no folding unless asked", "A", "a", 0, false },
	{ "folding with other bytes", "x?[AB]@[`]", "XyB@`", WILDMATCH_FOLD,
		true },
	{ "no folder where any number may be", "a/**/**/[b]", "a/b",
		WILDMATCH_PATHNAME, true },
};

static void row_matches(void **state)
{
	const struct row *row = *state;
	CLEANUP(wildmatch_freep)
	struct wildmatch *wildmatch =
		wildmatch_new(row->pattern, strlen(row->pattern), row->flags);
	bool match = wildmatch &&
		wildmatch_match(wildmatch, row->text, strlen(row->text));
	assert_int_equal(match, row->match);
	if (!match)
		return;
	uint64_t bytes;
	uint32_t least;
	wildmatch_needs(wildmatch, &bytes, &least);
	assert_true(least <= strlen(row->text));
	assert_int_equal(
		bytes & ~wildmatch_bytes(row->text, strlen(row->text)), 0);
}

/* With backtracking this takes longer than anybody waits. */
static void many_stars_take_linear_time(void **state)
{
	(void)state;
	char pattern[WILDMATCH_MAX];
	char text[WILDMATCH_MAX];
	for (size_t i = 0; i < sizeof(pattern); i++) {
		pattern[i] = i % 2 ? 'a' : '*';
		text[i] = 'a';
	}
	pattern[sizeof(pattern) - 1] = 'b';
	CLEANUP(wildmatch_freep)
	struct wildmatch *wildmatch =
		wildmatch_new(pattern, sizeof(pattern), 0);
	assert_false(wildmatch_match(wildmatch, text, sizeof(text)));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];
	struct row copies[ARRAY_SIZE(rows)];
	memcpy(copies, rows, sizeof(rows));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){ copies[i].name, row_matches,
			NULL, NULL, &copies[i] };
	tests[ARRAY_SIZE(rows)] = (struct CMUnitTest)cmocka_unit_test(
		many_stars_take_linear_time);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
