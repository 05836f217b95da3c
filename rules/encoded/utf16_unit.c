/* UTF-16 of either order (RFC 2781), and a byte order mark before UTF-8. */
#include "rules/encoded/unit.h"

#define BYTE_ORDER_MARK 0xFEFFU

void unit_set_character(struct unit *out, uint32_t code)
{
	if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000))
		code = 0xFFFD;
	unsigned char *bytes = out->bytes;
	if (code < 0x80) {
		out->out = 1;
		bytes[0] = (unsigned char)code;
		return;
	}
	out->out = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = out->out - 1; i > 0; i--) {
		bytes[i] = (unsigned char)(0x80 | (code & 0x3F));
		code >>= 6;
	}
	bytes[0] = (unsigned char)(0xF00U >> out->out | code);
}

static uint32_t code_unit(const unsigned char *text, bool big)
{
	return (uint32_t)(big ? text[0] << 8 | text[1]
			      : text[1] << 8 | text[0]);
}

static void read_utf16(
	struct unit *out, const unsigned char *text, size_t len, bool big)
{
	if (len < 2) {
		*out = (struct unit){ .in = 1 };
		return;
	}
	uint32_t code = code_unit(text, big);
	*out = (struct unit){ .in = 2 };
	if (code == BYTE_ORDER_MARK)
		return;
	if (code >= 0xD800 && code < 0xDC00 && len >= 4) {
		uint32_t low = code_unit(text + 2, big);
		if (low >= 0xDC00 && low < 0xE000) {
			out->in = 4;
			code = 0x10000 + ((code - 0xD800) << 10) +
				(low - 0xDC00);
		}
	}
	unit_set_character(out, code);
}

void unit_utf16le(struct unit *out, unsigned *state, const unsigned char *text,
	size_t len)
{
	(void)state;
	read_utf16(out, text, len, false);
}

void unit_utf16be(struct unit *out, unsigned *state, const unsigned char *text,
	size_t len)
{
	(void)state;
	read_utf16(out, text, len, true);
}

void unit_bom(struct unit *out, unsigned *state, const unsigned char *text,
	size_t len)
{
	(void)text;
	unit_set_verbatim(out, len);
	if (*state)
		return;
	*state = 1;
	out->skip = len < 3 ? len : 3;
	out->in = out->out = len - out->skip;
}
