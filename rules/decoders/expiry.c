#include "rules/decoders/expiry.h"

#include <stddef.h>

/* Seconds end, and milliseconds begin, in the year 5138; the same for µs. */
#define FIRST_MS INT64_C(100000000000)
#define FIRST_US INT64_C(100000000000000)

/** Days since 1970-01-01 in the proleptic Gregorian calendar. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
	/* A year that begins in March has its leap day at the end. */
	int64_t from_march = (month + 9) % 12;
	int64_t shifted = year - (month <= 2);
	int64_t day_of_year = (153 * from_march + 2) / 5 + day - 1;
	return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 +
		day_of_year - 719468;
}

/** Takes `count` digits off the front. */
static bool take_digits(int64_t *out, struct span *text, size_t count)
{
	if (text->len < count ||
		!span_made_of(
			(struct span){ text->bytes, count }, "0123456789"))
		return false;
	if (!span_number(out, (struct span){ text->bytes, count }))
		return false;
	text->bytes += count;
	text->len -= count;
	return true;
}

static bool take_one_of(struct span *text, const char *set)
{
	if (!text->len || !span_made_of((struct span){ text->bytes, 1 }, set))
		return false;
	text->bytes++;
	text->len--;
	return true;
}

static bool take_date(int64_t *days, struct span *text)
{
	int64_t year, month, day;
	if (!take_digits(&year, text, 4) || !take_one_of(text, "-") ||
		!take_digits(&month, text, 2) || !take_one_of(text, "-") ||
		!take_digits(&day, text, 2))
		return false;
	if (month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	*days = days_of(year, month, day);
	return true;
}

static bool take_time(int64_t *seconds, struct span *text)
{
	int64_t hour, minute, second;
	if (!take_digits(&hour, text, 2) || !take_one_of(text, ":") ||
		!take_digits(&minute, text, 2) || !take_one_of(text, ":") ||
		!take_digits(&second, text, 2))
		return false;
	if (hour > 23 || minute > 59 || second > 60)
		return false;
	if (take_one_of(text, ".,"))
		while (take_one_of(text, "0123456789"))
			;
	*seconds = hour * 3600 + minute * 60 + second;
	return true;
}

/** Seconds east of UTC; nothing left of the text afterwards. */
static bool take_zone(int64_t *offset, struct span *text)
{
	*offset = 0;
	if (!text->len || span_is(*text, "Z") || span_is(*text, "UTC"))
		return true;
	int64_t sign = text->bytes[0] == '-' ? -1 : 1;
	int64_t hours, minutes = 0;
	if (!take_one_of(text, "+-") || !take_digits(&hours, text, 2))
		return false;
	take_one_of(text, ":");
	if (text->len && !take_digits(&minutes, text, 2))
		return false;
	*offset = sign * (hours * 3600 + minutes * 60);
	return !text->len;
}

bool expiry_parse(int64_t *seconds, struct span text)
{
	int64_t number, days, time, offset;
	text = span_trim(text);
	if (span_number(&number, text)) {
		*seconds = expiry_scale(number);
		return true;
	}
	if (!take_date(&days, &text) || !take_one_of(&text, "T ") ||
		!take_time(&time, &text))
		return false;
	text = span_trim(text);
	if (!take_zone(&offset, &text))
		return false;
	*seconds = days * 86400 + time - offset;
	return true;
}

int64_t expiry_scale(int64_t number)
{
	if (number >= FIRST_US)
		return number / 1000000;
	if (number >= FIRST_MS)
		return number / 1000;
	return number;
}

void expiry_add(struct decoded *out, int64_t seconds)
{
	if (seconds <= 0 || out->expiry == EXPIRY_NEVER)
		return;
	if (out->expiry == EXPIRY_AT && out->expires_at >= seconds)
		return;
	out->expiry = EXPIRY_AT;
	out->expires_at = seconds;
}

void expiry_add_never(struct decoded *out)
{
	out->expiry = EXPIRY_NEVER;
	out->expires_at = 0;
}

void expiry_add_value(struct decoded *out, const struct value *value)
{
	int64_t seconds;
	if (!value)
		return;
	if (value->type == VALUE_INT && !value->bytes)
		expiry_add(out, expiry_scale(value->number));
	else if (value->type == VALUE_FLOAT && value->real > 0 &&
		value->real < 9e18)
		expiry_add(out, expiry_scale((int64_t)value->real));
	else if (value->type == VALUE_TEXT &&
		expiry_parse(
			&seconds, (struct span){ value->bytes, value->len }))
		expiry_add(out, seconds);
}
