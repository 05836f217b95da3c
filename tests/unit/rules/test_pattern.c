#include "rules/pattern.h"
#include "tests/support/test.h"

#include <string.h>

struct fixture {
	struct pattern *pattern;
	struct pattern_state *state;
	struct pattern_span span;
};

static struct fixture setup(const char *text, unsigned flags)
{
	struct fixture fixture = { 0 };
	struct err err = { 0 };
	assert_ok(pattern_new(&fixture.pattern, text, flags, &err), &err);
	assert_ok(pattern_state_new(&fixture.state, &err), &err);
	return fixture;
}

static void teardown(struct fixture *fixture)
{
	pattern_free(fixture->pattern);
	pattern_state_free(fixture->state);
}

static int search(struct fixture *fixture, const char *bytes, size_t len,
	size_t from, size_t last)
{
	return pattern_search(&fixture->span, fixture->pattern, fixture->state,
		(const unsigned char *)bytes, len, from, last);
}

static void check_tells_what_and_where(void **state)
{
	(void)state;
	struct err err = { 0 };
	size_t offset = 0;
	assert_ok(pattern_check("a(b)c", false, &err, &offset), &err);
	assert_err(
		pattern_check("ab(c", false, &err, &offset), ERR_PARSE, &err);
	assert_int_equal(offset, 4);
	assert_non_null(strstr(err.msg, "parenthes"));
	assert_err(pattern_check("a\\Cb", false, &err, NULL), ERR_PARSE, &err);
	assert_err(
		pattern_check("(*UTF)a", false, &err, NULL), ERR_PARSE, &err);
}

static void finds_match_and_group(void **state)
{
	(void)state;
	CLEANUP(teardown) struct fixture f = setup("key=(\\w+);", 0);
	assert_int_equal(search(&f, "xx\0key=abc;", 11, 0, 11), 1);
	assert_int_equal(f.span.start, 3);
	assert_int_equal(f.span.end, 11);
	assert_int_equal(f.span.group_start, 7);
	assert_int_equal(f.span.group_end, 10);
}

static void without_a_group_the_match_is_the_group(void **state)
{
	(void)state;
	CLEANUP(teardown) struct fixture f = setup("b+", 0);
	assert_int_equal(search(&f, "abbc", 4, 0, 4), 1);
	assert_int_equal(f.span.group_start, 1);
	assert_int_equal(f.span.group_end, 3);
	CLEANUP(teardown) struct fixture g = setup("(a)|b(c)", 0);
	assert_int_equal(search(&g, "bc", 2, 0, 2), 1);
	assert_int_equal(g.span.group_start, 0);
	assert_int_equal(g.span.group_end, 2);
}

static void more_groups_than_it_keeps_do_no_harm(void **state)
{
	(void)state;
	CLEANUP(teardown) struct fixture f = setup("(a)(b)(c)", 0);
	assert_int_equal(search(&f, "abc", 3, 0, 3), 1);
	assert_int_equal(f.span.group_end, 1);
}

static void a_match_starts_between_from_and_last(void **state)
{
	(void)state;
	CLEANUP(teardown) struct fixture f = setup("a", 0);
	assert_int_equal(search(&f, "a..a..a", 7, 1, 2), 0);
	assert_int_equal(search(&f, "a..a..a", 7, 1, 3), 1);
	assert_int_equal(f.span.start, 3);
	assert_int_equal(search(&f, "a..a..a", 7, 7, 7), 0);
}

static void a_lookbehind_sees_what_lies_before(void **state)
{
	(void)state;
	CLEANUP(teardown) struct fixture f = setup("(?<!x)a", 0);
	assert_int_equal(search(&f, "xa", 2, 1, 2), 0);
	assert_int_equal(search(&f, "ya", 2, 1, 2), 1);
}

static void carets_and_dollars_stand_at_lines(void **state)
{
	(void)state;
	CLEANUP(teardown) struct fixture f = setup("^b$", 0);
	assert_int_equal(search(&f, "a\nb\nc", 5, 0, 5), 1);
	assert_int_equal(search(&f, "a\r\nb\r\nc", 7, 0, 7), 1);
	CLEANUP(teardown) struct fixture g = setup("a.b", 0);
	assert_int_equal(search(&g, "a\nb", 3, 0, 3), 0);
}

static void bytes_are_not_characters(void **state)
{
	(void)state;
	CLEANUP(teardown) struct fixture f = setup("\\xff.\\x00", 0);
	assert_int_equal(search(&f, "\xff\xfe\0", 3, 0, 3), 1);
}

static void case_is_ignored_when_asked(void **state)
{
	(void)state;
	CLEANUP(teardown) struct fixture f = setup("KEY", PATTERN_IGNORE_CASE);
	assert_int_equal(search(&f, "a key", 5, 0, 5), 1);
	CLEANUP(teardown) struct fixture g = setup("KEY", 0);
	assert_int_equal(search(&g, "a key", 5, 0, 5), 0);
}

static void an_exploding_pattern_is_limited(void **state)
{
	(void)state;
	char bytes[64];
	memset(bytes, 'a', sizeof(bytes));
	/* PCRE2 looks for the last byte first: it must be there */
	bytes[sizeof(bytes) - 2] = '-';
	bytes[sizeof(bytes) - 1] = 'd';
	CLEANUP(teardown) struct fixture f = setup("(?:a+)+[bc]d", 0);
	assert_int_equal(
		search(&f, bytes, sizeof(bytes), 0, sizeof(bytes)), ERR_LIMIT);
}

static void deep_recursion_ends_in_a_limit(void **state)
{
	(void)state;
	static char bytes[1 << 20];
	memset(bytes, '(', sizeof(bytes));
	CLEANUP(teardown)
	struct fixture f = setup("(\\((?:[^()]|(?1))*+\\))", 0);
	assert_int_equal(search(&f, bytes, sizeof(bytes), 0, 0), ERR_LIMIT);
}

static void full_match_takes_all_or_nothing(void **state)
{
	(void)state;
	CLEANUP(teardown)
	struct fixture f = setup("[0-9a-f]{4}|x", PATTERN_WHOLE);
	assert_int_equal(pattern_full_match(f.pattern, f.state, "12af", 4), 1);
	assert_int_equal(pattern_full_match(f.pattern, f.state, "12af0", 5), 0);
	assert_int_equal(pattern_full_match(f.pattern, f.state, " 12af", 5), 0);
	assert_int_equal(
		pattern_full_match(f.pattern, f.state, "12af\n", 5), 0);
	assert_int_equal(pattern_full_match(f.pattern, f.state, "x", 1), 1);
	assert_int_equal(pattern_full_match(f.pattern, f.state, "a\nx", 3), 0);
}

static struct pattern_hint hint_of(const char *text, unsigned flags)
{
	struct pattern_hint hint;
	struct err err = { 0 };
	assert_ok(pattern_hint(&hint, text, flags | PATTERN_WHOLE, &err), &err);
	return hint;
}

static void hints_bound_length_and_first_byte(void **state)
{
	(void)state;
	struct pattern_hint hex = hint_of("[0-9a-f]{32}", 0);
	assert_int_equal(hex.min_len, 32);
	assert_true(hex.first['0'] && hex.first['f']);
	assert_false(hex.first['g'] || hex.first['A']);
	struct pattern_hint word = hint_of("sess_.*", PATTERN_IGNORE_CASE);
	assert_true(word.first['s'] && word.first['S']);
	assert_false(word.first['t']);
	struct pattern_hint inner = hint_of("(?i)k.*", 0);
	assert_true(inner.first['k'] && inner.first['K']);
	struct pattern_hint any = hint_of(".*", 0);
	assert_int_equal(any.min_len, 0);
	assert_true(any.first['q']);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_tells_what_and_where),
		cmocka_unit_test(finds_match_and_group),
		cmocka_unit_test(without_a_group_the_match_is_the_group),
		cmocka_unit_test(more_groups_than_it_keeps_do_no_harm),
		cmocka_unit_test(a_match_starts_between_from_and_last),
		cmocka_unit_test(a_lookbehind_sees_what_lies_before),
		cmocka_unit_test(carets_and_dollars_stand_at_lines),
		cmocka_unit_test(bytes_are_not_characters),
		cmocka_unit_test(case_is_ignored_when_asked),
		cmocka_unit_test(an_exploding_pattern_is_limited),
		cmocka_unit_test(deep_recursion_ends_in_a_limit),
		cmocka_unit_test(full_match_takes_all_or_nothing),
		cmocka_unit_test(hints_bound_length_and_first_byte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
