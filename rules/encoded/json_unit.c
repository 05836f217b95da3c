/*
 * JSON (RFC 8259) whose texts are documents of their own: the escapes of texts
 * are undone, all else stays. Where a text ends with a line end and another one
 * follows, as in the arrays of lines of a notebook, the two become one.
 */
#include "rules/encoded/alphabet.h"
#include "rules/encoded/unit.h"

#include <string.h>

enum state {
	OUTSIDE,
	IN_TEXT,
	AFTER_LINE_END, /* in a text, behind an escaped line end */
};

static bool is_space(unsigned char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static size_t skip_space(const unsigned char *text, size_t len, size_t at)
{
	while (at < len && is_space(text[at]))
		at++;
	return at;
}

/* Bytes from the end of one text to the start of the next; 0: none follows. */
static size_t joint(const unsigned char *text, size_t len)
{
	size_t at = skip_space(text, len, 1);
	if (at == len || text[at] != ',')
		return 0;
	at = skip_space(text, len, at + 1);
	return at < len && text[at] == '"' ? at + 1 : 0;
}

/* The code unit of "\uXXXX", or UINT32_MAX. */
static uint32_t escaped_unit(const unsigned char *text, size_t len)
{
	if (len < 6 || text[0] != '\\' || text[1] != 'u')
		return UINT32_MAX;
	uint32_t code = 0;
	for (size_t i = 2; i < 6; i++) {
		if (!is_hex(text[i]))
			return UINT32_MAX;
		code = code << 4 | hex_values[text[i]];
	}
	return code;
}

static void read_unicode(
	struct unit *out, const unsigned char *text, size_t len)
{
	uint32_t code = escaped_unit(text, len);
	if (code == UINT32_MAX) {
		unit_set_verbatim(out, 1);
		return;
	}
	*out = (struct unit){ .in = 6 };
	if (code >= 0xD800 && code < 0xDC00) {
		uint32_t low = escaped_unit(text + 6, len - 6);
		if (low >= 0xDC00 && low < 0xE000) {
			out->in = 12;
			code = 0x10000 + ((code - 0xD800) << 10) +
				(low - 0xDC00);
		}
	}
	unit_set_character(out, code);
}

static void read_escape(struct unit *out, unsigned *state,
	const unsigned char *text, size_t len)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meanings[] = "\"\\/\b\f\n\r\t";
	const char *found =
		len > 1 && text[1] ? strchr(letters, text[1]) : NULL;
	*state = IN_TEXT;
	if (!found) {
		read_unicode(out, text, len);
		return;
	}
	unsigned char meaning = (unsigned char)meanings[found - letters];
	*out = (struct unit){ .in = 2, .out = 1, .bytes = { meaning } };
	if (meaning == '\n')
		*state = AFTER_LINE_END;
}

void unit_json(struct unit *out, unsigned *state, const unsigned char *text,
	size_t len)
{
	if (*state != OUTSIDE && *text == '\\') {
		read_escape(out, state, text, len);
		return;
	}
	if (*text == '"') {
		size_t skip = *state == AFTER_LINE_END ? joint(text, len) : 0;
		unit_set_verbatim(out, 1);
		if (skip) {
			*out = (struct unit){ .skip = skip };
			*state = IN_TEXT;
		} else {
			*state = *state == OUTSIDE ? IN_TEXT : OUTSIDE;
		}
		return;
	}
	size_t end = 1;
	while (end < len && text[end] != '"' &&
		(*state == OUTSIDE || text[end] != '\\'))
		end++;
	if (*state == AFTER_LINE_END)
		*state = IN_TEXT;
	unit_set_verbatim(out, end);
}
