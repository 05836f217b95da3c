#include "scanner/line_hash.h"
#include "tests/support/test.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Expected values were printed by the function of github/codeql-action that
 * scanner/line_hash.h names, for files with these bytes. */
#define X50  "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X150 X50 X50 X50

struct row {
	const char *name;
	const char *text;
	size_t len;
	size_t line;
	const char *expected;
};

#define ROW(name, text, line, expected)                      \
	{                                                    \
		name, text, sizeof(text) - 1, line, expected \
	}

static const struct row rows[] = {
	ROW("an_empty_file", "", 1, "c129715d7a2bc9a3:1"),
	ROW("one_line", "key = 'value'\n", 1, "14370f7757f7da56:1"),
	ROW("a_line_without_an_end", "key = 'value'", 1, "219a554bc8f8f138:1"),
	ROW("spaces_and_tabs_do_not_count", "\tkey='value' \n", 1,
		"14370f7757f7da56:1"),
	ROW("the_second_of_equal_lines", "a\nb\na\nb\n", 3,
		"81b8d8db678b2bbe:1"),
	ROW("repeated_lines_longer_than_the_window",
		X150 "\n" X150 "\n" X150 "\n", 2, "52b56201ffb58620:2"),
	ROW("a_line_longer_than_the_window", X150 X150 "\nend\n", 1,
		"52b56201ffb58620:1"),
	ROW("the_line_behind_it", X150 X150 "\nend\n", 2, "fe2be582c6296f40:1"),
	ROW("crlf_is_one_line_end", "one\r\ntwo\r\n", 2, "339c9e69aebadc6b:1"),
	ROW("a_lone_cr_ends_a_line", "one\rtwo\n", 2, "339c9e69aebadc6b:1"),
	ROW("cr_space_lf_are_two_line_ends", "one\r \ntwo\n", 3,
		"339c9e69aebadc6b:1"),
	ROW("two_and_three_byte_characters", "na\303\257ve \342\202\254\n", 1,
		"d5c0625098d609fe:1"),
	ROW("a_surrogate_pair", "\360\237\224\221 key\n", 1,
		"5c3329925a4590d8:1"),
	ROW("invalid_bytes", "\377\376\200a\n", 1, "57c9577863d5cea9:1"),
	ROW("a_truncated_character", "a\342\202\nb\360\237\224", 1,
		"d76631bd98d80b96:1"),
	ROW("a_truncated_character_at_the_end", "a\342\202\nb\360\237\224", 2,
		"cba9fe1a5298c76a:1"),
	ROW("overlong_and_surrogate_forms",
		"\300\200\340\200\200\355\240\200\364\220\200\200\n", 1,
		"304101229adee87d:1"),
	ROW("nul_bytes", "a\000b\000\n", 1, "94504a64eeb08c0:1"),
	ROW("the_line_behind_the_last_line_end", "one\n", 2,
		"c129715d7a2bc9a3:1"),
	ROW("no_such_line", "one\n", 3, ""),
};

static void a_line_has_the_hash_of_github(void **state)
{
	const struct row *row = *state;
	struct line_hash line = { .line = row->line };
	char actual[64] = "";
	line_hash_find(&line, 1, (const unsigned char *)row->text, row->len);
	if (line.nth)
		snprintf(actual, sizeof(actual), "%" PRIx64 ":%zu", line.hash,
			line.nth);
	assert_string_equal(actual, row->expected);
}

static void lines_asked_for_together_are_as_if_asked_alone(void **state)
{
	(void)state;
	static const char text[] = "a\nb\na\n\n\nb\n";
	struct line_hash all[7] = { { .line = 1 }, { .line = 2 }, { .line = 3 },
		{ .line = 4 }, { .line = 5 }, { .line = 6 }, { .line = 7 } };
	const unsigned char *bytes = (const unsigned char *)text;
	line_hash_find(all, 7, bytes, sizeof(text) - 1);
	for (size_t i = 0; i < 7; i++) {
		struct line_hash one = { .line = i + 1 };
		line_hash_find(&one, 1, bytes, sizeof(text) - 1);
		assert_true(one.hash == all[i].hash);
		assert_int_equal(one.nth, all[i].nth);
	}
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(*rows) + 1];
	size_t count = 0;
	for (; count < sizeof(rows) / sizeof(*rows); count++)
		tests[count] = (struct CMUnitTest){
			.name = rows[count].name,
			.test_func = a_line_has_the_hash_of_github,
			.initial_state = (void *)(uintptr_t)&rows[count],
		};
	tests[count] = (struct CMUnitTest)cmocka_unit_test(
		lines_asked_for_together_are_as_if_asked_alone);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
