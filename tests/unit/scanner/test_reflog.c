#include "scanner/reflog.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#define A   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B   "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define WHO "Ann <ann@example.com> 1700000000 +0000"

struct row {
	const char *name;
	const char *text;
	size_t len; /* 0: all of the text */
	size_t count;
	bool damaged;
};

static const struct row rows[] = {
	{ "an_empty_log_has_no_entries", "", 0, 0, false },
	{ "a_line_is_an_entry", A " " B " " WHO "\tcommit: x\n", 0, 1, false },
	{ "a_message_may_be_missing", A " " B " " WHO "\n", 0, 1, false },
	{ "the_last_line_may_lack_its_end", A " " B " " WHO, 0, 1, false },
	{ "two_lines_are_two_entries",
		A " " B " " WHO "\tx\n" B " " A " " WHO "\ty\n", 0, 2, false },
	{ "an_empty_line_is_damage", "\n" A " " B " " WHO "\n", 0, 1, true },
	{ "text_is_damage", "hello\n", 0, 0, true },
	{ "a_cut_line_is_damage", A " " B, 0, 0, true },
	{ "an_id_with_another_digit_is_damage",
		A " gbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb " WHO "\n", 0, 0,
		true },
	{ "a_longer_id_is_damage", A "a " B " " WHO "\n", 0, 0, true },
	{ "a_nul_is_a_byte_like_any_other", A " " B " \0x\n" A " " B " x\n",
		2 * 82 + 5, 2, false },
};

static void entries_are_counted(void **state)
{
	const struct row *row = *state;
	size_t len = row->len ? row->len : strlen(row->text);
	/* a copy of just that size, so that reading on is seen */
	char *text = malloc(len + !len);
	assert_non_null(text);
	memcpy(text, row->text, len);
	struct reflog log = { 0 };
	reflog_parse(&log, text, len);
	assert_int_equal(log.count, row->count);
	assert_int_equal(log.damaged, row->damaged);
	free(log.entries);
	free(text);
}

static void an_entry_has_both_ids(void **state)
{
	(void)state;
	static const char text[] = A " " B " " WHO "\tx\n";
	struct reflog log = { 0 };
	struct oid a;
	struct oid b;
	reflog_parse(&log, text, strlen(text));
	assert_int_equal(log.count, 1);
	assert_true(oid_from_hex(&a, A) && oid_from_hex(&b, B));
	assert_true(oid_equal(&log.entries[0].before, &a));
	assert_true(oid_equal(&log.entries[0].after, &b));
	free(log.entries);
}

static void no_folder_is_no_log(void **state)
{
	(void)state;
	struct reflogs reflogs;
	reflogs_read(&reflogs, "/nonexistent");
	assert_int_equal(reflogs.count, 0);
	reflogs_clear(&reflogs);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 2];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = entries_are_counted,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	tests[ARRAY_SIZE(rows)] =
		(struct CMUnitTest)cmocka_unit_test(an_entry_has_both_ids);
	tests[ARRAY_SIZE(rows) + 1] =
		(struct CMUnitTest)cmocka_unit_test(no_folder_is_no_log);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
