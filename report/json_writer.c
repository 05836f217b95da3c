#include "report/json_writer.h"

#include "base/utf8.h"
#include "report/base64.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

void json_init(struct json_writer *json, FILE *out)
{
	*json = (struct json_writer){ .out = out };
}

/* The comma before a value or key, where one is due. */
static void separate(struct json_writer *json)
{
	if (!json->depth)
		return;
	bool *has_items = &json->has_items[json->depth - 1];
	if (*has_items)
		fputc(',', json->out);
	*has_items = true;
}

static void begin_value(struct json_writer *json)
{
	bool in_object = json->depth && json->is_object[json->depth - 1];
	assert(in_object == json->named);
	if (!in_object)
		separate(json);
	json->named = false;
}

static void open_level(struct json_writer *json, bool is_object)
{
	begin_value(json);
	assert(json->depth < JSON_MAX_DEPTH);
	json->is_object[json->depth] = is_object;
	json->has_items[json->depth] = false;
	json->depth++;
	fputc(is_object ? '{' : '[', json->out);
}

static void close_level(struct json_writer *json, bool is_object)
{
	assert(json->depth && !json->named);
	json->depth--;
	assert(json->is_object[json->depth] == is_object);
	fputc(is_object ? '}' : ']', json->out);
}

void json_begin_object(struct json_writer *json)
{
	open_level(json, true);
}

void json_end_object(struct json_writer *json)
{
	close_level(json, true);
}

void json_begin_array(struct json_writer *json)
{
	open_level(json, false);
}

void json_end_array(struct json_writer *json)
{
	close_level(json, false);
}

static void put_escape(FILE *out, uint32_t code)
{
	if (code < 0x10000) {
		fprintf(out, "\\u%04" PRIx32, code);
		return;
	}
	code -= 0x10000; /* a surrogate pair, RFC 8259 §7 */
	fprintf(out, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xD800 + (code >> 10),
		0xDC00 + (code & 0x3FF));
}

static bool is_markup(uint32_t code)
{
	return code == '<' || code == '>' || code == '&';
}

static void put_character(const struct json_writer *json, uint32_t code,
	const unsigned char *bytes, size_t len)
{
	FILE *out = json->out;
	static const char special[] = "\"\\\b\f\n\r\t";
	static const char letters[] = "\"\\bfnrt";
	const char *found =
		code && code < 0x80 ? strchr(special, (int)code) : NULL;
	if (found)
		fprintf(out, "\\%c", letters[found - special]);
	else if (utf8_is_unsafe(code) || (json->for_html && is_markup(code)))
		put_escape(out, code);
	else
		fwrite(bytes, 1, len, out);
}

static void put_string(
	const struct json_writer *json, const unsigned char *bytes, size_t len)
{
	FILE *out = json->out;
	fputc('"', out);
	while (len) {
		uint32_t code;
		size_t step = utf8_decode(&code, bytes, len);
		if (step) {
			put_character(json, code, bytes, step);
		} else {
			fputs("\xEF\xBF\xBD", out); /* U+FFFD */
			step = 1;
		}
		bytes += step;
		len -= step;
	}
	fputc('"', out);
}

void json_key(struct json_writer *json, const char *key)
{
	assert(json->depth && json->is_object[json->depth - 1]);
	assert(!json->named);
	separate(json);
	put_string(json, (const unsigned char *)key, strlen(key));
	fputc(':', json->out);
	json->named = true;
}

void json_put_null(struct json_writer *json)
{
	begin_value(json);
	fputs("null", json->out);
}

void json_put_bool(struct json_writer *json, bool value)
{
	begin_value(json);
	fputs(value ? "true" : "false", json->out);
}

void json_put_int(struct json_writer *json, int64_t value)
{
	begin_value(json);
	fprintf(json->out, "%" PRId64, value);
}

void json_put_uint(struct json_writer *json, uint64_t value)
{
	begin_value(json);
	fprintf(json->out, "%" PRIu64, value);
}

void json_put_bytes(struct json_writer *json, const void *bytes, size_t len)
{
	begin_value(json);
	put_string(json, bytes, len);
}

void json_put_text(struct json_writer *json, const char *text)
{
	if (text)
		json_put_bytes(json, text, strlen(text));
	else
		json_put_null(json);
}

void json_put_base64(struct json_writer *json, const void *bytes, size_t len)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_base64(&text, bytes, len);
	json_put_text(json, text.len ? text.bytes : "");
}
