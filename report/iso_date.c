#include "report/iso_date.h"

#include <stdio.h>
#include <string.h>

#define DAY          86400
#define DAYS_400Y    146097 /* of a cycle of 400 years */
#define DAYS_TO_1970 719528 /* since 0000-01-01 */
#define LEAST        (-(int64_t)DAYS_TO_1970 * DAY) /* 0000-01-01T00:00:00Z */
#define GREATEST     INT64_C(253402300799)          /* 9999-12-31T23:59:59Z */

static int is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_of_month(int month, int year)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	return days[month] + (month == 1 && is_leap(year));
}

void iso_date(char out[ISO_DATE_SIZE], int64_t time)
{
	if (time < LEAST)
		time = LEAST;
	if (time > GREATEST)
		time = GREATEST;
	time -= LEAST;
	int second = (int)(time % DAY);
	int days = (int)(time / DAY);
	int year = days / DAYS_400Y * 400;
	days %= DAYS_400Y;
	while (days >= 365 + is_leap(year)) {
		days -= 365 + is_leap(year);
		year++;
	}
	int month = 0;
	while (days >= days_of_month(month, year)) {
		days -= days_of_month(month, year);
		month++;
	}
	snprintf(out, ISO_DATE_SIZE, "%04d-%02d-%02dT%02d:%02d:%02dZ", year,
		month + 1, days + 1, second / 3600, second / 60 % 60,
		second % 60);
}

static int digits_at(const char *text, size_t count)
{
	int number = 0;
	for (size_t i = 0; i < count; i++)
		number = number * 10 + (text[i] - '0');
	return number;
}

/* Days of whole years, from 0000-01-01. */
static int64_t days_before(int year)
{
	int64_t last = year - 1;
	return year
		? year * INT64_C(365) + last / 4 - last / 100 + last / 400 + 1
		: 0;
}

bool iso_date_read(int64_t *out, const char *text)
{
	static const char shape[] = "dddd-dd-ddTdd:dd:ddZ";
	for (size_t i = 0; i < sizeof(shape); i++)
		if (shape[i] == 'd' ? text[i] < '0' || text[i] > '9'
				    : text[i] != shape[i])
			return false;
	int year = digits_at(text, 4);
	int month = digits_at(text + 5, 2) - 1;
	int64_t days = days_before(year) + digits_at(text + 8, 2) - 1;
	if (month < 0 || month > 11)
		return false;
	for (int i = 0; i < month; i++)
		days += days_of_month(i, year);
	*out = LEAST + days * DAY + digits_at(text + 11, 2) * INT64_C(3600) +
		digits_at(text + 14, 2) * INT64_C(60) + digits_at(text + 17, 2);
	char again[ISO_DATE_SIZE]; /* 31 February is written otherwise */
	iso_date(again, *out);
	return !strcmp(text, again);
}
