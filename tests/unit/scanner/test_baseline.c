/* Baseline files: what is read, what is refused and where. */
#include "scanner/baseline.h"

#include "base/buf.h"
#include "tests/support/test.h"

#include <string.h>

#define F1 "\"fingerprint\":\"0123456789abcdef0123456789abcdef\""
#define F2 "\"fingerprint\":\"ffffffffffffffffffffffffffffffff\""

struct row {
	const char *name;
	const char *text;
	size_t count;        /* entries */
	const char *message; /* NULL: it is read */
};

static const struct row rows[] = {
	{ "nothing", "", 0, NULL },
	{ "comments_and_blank_lines", "# a\n\n  \n", 0, NULL },
	{ "one_entry", "{" F1 "}", 1, NULL },
	{ "crlf", "{" F1 "}\r\n{" F2 "}\r\n", 2, NULL },
	{ "header", "{\"baseline\":1,\"key\":\"0123456789abcdef\"}\n", 0,
		NULL },
	{ "report",
		"{\"type\":\"header\",\"format\":1}\n"
		"{\"type\":\"finding\",\"rule\":\"r\",\"path\":\"p\"," F1 "}\n"
		"{\"type\":\"summary\"}\n",
		1, NULL },
	{ "unknown_keys_are_kept_out", "{" F1 ",\"later\":[1,{}]}", 1, NULL },
	{ "later_format", "{\"baseline\":2}", 0,
		"b:1: this baseline has a format of a later version" },
	{ "no_json", "{" F1 "}\nfoo\n", 0,
		"b:2: not a JSON object in one line" },
	{ "no_object", "[1]", 0, "b:1: not a JSON object" },
	{ "conflict", "{" F1 "}\n=======\n", 0,
		"b:2: an unresolved merge: keep the lines of both sides "
		"(gitattributes: merge=union does so)" },
	{ "no_fingerprint", "{\"rule\":\"r\"}", 0,
		"b:1: 'fingerprint' must be 32 digits, as a report has it" },
	{ "short_fingerprint", "{\"fingerprint\":\"0123\"}", 0,
		"b:1: 'fingerprint' must be 32 digits, as a report has it" },
	{ "number_for_a_text", "{" F1 ",\"reason\":1}", 0,
		"b:1: 'reason' must be a text of at most 65536 bytes" },
	{ "no_date", "{" F1 ",\"expires\":\"soon\"}", 0,
		"b:1: 'expires' must be a date, YYYY-MM-DD" },
	{ "no_such_day", "{" F1 ",\"expires\":\"2026-02-30\"}", 0,
		"b:1: 'expires' must be a date, YYYY-MM-DD" },
	{ "date_and_more", "{" F1 ",\"expires\":\"2026-02-20T\"}", 0,
		"b:1: 'expires' must be a date, YYYY-MM-DD" },
	{ "key_twice", "{" F1 "," F1 "}", 0,
		"b:1: not a JSON object in one line" },
};

static void row_is_as_stated(void **state)
{
	const struct row *row = *state;
	CLEANUP(baseline_clear) struct baseline baseline = { 0 };
	struct err err = { 0 };
	int rc = baseline_parse(
		&baseline, "b", row->text, strlen(row->text), &err);
	assert_int_equal(rc, row->message ? ERR_PARSE : 0);
	if (row->message)
		assert_string_equal(err.msg, row->message);
	assert_int_equal(baseline.count, row->count);
}

/* A line of four megabytes of values would take two hundred of memory. */
static void a_line_of_many_values_is_refused(void **state)
{
	(void)state;
	CLEANUP(baseline_clear) struct baseline baseline = { 0 };
	CLEANUP(buf_clear) struct buf text;
	struct err err = { 0 };
	buf_init(&text, 0);
	buf_add_text(&text, "{" F1 ",\"later\":[0");
	for (int i = 0; i < 100000; i++)
		buf_add_text(&text, ",0");
	buf_add_text(&text, "]}\n");
	assert_err(baseline_parse(&baseline, "b", text.bytes, text.len, &err),
		ERR_PARSE, &err);
	assert_string_equal(err.msg, "b:1: the line has too many values");
}

static const struct rule rule = { .id = "r" };

/** A result with one finding of the first fingerprint. */
static struct finding *one_finding(struct scan_result *result, int64_t now)
{
	*result = (struct scan_result){ .now = now };
	struct finding *finding = scan_result_add_finding(result);
	finding->rule = &rule;
	memcpy(finding->fingerprint, "0123456789abcdef0123456789abcdef",
		sizeof(finding->fingerprint));
	return finding;
}

static void apply(struct scan_result *result, const char *text)
{
	CLEANUP(baseline_clear) struct baseline baseline = { 0 };
	struct err err = { 0 };
	assert_ok(
		baseline_parse(&baseline, "b", text, strlen(text), &err), &err);
	baseline_sort(&baseline);
	baseline_apply(&baseline, result);
}

static void another_fingerprint_accepts_nothing(void **state)
{
	(void)state;
	CLEANUP(scan_result_clear) struct scan_result result;
	struct finding *finding = one_finding(&result, 0);
	apply(&result, "{" F2 "}");
	assert_true(finding_counts(finding));
	assert_int_equal(finding->suppressed.by, SUPPRESSED_NOT);
}

static void the_last_day_is_inclusive(void **state)
{
	(void)state;
	static const char text[] = "{" F1 ",\"expires\":\"1970-01-02\","
				   "\"owner\":\"ann\",\"reason\":\"why\"}";
	CLEANUP(scan_result_clear) struct scan_result last = { 0 };
	CLEANUP(scan_result_clear) struct scan_result behind = { 0 };
	struct finding *finding = one_finding(&last, 2 * 86400 - 1);
	apply(&last, text);
	assert_false(finding_counts(finding));
	assert_string_equal(finding->suppressed.owner, "ann");
	assert_string_equal(finding->suppressed.reason, "why");
	finding = one_finding(&behind, 2 * 86400);
	apply(&behind, text);
	assert_true(finding_counts(finding));
	assert_true(finding->suppressed.expired);
	assert_string_equal(finding->suppressed.expires, "1970-01-02");
}

static void of_two_entries_the_longer_one_holds(void **state)
{
	(void)state;
	CLEANUP(scan_result_clear) struct scan_result result;
	struct finding *finding = one_finding(&result, 86400);
	apply(&result,
		"{" F1 ",\"expires\":\"1970-01-01\"}\n{" F1
		",\"expires\":\"1980-01-01\"}\n");
	assert_false(finding_counts(finding));
}

static void an_expired_entry_leaves_a_comment_its_say(void **state)
{
	(void)state;
	CLEANUP(scan_result_clear) struct scan_result result;
	struct finding *finding = one_finding(&result, 86400);
	finding->suppressed.by = SUPPRESSED_COMMENT;
	apply(&result, "{" F1 ",\"expires\":\"1970-01-01\"}\n");
	assert_false(finding_counts(finding));
}

static void keys_are_told_apart(void **state)
{
	(void)state;
	char a[BASELINE_KEY_HEX + 1];
	char b[BASELINE_KEY_HEX + 1];
	baseline_key(a, NULL);
	baseline_key(b, "of our own");
	assert_int_equal(strlen(a), BASELINE_KEY_HEX);
	assert_string_not_equal(a, b);
}

int main(void)
{
	static const struct CMUnitTest others[] = {
		cmocka_unit_test(a_line_of_many_values_is_refused),
		cmocka_unit_test(another_fingerprint_accepts_nothing),
		cmocka_unit_test(the_last_day_is_inclusive),
		cmocka_unit_test(of_two_entries_the_longer_one_holds),
		cmocka_unit_test(an_expired_entry_leaves_a_comment_its_say),
		cmocka_unit_test(keys_are_told_apart),
	};
	struct CMUnitTest tests[ARRAY_SIZE(rows) + ARRAY_SIZE(others)];
	size_t count = 0;
	for (; count < ARRAY_SIZE(rows); count++)
		tests[count] = (struct CMUnitTest){
			.name = rows[count].name,
			.test_func = row_is_as_stated,
			.initial_state = (void *)(uintptr_t)&rows[count],
		};
	memcpy(tests + count, others, sizeof(others));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
