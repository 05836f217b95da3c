/* Members of a JSON object: a name and a value of one of the usual kinds. */
#ifndef REPORT_JSON_FIELD_H
#define REPORT_JSON_FIELD_H

#include "report/iso_date.h"
#include "report/json_writer.h"
#include "scanner/finding.h"

#include <stdbool.h>
#include <stdint.h>

static inline void put_text(
	struct json_writer *json, const char *key, const char *text)
{
	json_key(json, key);
	json_put_text(json, text);
}

static inline void put_count(
	struct json_writer *json, const char *key, uint64_t value)
{
	json_key(json, key);
	json_put_uint(json, value);
}

static inline void put_bool(
	struct json_writer *json, const char *key, bool value)
{
	json_key(json, key);
	json_put_bool(json, value);
}

static inline void put_tristate(
	struct json_writer *json, const char *key, int value)
{
	json_key(json, key);
	if (value == UNKNOWN)
		json_put_null(json);
	else
		json_put_bool(json, value == YES);
}

static inline void put_date(
	struct json_writer *json, const char *key, int64_t time)
{
	char text[ISO_DATE_SIZE];
	iso_date(text, time);
	put_text(json, key, text);
}

/** The words for the bits of a set, lowest bit first. */
static inline void put_bits(struct json_writer *json, const char *key,
	unsigned set, const char *(*name)(unsigned bit))
{
	json_key(json, key);
	json_begin_array(json);
	for (unsigned bit = 1; bit && bit <= set; bit <<= 1)
		if (set & bit)
			json_put_text(json, name(bit));
	json_end_array(json);
}

#endif
