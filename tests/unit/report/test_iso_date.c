#include "base/cleanup.h"
#include "report/iso_date.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <time.h>

struct row {
	int64_t time;
	const char *date;
};

static const struct row rows[] = {
	{ 0, "1970-01-01T00:00:00Z" },
	{ -1, "1969-12-31T23:59:59Z" },
	{ 1704164645, "2024-01-02T03:04:05Z" },
	{ 951782400, "2000-02-29T00:00:00Z" },
	{ 4107542400, "2100-03-01T00:00:00Z" },
	{ 253402300799, "9999-12-31T23:59:59Z" },
	{ 253402300800, "9999-12-31T23:59:59Z" },
	{ INT64_MAX, "9999-12-31T23:59:59Z" },
	{ -62167219200, "0000-01-01T00:00:00Z" },
	{ INT64_MIN, "0000-01-01T00:00:00Z" },
};

static void dates_are_utc_and_keep_within_four_digits(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char text[ISO_DATE_SIZE];
		iso_date(text, rows[i].time);
		assert_string_equal(text, rows[i].date);
	}
}

static void every_day_agrees_with_the_c_library(void **state)
{
	(void)state;
	for (int64_t day = -700000; day < 2900000; day += 13) {
		time_t time = (time_t)(day * 86400 + day % 86400);
		struct tm tm;
		char expected[64];
		gmtime_r(&time, &tm);
		snprintf(expected, sizeof(expected),
			"%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900,
			tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
			tm.tm_sec);
		char text[ISO_DATE_SIZE];
		iso_date(text, time);
		assert_string_equal(text, expected);
	}
}

static void what_was_written_is_read(void **state)
{
	(void)state;
	for (int64_t day = -719528; day < 2932896; day += 17) {
		int64_t time = day * 86400 + (day % 86400 + 86400) % 86400;
		char text[ISO_DATE_SIZE];
		int64_t read;
		iso_date(text, time);
		assert_true(iso_date_read(&read, text));
		assert_true(read == time);
	}
}

static void other_texts_are_no_dates(void **state)
{
	(void)state;
	static const char *const texts[] = { "", "2024-01-02",
		"2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z",
		"2024-00-01T00:00:00Z", "2024-13-01T00:00:00Z",
		"2024-01-00T00:00:00Z", "2024-01-01T24:00:00Z",
		"2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z",
		"2024-01-01T00:00:00", "2024-01-01T00:00:00Z ",
		"2024-01-01t00:00:00Z", "+024-01-01T00:00:00Z" };
	int64_t read;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		assert_false(iso_date_read(&read, texts[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_utc_and_keep_within_four_digits),
		cmocka_unit_test(every_day_agrees_with_the_c_library),
		cmocka_unit_test(what_was_written_is_read),
		cmocka_unit_test(other_texts_are_no_dates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
