/*
 * Percent-encoding (RFC 3986 §2.1). "+" is a space, as in forms: what writes a
 * plus sign beside escapes escapes it, too.
 */
#include "rules/encoded/alphabet.h"
#include "rules/encoded/unit.h"

static bool is_escape(const unsigned char *text, size_t len)
{
	return len >= 3 && text[0] == '%' && is_hex(text[1]) && is_hex(text[2]);
}

void unit_percent(struct unit *out, unsigned *state, const unsigned char *text,
	size_t len)
{
	(void)state;
	*out = (struct unit){ .in = 1, .out = 1, .bytes = { ' ' } };
	if (*text == '+')
		return;
	if (is_escape(text, len)) {
		out->in = 3;
		out->bytes[0] = (unsigned char)(hex_values[text[1]] << 4 |
			hex_values[text[2]]);
		return;
	}
	size_t end = 1;
	while (end < len && text[end] != '+' && text[end] != '%')
		end++;
	unit_set_verbatim(out, end);
}
