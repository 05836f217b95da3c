/*
 * JSON by RFC 8259, written as it comes: no tree in memory.
 *
 * The caller opens, names and closes in the right order; asserts hold it to
 * that. Bytes that are no UTF-8 become U+FFFD, one for each byte, and
 * characters that are unsafe on a terminal are written as \uXXXX, so that the
 * output is safe to look at as well.
 */
#ifndef REPORT_JSON_WRITER_H
#define REPORT_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define JSON_MAX_DEPTH 64

struct json_writer {
	FILE *out;    /* borrowed; its error flag is for the caller to check */
	size_t depth; /* objects and arrays that are open */
	bool is_object[JSON_MAX_DEPTH];
	bool has_items[JSON_MAX_DEPTH];
	bool named;    /* a key was written, its value is due */
	bool for_html; /* < > & as \u00XX: no text ends a script element */
};

void json_init(struct json_writer *json, FILE *out);

void json_begin_object(struct json_writer *json);
void json_end_object(struct json_writer *json);
void json_begin_array(struct json_writer *json);
void json_end_array(struct json_writer *json);

/** The name of the next value of an object. */
void json_key(struct json_writer *json, const char *key);

void json_put_null(struct json_writer *json);
void json_put_bool(struct json_writer *json, bool value);
void json_put_int(struct json_writer *json, int64_t value);
void json_put_uint(struct json_writer *json, uint64_t value);
void json_put_bytes(struct json_writer *json, const void *bytes, size_t len);

/** A NUL-ended text; NULL is written as null. */
void json_put_text(struct json_writer *json, const char *text);

/** A string of base64 (RFC 4648 §4, padded). */
void json_put_base64(struct json_writer *json, const void *bytes, size_t len);

#endif
