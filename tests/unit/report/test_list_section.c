#include "report/list_section.h"
#include "report/report.h"
#include "tests/support/test.h"
#include "tests/unit/report/samples.h"

#include "base/alloc.h"

#include <string.h>

#define VERSION "0.1.0"

/* The report of the second of three repositories. */
static char *make_report(void)
{
	static const struct report_list list = {
		.repository = "r\xE2\x80\xAE",
		.number = 2,
		.count = 3,
		.options_digest = "options",
		.shard = { 1, 2 },
		.plan_digest = "plan",
	};
	const struct report_opts opts = { .version = VERSION, .list = &list };
	struct scan_result result;
	sample_empty(&result);
	scan_result_add_skipped(&result, SKIP_CORRUPT)->path = "a";
	scan_result_sort(&result);
	char *text = sample_report("jsonl", &result, &opts);
	scan_result_clear(&result);
	return text;
}

/* Reads the first section of a text. */
static int read_text(
	struct list_section *out, const char *text, size_t len, struct err *err)
{
	CLEANUP(fclosep)
	FILE *file = fmemopen((void *)(uintptr_t)text, len, "r");
	assert_non_null(file);
	CLEANUP(line_reader_clear) struct line_reader lines;
	line_reader_init(&lines, "text", file);
	return list_section_read(out, &lines, VERSION, NULL, err);
}

static void a_report_is_read(void **state)
{
	(void)state;
	CLEANUP(freep) char *text = make_report();
	struct err err = { 0 };
	CLEANUP(list_section_clear) struct list_section section;
	assert_ok(read_text(&section, text, strlen(text), &err), &err);
	assert_string_equal(section.repository, "r\xE2\x80\xAE");
	assert_int_equal(section.number, 2);
	assert_int_equal(section.count, 3);
	assert_int_equal(section.shard.count, 2);
}

/* A report with a text in place of another, which it has. */
static char *changed(const char *from, const char *to)
{
	CLEANUP(freep) char *text = make_report();
	const char *at = strstr(text, from);
	assert_non_null(at);
	struct buf out;
	buf_init(&out, 0);
	buf_add(&out, text, (size_t)(at - text));
	buf_add_text(&out, to);
	buf_add_text(&out, at + strlen(from));
	return buf_steal(&out);
}

static void assert_refused(const char *text, size_t len, const char *why)
{
	struct err err = { 0 };
	struct list_section section;
	assert_err(read_text(&section, text, len, &err), ERR_PARSE, &err);
	assert_string_equal(err.msg, why);
}

/* What no report has, and a terminal would do. */
static void controls_in_clear_are_refused(void **state)
{
	(void)state;
	static const char *const controls[] = { "\xC2\x9B", "\x7F", "\t",
		"\xE2\x80\xAE", "\xE2\x81\xA6", "\xEF\xBB\xBF" };
	CLEANUP(freep) char *escaped = changed("\"options\"", "\"\\u009b\"");
	struct err err = { 0 };
	CLEANUP(list_section_clear) struct list_section section;
	assert_ok(read_text(&section, escaped, strlen(escaped), &err), &err);
	for (size_t i = 0; i < ARRAY_SIZE(controls); i++) {
		CLEANUP(freep) char *text = changed("options", controls[i]);
		assert_refused(text, strlen(text),
			"text:1: a control character that no report has in "
			"clear");
		CLEANUP(freep)
		char *later = changed("\"summary\"", controls[i]);
		struct list_section none;
		assert_err(read_text(&none, later, strlen(later), &err),
			ERR_PARSE, &err);
		assert_non_null(strstr(err.msg, "a control character"));
	}
	CLEANUP(freep) char *text = changed("options", "\xFF");
	assert_refused(text, strlen(text), "text:1: not UTF-8");
}

static void bounds_hold(void **state)
{
	(void)state;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < 200000; i++)
		buf_add_byte(&text, '[');
	buf_add_byte(&text, '\n');
	assert_refused(
		text.bytes, text.len, "text:1: a line of too many values");
}

static void a_torn_report_is_told_wherever_it_ends(void **state)
{
	(void)state;
	CLEANUP(freep) char *text = make_report();
	size_t len = strlen(text);
	size_t first = (size_t)(strchr(text, '\n') - text);
	for (size_t cut = 1; cut < len; cut++) {
		struct err err = { 0 };
		CLEANUP(list_section_clear) struct list_section section;
		assert_err(read_text(&section, text, cut, &err), ERR_CORRUPT,
			&err);
		assert_non_null(strstr(err.msg, "torn"));
		assert_int_equal(cut > first, section.repository != NULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_is_read),
		cmocka_unit_test(controls_in_clear_are_refused),
		cmocka_unit_test(bounds_hold),
		cmocka_unit_test(a_torn_report_is_told_wherever_it_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
