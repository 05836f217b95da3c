/*
 * Base64 with either alphabet, with or without padding (RFC 4648), broken into
 * lines by anything that is no digit of it. In the source of a program, or in
 * JSON, "\n" is a line break.
 */
#include "rules/encoded/alphabet.h"
#include "rules/encoded/unit.h"

/* The place of the next digit, or `len`. */
static size_t next_digit(const unsigned char *text, size_t len, size_t at)
{
	while (at < len && !is_base64(text[at]))
		at += 1 + is_escaped_break(text + at, len - at);
	return at;
}

void unit_base64(struct unit *out, unsigned *state, const unsigned char *text,
	size_t len)
{
	(void)state;
	uint32_t bits = 0;
	size_t digits = 0;
	size_t at = next_digit(text, len, 0);
	*out = (struct unit){ .skip = at };
	size_t end = at;
	while (digits < 4 && at < len) {
		bits = bits << 6 | base64_values[text[at]];
		digits++;
		end = at + 1;
		at = next_digit(text, len, end);
	}
	out->in = end - out->skip;
	/* a single digit that is left over stands for no whole byte */
	out->out = digits ? digits - 1 : 0;
	bits <<= 6 * (4 - digits);
	for (size_t i = 0; i < out->out; i++)
		out->bytes[i] = (unsigned char)(bits >> (16 - 8 * i));
}
