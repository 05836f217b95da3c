#include "report/iso_date.h"

#include <stdio.h>

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
