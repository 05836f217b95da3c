/*
 * The least text that makes digits worth decoding is found wherever it stands
 * among digits of something else, and whatever characters it has.
 */
#include "base/buf.h"
#include "rules/encoded/decode.h"
#include "rules/encoded/runs.h"
#include "tests/support/test.h"

#include <string.h>

#define ROUNDS     400
#define DIGITS_MAX 120 /* before and behind */

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* How the bytes of a text become digits. */
struct row {
	const char *name;
	int encoding;
	size_t len;  /* of the text */
	size_t unit; /* digits */
	bool wide;   /* UTF-16 */
};

static const struct row rows[] = {
	{ "base64", ENCODING_BASE64, 18, 4, false },
	{ "base64 of utf-16", ENCODING_BASE64, 18, 4, true },
	{ "hexadecimal", ENCODING_HEX, 16, 2, false },
	{ "hexadecimal of utf-16", ENCODING_HEX, 16, 2, true },
};

static void make_text(
	unsigned char *text, const struct row *row, uint32_t *seed)
{
	for (size_t i = 0; i < row->len; i++) {
		uint32_t pick = next(seed) % 98;
		text[i] = pick < 95 ? (unsigned char)(' ' + pick)
				    : (unsigned char)"\n\r\t"[pick - 95];
		if (row->wide && i % 2)
			text[i] = 0;
	}
}

static const char base64_digits[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char hex_digits[] = "0123456789abcdef";

static void add_base64(struct buf *out, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i + 2 < len; i += 3) {
		uint32_t bits = (uint32_t)bytes[i] << 16 |
			(uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
		for (int shift = 18; shift >= 0; shift -= 6)
			buf_add_byte(out,
				(unsigned char)
					base64_digits[bits >> shift & 63]);
	}
}

static void add_hex(struct buf *out, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		buf_add_byte(out, (unsigned char)hex_digits[bytes[i] >> 4]);
		buf_add_byte(out, (unsigned char)hex_digits[bytes[i] & 15]);
	}
}

/* Digits of bytes that are no characters. */
static void add_others(
	struct buf *out, const struct row *row, size_t count, uint32_t *seed)
{
	static const char *const others[] = { "/+/8", "8+//", "fe", "9d" };
	size_t kind = row->encoding == ENCODING_HEX ? 2 : 0;
	for (size_t i = 0; i < count; i++)
		buf_add_text(out, others[kind + next(seed) % 2]);
}

static void take(const struct encoded_run *run, void *ctx)
{
	*(struct encoded_run *)ctx = *run;
}

static void check_one(const struct row *row, uint32_t seed)
{
	unsigned char text[18];
	CLEANUP(buf_clear) struct buf digits;
	buf_init(&digits, 0);
	make_text(text, row, &seed);
	for (size_t n = next(&seed) % 80; n; n--)
		buf_add_byte(&digits, ' ');
	size_t start = digits.len;
	for (size_t n = next(&seed) % row->unit; n; n--)
		buf_add_byte(&digits, '8');
	add_others(&digits, row, next(&seed) % (DIGITS_MAX / row->unit), &seed);
	if (row->encoding == ENCODING_HEX)
		add_hex(&digits, text, row->len);
	else
		add_base64(&digits, text, row->len);
	do
		add_others(&digits, row, next(&seed) % (DIGITS_MAX / row->unit),
			&seed);
	while (digits.len - start < ENCODED_RUN_MIN);
	size_t end = digits.len;
	for (size_t n = next(&seed) % 80; n; n--)
		buf_add_byte(&digits, '\n');
	struct run_search search;
	struct encoded_run run = { 0 };
	const unsigned char *bytes = (const unsigned char *)digits.bytes;
	run_search_init(&search, bytes, digits.len, take, &run);
	run_search_span(&search, 0, digits.len);
	assert_int_equal(run.end, end);
	assert_int_equal(run.encoding, row->encoding);
	CLEANUP(buf_clear) struct buf decoded;
	buf_init(&decoded, 0);
	assert_int_equal(decode_text(&decoded, run.encoding, bytes + run.start,
				 run.end - run.start),
		0);
	assert_non_null(memmem(decoded.bytes, decoded.len, text, row->len));
}

static void text_is_found_among_other_digits(void **state)
{
	for (uint32_t round = 0; round < ROUNDS; round++)
		check_one(*state, round);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){ rows[i].name,
			text_is_found_among_other_digits, NULL, NULL,
			(void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests(
		"hidden text", tests, ARRAY_SIZE(tests), NULL, NULL);
}
