#include "base/cleanup.h"
#include "base/utf8.h"
#include "report/json_writer.h"
#include "tests/support/test.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* What a function writes. Caller frees. */
static char *written(void (*write)(struct json_writer *json))
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	struct json_writer json;
	json_init(&json, out);
	write(&json);
	fclose(out);
	return text;
}

static void write_nested(struct json_writer *json)
{
	json_begin_object(json);
	json_key(json, "a");
	json_begin_array(json);
	json_put_int(json, INT64_MIN);
	json_put_uint(json, UINT64_MAX);
	json_put_bool(json, true);
	json_put_null(json);
	json_begin_object(json);
	json_end_object(json);
	json_begin_array(json);
	json_end_array(json);
	json_end_array(json);
	json_key(json, "b");
	json_put_text(json, NULL);
	json_end_object(json);
}

static void levels_and_commas_are_right(void **state)
{
	(void)state;
	CLEANUP(freep) char *text = written(write_nested);
	assert_string_equal(text,
		"{\"a\":[-9223372036854775808,18446744073709551615,true,null,"
		"{},[]],\"b\":null}");
}

struct row {
	const char *bytes;
	size_t len;
	const char *json;
};

static const struct row rows[] = {
	{ "", 0, "\"\"" },
	{ "a\"\\/b", 5, "\"a\\\"\\\\/b\"" },
	{ "\b\f\n\r\t", 5, "\"\\b\\f\\n\\r\\t\"" },
	{ "\0\x1f\x7f", 3, "\"\\u0000\\u001f\\u007f\"" },
	{ "\xC2\x9B", 2, "\"\\u009b\"" },
	{ "\xE2\x80\xA8\xE2\x80\xA9", 6, "\"\\u2028\\u2029\"" },
	{ "\xE2\x80\xAE", 3, "\"\\u202e\"" },
	{ "\xF3\xA0\x81\x81", 4, "\"\\udb40\\udc41\"" },
	{ "\xC3\xA9\xE4\xB8\xAD", 5, "\"\xC3\xA9\xE4\xB8\xAD\"" },
	{ "\xFFz\xC3", 3, "\"\xEF\xBF\xBDz\xEF\xBF\xBD\"" },
	{ "\xED\xA0\x80", 3, "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"" },
};

static void strings_are_escaped(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);
		struct json_writer json;
		json_init(&json, out);
		json_put_bytes(&json, rows[i].bytes, rows[i].len);
		fclose(out);
		assert_string_equal(text, rows[i].json);
		free(text);
	}
}

static void base64_is_that_of_rfc_4648(void **state)
{
	(void)state;
	/* RFC 4648 §10 */
	static const char *const vectors[] = { "\"\"", "\"Zg==\"", "\"Zm8=\"",
		"\"Zm9v\"", "\"Zm9vYg==\"", "\"Zm9vYmE=\"", "\"Zm9vYmFy\"" };
	for (size_t i = 0; i < ARRAY_SIZE(vectors); i++) {
		char *text = NULL;
		size_t len = 0;
		FILE *out = open_memstream(&text, &len);
		struct json_writer json;
		json_init(&json, out);
		json_put_base64(&json, "foobar", i);
		fclose(out);
		assert_string_equal(text, vectors[i]);
		free(text);
	}
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* The bytes with U+FFFD for each that is no part of a character. */
static size_t repair(unsigned char *out, const unsigned char *bytes, size_t len)
{
	static const unsigned char replacement[] = "\xEF\xBF\xBD";
	size_t used = 0;
	for (size_t at = 0; at < len;) {
		uint32_t code;
		size_t step = utf8_decode(&code, bytes + at, len - at);
		const void *from = step ? bytes + at : replacement;
		memcpy(out + used, from, step ? step : 3);
		used += step ? step : 3;
		at += step ? step : 1;
	}
	return used;
}

static void round_trip(const unsigned char *bytes, size_t len)
{
	char *text = NULL;
	size_t text_len = 0;
	FILE *out = open_memstream(&text, &text_len);
	struct json_writer json;
	json_init(&json, out);
	json_begin_array(&json);
	json_put_bytes(&json, bytes, len);
	json_end_array(&json);
	fclose(out);
	json_error_t error;
	json_t *root = json_loadb(text, text_len, JSON_ALLOW_NUL, &error);
	if (!root)
		fail_msg("%s in %s", error.text, text);
	const json_t *string = json_array_get(root, 0);
	unsigned char expected[3 * 64];
	size_t expected_len = repair(expected, bytes, len);
	assert_int_equal(json_string_length(string), expected_len);
	assert_memory_equal(json_string_value(string), expected, expected_len);
	json_decref(root);
	free(text);
}

static void random_bytes_come_back_through_jansson(void **state)
{
	(void)state;
	uint64_t seed = 7;
	for (int round = 0; round < 3000; round++) {
		unsigned char bytes[64];
		size_t len = next_random(&seed) % sizeof(bytes);
		for (size_t i = 0; i < len; i++) {
			uint64_t roll = next_random(&seed) >> 11;
			bytes[i] = (unsigned char)roll;
			/* in half of the rounds characters are likely */
			if (round % 2)
				bytes[i] =
					(i % 2 ? 0x80 : 0xC0) | (roll & 0x1F);
		}
		round_trip(bytes, len);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(levels_and_commas_are_right),
		cmocka_unit_test(strings_are_escaped),
		cmocka_unit_test(base64_is_that_of_rfc_4648),
		cmocka_unit_test(random_bytes_come_back_through_jansson),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
