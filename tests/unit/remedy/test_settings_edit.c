/* Edits of single lines, held against the whole result. */
#include "remedy/settings_edit.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct row {
	const char *name;
	const char *path;
	const char *before;
	const char *add;   /* a key; NULL: the last value is replaced */
	const char *value; /* as a rule recommends it */
	const char *after; /* NULL: refused */
};

#define ITEM "app.config['SESSION_COOKIE_SECURE'] = "

static const struct row rows[] = {
	{ "a_value_keeps_what_stands_around_it", "app.py",
		"  " ITEM "False  # x\r\n", NULL, "True",
		"  " ITEM "True  # x\r\n" },
	{ "a_text_keeps_its_quotes", "app.py",
		"SESSION_COOKIE_SAMESITE = \"None\"\n", NULL, "'Lax'",
		"SESSION_COOKIE_SAMESITE = \"Lax\"\n" },
	{ "a_mode_is_decimal_where_octal_is_unknown", ".env",
		"FLASK_SESSION_FILE_MODE=511\n", NULL, "0o600",
		"FLASK_SESSION_FILE_MODE=384\n" },
	{ "a_chained_value_is_refused", "app.py", "x = " ITEM "False\n", NULL,
		"True", NULL },
	{ "a_missing_value_is_refused", ".env",
		"FLASK_SESSION_COOKIE_SECURE=\n", NULL, "True", NULL },
	{ "a_line_is_added_without_the_comment", "app.py", ITEM "True  # x\n\n",
		"SESSION_COOKIE_SAMESITE", "'Lax'",
		ITEM "True  # x\n"
		     "app.config['SESSION_COOKIE_SAMESITE'] = 'Lax'\n\n" },
	{ "a_last_line_stays_without_an_end", "app.py", ITEM "True",
		"SESSION_COOKIE_HTTPONLY", "True",
		ITEM "True\napp.config['SESSION_COOKIE_HTTPONLY'] = True" },
	{ "the_line_end_of_the_file_is_taken", "a.toml",
		"SESSION_TYPE = \"x\"\r\n", "SESSION_COOKIE_SECURE", "True",
		"SESSION_TYPE = \"x\"\r\nSESSION_COOKIE_SECURE = true\r\n" },
	{ "no_line_is_added_behind_two_statements", "app.py",
		ITEM "True; y()\n", "SESSION_COOKIE_HTTPONLY", "True", NULL },
	{ "no_line_is_added_to_a_branch_of_one_line", "app.py",
		"if x: " ITEM "True\n", "SESSION_COOKIE_HTTPONLY", "True",
		NULL },
	{ "no_line_is_added_inside_of_brackets", "app.py",
		"SESSION_COOKIE_SECURE = (True\n)\n", "SESSION_COOKIE_HTTPONLY",
		"True", NULL },
};

static void edits_one_line(void **state)
{
	const struct row *row = *state;
	size_t len = strlen(row->before);
	CLEANUP(arena_clear) struct arena arena = { 0 };
	CLEANUP(buf_clear) struct buf after;
	buf_init(&after, 0);
	CLEANUP(settings_clear) struct settings settings = { 0 };
	settings_read(
		&settings, row->path, (const unsigned char *)row->before, len);
	assert_true(settings.count > 0);
	const struct setting *last = &settings.items[settings.count - 1];
	struct settings_edit edit = { 0 };
	const char *reason = row->add
		? settings_edit_add(&edit, &arena, row->before, len, last,
			  row->add, row->value)
		: settings_edit_value(
			  &edit, &arena, row->before, len, last, row->value);
	if (row->after) {
		assert_null(reason);
		assert_true(settings_edit_apply(
			&after, row->before, len, &edit, 1));
		assert_string_equal(after.bytes, row->after);
	} else {
		assert_non_null(reason);
	}
}

static void edits_that_overlap_are_refused(void **state)
{
	(void)state;
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 0);
	struct settings_edit edits[] = {
		{ .start = 2, .end = 4, .text = "x" },
		{ .start = 1, .end = 3, .text = "y" },
	};
	assert_false(settings_edit_apply(&out, "abcdef", 6, edits, 2));
}

static void one_value_is_replaced_once(void **state)
{
	(void)state;
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 0);
	struct settings_edit edits[] = {
		{ .start = 1, .end = 3, .text = "x" },
		{ .start = 1, .end = 3, .text = "x" },
	};
	assert_true(settings_edit_apply(&out, "abcdef", 6, edits, 2));
	assert_string_equal(out.bytes, "axdef");
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 2] = {
		cmocka_unit_test(edits_that_overlap_are_refused),
		cmocka_unit_test(one_value_is_replaced_once),
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i + 2] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = edits_one_line,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
