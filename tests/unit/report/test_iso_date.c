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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_utc_and_keep_within_four_digits),
		cmocka_unit_test(every_day_agrees_with_the_c_library),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
