#include "scanner/session_status.h"

#include "base/buf.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <string.h>

#define NOW 1000

/** A state of a store that has at most three files. */
struct state {
	bool missing;
	unsigned mode;
	unsigned problems;
	size_t tracked;
	int ignored;
	struct session_file files[3]; /* sorted, ended by one without name */
};

/** Two states, and the words for what changed between them. */
struct row {
	const char *name;
	struct state before, after;
	const char *changes;
};

/* C has no const-correct way to put a literal into a char *. */
static char name_a[] = "a";
static char name_b[] = "b";

#define FILE_MODE(n, m)                                                      \
	{                                                                    \
		.name = (n), .kind = SESSION_FILE_SESSION, .st.st_mode = (m) \
	}
#define FILE_UNTIL(n, t)                                   \
	{                                                  \
		.name = (n), .kind = SESSION_FILE_SESSION, \
		.expiry = EXPIRY_AT, .expires_at = (t)     \
	}
#define FILE_KIND(n, k)                  \
	{                                \
		.name = (n), .kind = (k) \
	}

static const struct row rows[] = {
	{ "the_same_is_no_change", { .files = { FILE_MODE(name_a, 0600) } },
		{ .files = { FILE_MODE(name_a, 0600) } }, "" },
	{ "a_directory_is_made_with_a_file", { .missing = true },
		{ .files = { FILE_MODE(name_a, 0600) } },
		"directory-made file-added:a" },
	{ "files_of_a_directory_that_is_gone_are_not_told",
		{ .files = { FILE_MODE(name_a, 0600) } }, { .missing = true },
		"directory-removed" },
	{ "modes_are_told_by_permission_bits",
		{ .mode = 0700, .files = { FILE_MODE(name_a, 0100600) } },
		{ .mode = 0755, .files = { FILE_MODE(name_a, 0100644) } },
		"directory-mode:700-755 file-mode:a:600-644" },
	{ "the_threshold_both_ways", { .problems = PROBLEM_OVER_THRESHOLD },
		{ 0 }, "within-threshold" },
	{ "the_threshold_is_passed", { 0 },
		{ .problems = PROBLEM_OVER_THRESHOLD | PROBLEM_TRACKED },
		"over-threshold" },
	{ "tracked_and_unignored", { .ignored = YES },
		{ .tracked = 2, .ignored = NO }, "tracked unignored" },
	{ "more_tracked_files_are_no_news", { .tracked = 1 }, { .tracked = 2 },
		"" },
	{ "untracked_and_ignored", { .tracked = 1, .ignored = NO },
		{ .ignored = YES }, "untracked ignored" },
	{ "a_file_comes_before_one_that_goes",
		{ .files = { FILE_MODE(name_b, 0600) } },
		{ .files = { FILE_MODE(name_a, 0600) } },
		"file-added:a file-removed:b" },
	{ "expiry_is_reached", { .files = { FILE_UNTIL(name_a, NOW + 1) } },
		{ .files = { FILE_UNTIL(name_a, NOW) } }, "file-expired:a" },
	{ "an_expired_one_is_renewed", { .files = { FILE_UNTIL(name_a, 1) } },
		{ .files = { FILE_UNTIL(name_a, NOW + 9) } },
		"file-renewed:a" },
	{ "others_and_transients_are_not_told",
		{ .files = { FILE_KIND(name_a, SESSION_FILE_OTHER) } },
		{ .files = { FILE_KIND(name_b, SESSION_FILE_TRANSIENT) } },
		"" },
	{ "a_companion_is_told_by_its_mode_alone",
		{ .files = { { .name = name_a,
			  .kind = SESSION_FILE_COMPANION,
			  .st.st_mode = 0600 } } },
		{ .files = { { .name = name_a,
				     .kind = SESSION_FILE_COMPANION,
				     .st.st_mode = 0604 },
			  FILE_KIND(name_b, SESSION_FILE_COMPANION) } },
		"file-mode:a:600-604" },
};

static void set_status(struct session_status *status, const struct state *state,
	struct session_file files[3])
{
	*status = (struct session_status){
		.dir = {
			.exists = !state->missing,
			.mode = state->mode,
			.files = files,
		},
		.git = { .tracked = state->tracked, .ignored = state->ignored },
		.problems = state->problems,
		.now = NOW,
	};
	for (; status->dir.count < 3; status->dir.count++) {
		files[status->dir.count] = state->files[status->dir.count];
		if (!files[status->dir.count].name)
			break;
	}
}

static int add_word(
	const struct session_change *change, void *ctx, struct err *err)
{
	(void)err;
	struct buf *text = ctx;
	buf_printf(text, "%s%s", text->len ? " " : "",
		session_change_name(change->kind));
	if (change->file)
		buf_printf(text, ":%s", change->file->name);
	if (change->old_mode || change->new_mode)
		buf_printf(text, ":%o-%o", change->old_mode, change->new_mode);
	return 0;
}

static void row_holds(void **state)
{
	const struct row *row = *state;
	struct session_status before;
	struct session_status after;
	struct session_file old_files[3];
	struct session_file new_files[3];
	set_status(&before, &row->before, old_files);
	set_status(&after, &row->after, new_files);
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	struct err err = { 0 };
	assert_ok(
		session_status_compare(&before, &after, add_word, &text, &err),
		&err);
	assert_string_equal(text.len ? text.bytes : "", row->changes);
}

static int refuse(
	const struct session_change *change, void *ctx, struct err *err)
{
	(void)change;
	++*(int *)ctx;
	return err_set(err, ERR_IO, "full");
}

static void a_sink_that_fails_is_not_asked_again(void **state)
{
	(void)state;
	struct session_status before = { .dir.exists = true };
	struct session_status after = { .git = { .tracked = 1 } };
	struct err err = { 0 };
	int calls = 0;
	assert_err(
		session_status_compare(&before, &after, refuse, &calls, &err),
		ERR_IO, &err);
	assert_int_equal(calls, 1);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1] = {
		cmocka_unit_test(a_sink_that_fails_is_not_asked_again),
	};
	struct row cases[ARRAY_SIZE(rows)];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		cases[i] = rows[i];
		tests[i + 1] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = row_holds,
			.initial_state = &cases[i],
		};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
