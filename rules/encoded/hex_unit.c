/* Bytes as two hexadecimal digits each (RFC 4648 §8), broken as base64 is. */
#include "rules/encoded/alphabet.h"
#include "rules/encoded/unit.h"

static size_t next_digit(const unsigned char *text, size_t len, size_t at)
{
	while (at < len && !is_hex(text[at]))
		at += 1 + is_escaped_break(text + at, len - at);
	return at;
}

void unit_hex(struct unit *out, unsigned *state, const unsigned char *text,
	size_t len)
{
	(void)state;
	size_t high = next_digit(text, len, 0);
	*out = (struct unit){ .skip = high };
	if (high == len)
		return;
	size_t low = next_digit(text, len, high + 1);
	if (low == len) {
		out->in = 1;
		return;
	}
	out->in = low + 1 - high;
	out->out = 1;
	out->bytes[0] = (unsigned char)(hex_values[text[high]] << 4 |
		hex_values[text[low]]);
}
