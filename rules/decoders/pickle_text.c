/* Numbers and quoted text as pickle protocol 0 writes them. */
#include "rules/decoders/pickle_text.h"

#include <stdlib.h>
#include <string.h>

#define MAX_REAL_LEN ((size_t)63)

static int hex_digit(unsigned char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return -1;
}

/** Reads exactly `digits` hex digits; false when they are not there. */
static bool read_hex(
	uint32_t *out, const unsigned char *at, size_t left, size_t digits)
{
	if (left < digits)
		return false;
	*out = 0;
	for (size_t i = 0; i < digits; i++) {
		int digit = hex_digit(at[i]);
		if (digit < 0)
			return false;
		*out = *out << 4 | (uint32_t)digit;
	}
	return true;
}

static size_t read_octal(
	unsigned char *out, const unsigned char *at, size_t left)
{
	unsigned code = 0;
	size_t i = 0;
	for (; i < 3 && i < left && at[i] >= '0' && at[i] <= '7'; i++)
		code = code * 8 + at[i] - '0';
	*out = (unsigned char)code;
	return i;
}

/**
 * One escape whose backslash is read already; returns the bytes used, or 0.
 * Python 2 language reference, "String literals".
 */
static size_t read_escape(
	unsigned char *out, const unsigned char *at, size_t left)
{
	static const char names[] = "\\'\"abfnrtv";
	static const char codes[] = "\\'\"\a\b\f\n\r\t\v";
	if (!left)
		return 0;
	const char *name = at[0] ? strchr(names, at[0]) : NULL;
	if (name) {
		*out = (unsigned char)codes[name - names];
		return 1;
	}
	uint32_t code;
	if (at[0] == 'x' && read_hex(&code, at + 1, left - 1, 2)) {
		*out = (unsigned char)code;
		return 3;
	}
	return read_octal(out, at, left);
}

bool pickle_unquote(struct pickle_span *out, struct arena *arena,
	const unsigned char *line, size_t len)
{
	if (len < 2 || line[0] != line[len - 1] ||
		(line[0] != '\'' && line[0] != '"'))
		return false;
	line++;
	len -= 2;
	*out = (struct pickle_span){ .bytes = line, .len = len };
	if (!memchr(line, '\\', len))
		return true;
	unsigned char *text = arena_alloc(arena, len);
	size_t used = 0;
	for (size_t at = 0; at < len; used++) {
		text[used] = line[at++];
		if (text[used] != '\\')
			continue;
		size_t step = read_escape(&text[used], line + at, len - at);
		if (!step)
			return false;
		at += step;
	}
	*out = (struct pickle_span){ .bytes = text, .len = used };
	return true;
}

/** Surrogates are written as they are: Python's own pickles hold them. */
static size_t write_utf8(unsigned char *out, uint32_t code)
{
	if (code < 0x80) {
		out[0] = (unsigned char)code;
		return 1;
	}
	size_t more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
	static const unsigned char leads[] = { 0, 0xC0, 0xE0, 0xF0 };
	for (size_t i = more; i; i--) {
		out[i] = (unsigned char)(0x80U | (code & 0x3FU));
		code >>= 6;
	}
	out[0] = (unsigned char)(leads[more] | code);
	return more + 1;
}

/** The character at `at`; returns the bytes it takes, 0 for a bad escape. */
static size_t read_raw_unicode(
	uint32_t *code, const unsigned char *at, size_t left)
{
	*code = at[0];
	if (at[0] != '\\' || left < 2 || (at[1] != 'u' && at[1] != 'U'))
		return 1;
	size_t digits = at[1] == 'u' ? 4 : 8;
	if (!read_hex(code, at + 2, left - 2, digits) || *code > 0x10FFFF)
		return 0;
	return 2 + digits;
}

bool pickle_unescape(struct pickle_span *out, struct arena *arena,
	const unsigned char *line, size_t len)
{
	/* one byte of Latin-1 becomes at most two; \uXXXX at most three */
	unsigned char *text = arena_array(arena, len, 2);
	size_t used = 0;
	for (size_t at = 0; at < len;) {
		uint32_t code;
		size_t step = read_raw_unicode(&code, line + at, len - at);
		if (!step)
			return false;
		at += step;
		used += write_utf8(text + used, code);
	}
	*out = (struct pickle_span){ .bytes = text, .len = used };
	return true;
}

bool pickle_is_decimal(const unsigned char *line, size_t len)
{
	size_t at = len && (line[0] == '-' || line[0] == '+') ? 1 : 0;
	if (at == len)
		return false;
	for (; at < len; at++)
		if (line[at] < '0' || line[at] > '9')
			return false;
	return true;
}

bool pickle_decimal(int64_t *out, const unsigned char *line, size_t len)
{
	if (!pickle_is_decimal(line, len))
		return false;
	bool negative = line[0] == '-';
	int64_t number = 0;
	for (size_t at = line[0] == '-' || line[0] == '+'; at < len; at++) {
		int digit = line[at] - '0';
		/* below zero, where INT64_MIN fits */
		if (__builtin_mul_overflow(number, 10, &number) ||
			__builtin_sub_overflow(number, digit, &number))
			return false;
	}
	if (!negative && number == INT64_MIN)
		return false;
	*out = negative ? number : -number;
	return true;
}

bool pickle_real(double *out, const unsigned char *line, size_t len)
{
	char text[MAX_REAL_LEN + 1];
	if (!len || len > MAX_REAL_LEN)
		return false;
	memcpy(text, line, len);
	text[len] = '\0';
	char *end;
	*out = strtod(text, &end);
	return end == text + len;
}
