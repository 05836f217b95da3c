#include "rules/encoded/decode.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

/* A text, what it encodes, and where one byte of that stands in the text. */
struct row {
	const char *name;
	int encoding;
	const char *text;
	size_t len;
	const char *decoded;
	size_t decoded_len;
	size_t place; /* in `decoded` */
	const char *source;
};

#define TEXT(literal) literal, sizeof(literal) - 1

static const struct row rows[] = {
	{ "base64 with padding", ENCODING_BASE64, TEXT("aGVsbG8="),
		TEXT("hello"), 0, "aGVs" },
	{ "base64 without padding", ENCODING_BASE64, TEXT("aGVsbG8"),
		TEXT("hello"), 4, "bG8" },
	{ "base64 of the other alphabet", ENCODING_BASE64, TEXT("-_-_+/"),
		TEXT("\xFB\xFF\xBF\xFB"), 0, "-_-_" },
	{ "base64 in lines", ENCODING_BASE64, TEXT("aGV\n  sbG\r\n8="),
		TEXT("hello"), 0, "aGV\n  s" },
	{ "base64 in escaped lines", ENCODING_BASE64,
		TEXT("aGVs\\nbG8h\\r\\nISEh"), TEXT("hello!!!!"), 3, "bG8h" },
	{ "base64 with an escaped slash", ENCODING_BASE64, TEXT("\\/\\/\\/\\/"),
		TEXT("\xFF\xFF\xFF"), 1, "/\\/\\/\\/" },
	{ "base64 with a digit left over", ENCODING_BASE64, TEXT("aGVsb"),
		TEXT("hel"), 2, "aGVs" },
	{ "nothing of base64", ENCODING_BASE64, TEXT("=?!"), TEXT(""), 0, "" },
	{ "hexadecimal", ENCODING_HEX, TEXT("68656C6c6f"), TEXT("hello"), 2,
		"6C" },
	{ "hexadecimal in lines", ENCODING_HEX, TEXT("6\n8 65"), TEXT("he"), 0,
		"6\n8" },
	{ "half a byte", ENCODING_HEX, TEXT("686"), TEXT("h"), 0, "68" },
	{ "percent", ENCODING_PERCENT, TEXT("a%3db+c%2F%2g%"),
		TEXT("a=b c/%2g%"), 1, "%3d" },
	{ "percent, as it is", ENCODING_PERCENT, TEXT("abc%41def"),
		TEXT("abcAdef"), 5, "e" },
	{ "utf-16le", ENCODING_UTF16LE, TEXT("\xFF\xFEh\0\xE9\0\xAC "),
		TEXT("h\xC3\xA9\xE2\x82\xAC"), 2, "\xE9" },
	{ "utf-16be", ENCODING_UTF16BE, TEXT("\0h\xD8\x3D\xDE\0"),
		TEXT("h\xF0\x9F\x98\x80"), 1, "\xD8\x3D\xDE" },
	{ "half a pair", ENCODING_UTF16BE, TEXT("\xD8\x3D\0h\xDE"),
		TEXT("\xEF\xBF\xBDh"), 3, "" },
	{ "a byte order mark", ENCODING_BOM,
		TEXT("\xEF\xBB\xBF"
		     "key"),
		TEXT("key"), 1, "e" },
	{ "texts in JSON", ENCODING_JSON,
		TEXT("{\"a\\n\": \"\\\"\\u00e9\\ud83d\\ude00\\/\\x\"}"),
		TEXT("{\"a\n\": \"\"\xC3\xA9\xF0\x9F\x98\x80/\\x\"}"), 3,
		"\\n" },
	{ "lines in JSON", ENCODING_JSON, TEXT("[\"a\\n\", \n  \"b\\n\" ]\\n"),
		TEXT("[\"a\nb\n\" ]\\n"), 4, "b" },
	{ "texts without lines in JSON", ENCODING_JSON, TEXT("[\"a\", \"b\"]"),
		TEXT("[\"a\", \"b\"]"), 7, "b" },
};

static void a_text_is_decoded(void **state)
{
	const struct row *row = *state;
	const unsigned char *text = (const unsigned char *)row->text;
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 0);
	assert_int_equal(decode_text(&out, row->encoding, text, row->len), 0);
	assert_int_equal(out.len, row->decoded_len);
	if (out.len)
		assert_memory_equal(out.bytes, row->decoded, out.len);
}

static void a_byte_is_traced_back(void **state)
{
	const struct row *row = *state;
	size_t start;
	size_t end;
	struct decode_cursor cursor;
	if (row->place >= row->decoded_len)
		return;
	decode_cursor_init(&cursor, row->encoding,
		(const unsigned char *)row->text, row->len);
	decode_cursor_span(&cursor, row->place, row->place + 1, &start, &end);
	if (*row->source)
		assert_memory_equal(
			row->text + start, row->source, strlen(row->source));
	assert_true(end <= row->len && start < end);
	/* and again, going back */
	size_t again;
	decode_cursor_span(&cursor, 0, row->decoded_len, &again, &end);
	assert_true(again <= start && end <= row->len);
	decode_cursor_span(&cursor, row->place, row->place + 1, &again, &end);
	assert_int_equal(again, start);
}

/* Each byte comes from a unit that lies behind that of the byte before. */
static void check_places(int encoding, const unsigned char *text, size_t len)
{
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 4 * len + 16);
	assert_int_equal(decode_text(&out, encoding, text, len), 0);
	struct decode_cursor cursor;
	decode_cursor_init(&cursor, encoding, text, len);
	size_t last = 0;
	for (size_t i = 0; i < out.len; i++) {
		size_t start;
		size_t end;
		decode_cursor_span(&cursor, i, i + 1, &start, &end);
		assert_true(last <= start && start < end && end <= len);
		last = start;
	}
}

static void any_bytes_are_decoded(void **state)
{
	const struct row *row = *state;
	unsigned seed = 1;
	for (size_t len = 0; len <= row->len; len++) {
		CLEANUP(freep) unsigned char *text = malloc(len + 1);
		memcpy(text, row->text, len);
		for (int round = 0; round < 40; round++) {
			CLEANUP(freep) unsigned char *copy = malloc(len);
			if (len)
				memcpy(copy, text, len);
			check_places(row->encoding, copy, len);
			seed = seed * 1103515245 + 12345;
			if (len)
				text[(seed >> 8) % len] =
					(unsigned char)(seed >> 16);
		}
	}
}

static void a_bound_is_kept(void **state)
{
	(void)state;
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 4);
	assert_int_equal(decode_text(&out, ENCODING_BASE64,
				 (const unsigned char *)"aGVsbG8=", 8),
		ERR_LIMIT);
}

static void encodings_nest(void **state)
{
	(void)state;
	uint32_t encodings = 0;
	for (int i = 0; i < ENCODINGS_MAX + 2; i++)
		encodings = encodings_add(encodings, 1 + i);
	assert_int_equal(encodings_count(encodings), ENCODINGS_MAX);
	for (unsigned i = 0; i < ENCODINGS_MAX; i++)
		assert_int_equal(encodings_at(encodings, i), 1 + i);
	assert_int_equal(encodings_at(encodings, ENCODINGS_MAX), ENCODING_NONE);
	assert_string_equal(encoding_name(ENCODING_UTF16LE), "utf-16le");
}

int main(void)
{
	struct CMUnitTest tests[3 * ARRAY_SIZE(rows) + 2];
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		void *state = (void *)(uintptr_t)&rows[i];
		tests[count++] = (struct CMUnitTest){ rows[i].name,
			a_text_is_decoded, NULL, NULL, state };
		tests[count++] = (struct CMUnitTest){ rows[i].name,
			a_byte_is_traced_back, NULL, NULL, state };
		tests[count++] = (struct CMUnitTest){ rows[i].name,
			any_bytes_are_decoded, NULL, NULL, state };
	}
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_bound_is_kept);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(encodings_nest);
	return _cmocka_run_group_tests("decode", tests, count, NULL, NULL);
}
