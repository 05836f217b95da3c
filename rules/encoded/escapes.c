#include "rules/encoded/escapes.h"

#include "rules/encoded/alphabet.h"

#include <ctype.h>
#include <stdint.h>

bool escape_is_of_text(unsigned char byte)
{
	switch (byte) {
	case '"':
	case '\'':
	case '`':
	case '<':
	case '>':
	case '\\':
		return false;
	default:
		return byte > ' ' && byte < 0x7F;
	}
}

static size_t text_start(const unsigned char *bytes, size_t at)
{
	while (at > 0 && escape_is_of_text(bytes[at - 1]))
		at--;
	return at;
}

static size_t text_end(const unsigned char *bytes, size_t len, size_t at)
{
	while (at < len && escape_is_of_text(bytes[at]))
		at++;
	return at;
}

/* The escaped byte, or -1. */
static int escaped(const unsigned char *bytes, size_t len, size_t at)
{
	if (len - at < 3 || bytes[at] != '%' || !is_hex(bytes[at + 1]) ||
		!is_hex(bytes[at + 2]))
		return -1;
	return hex_values[bytes[at + 1]] << 4 | hex_values[bytes[at + 2]];
}

static bool is_conversion(const unsigned char *bytes, size_t at)
{
	return isdigit(bytes[at + 1]) && bytes[at + 2] == 'd';
}

bool escape_is_telling(const unsigned char *bytes, size_t len, size_t at)
{
	int byte = escaped(bytes, len, at);
	return ((byte > ' ' && byte < 0x7F) || byte == '\n') &&
		!is_conversion(bytes, at);
}

/* No text is escaped with control characters in it; formats of printf() look
 * like that. */
static bool has_control(const unsigned char *bytes, size_t start, size_t end)
{
	for (size_t i = start; i < end; i++) {
		int byte = escaped(bytes, end, i);
		if (byte >= 0 && iscntrl(byte) && !isspace(byte))
			return true;
	}
	return false;
}

bool escapes_judge(struct encoded_run *out, size_t *done,
	const unsigned char *bytes, size_t len, size_t at)
{
	size_t start = text_start(bytes, at);
	size_t end = text_end(bytes, len, at);
	*done = end;
	*out = (struct encoded_run){
		.start = start,
		.end = end,
		.seen_start = start ? start - 1 : 0,
		.seen_end = end < len ? end + 1 : end,
		.encoding = ENCODING_PERCENT,
	};
	return end - start >= ENCODED_RUN_MIN &&
		!has_control(bytes, start, end);
}

size_t escape_near(
	size_t *done, const unsigned char *bytes, size_t len, size_t at)
{
	size_t end = text_end(bytes, len, at);
	for (size_t i = text_start(bytes, at); i < end; i++)
		if (bytes[i] == '%' && escape_is_telling(bytes, len, i))
			return i;
	*done = end;
	return SIZE_MAX;
}
