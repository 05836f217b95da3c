#include "scanner/json_text.h"

#include "base/utf8.h"

#include <string.h>

bool json_text_is(const unsigned char *bytes, size_t len)
{
	return !len || (!memchr(bytes, '\0', len) && utf8_valid(bytes, len));
}

/* What a text must not hold as it is. */
static void add_escape(struct buf *out, unsigned char byte)
{
	static const char bytes[] = "\b\t\n\f\r\"\\";
	static const char letters[] = "btnfr\"\\";
	const char *found = memchr(bytes, byte, sizeof(bytes) - 1);
	if (found)
		buf_printf(out, "\\%c", letters[found - bytes]);
	else
		buf_printf(out, "\\u%04x", byte);
}

void json_text_add(struct buf *out, const unsigned char *bytes, size_t len)
{
	size_t from = 0;
	buf_add_byte(out, '"');
	for (size_t at = 0; at < len; at++) {
		if (bytes[at] >= 0x20 && bytes[at] != '"' && bytes[at] != '\\')
			continue;
		buf_add(out, bytes + from, at - from);
		add_escape(out, bytes[at]);
		from = at + 1;
	}
	if (len > from)
		buf_add(out, bytes + from, len - from);
	buf_add_byte(out, '"');
}
