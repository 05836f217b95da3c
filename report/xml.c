#include "report/xml.h"

#include "report/text_escape.h"

#include <string.h>

static const char *reference_of(char byte)
{
	switch (byte) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;"; /* so that no "]]>" is left */
	case '"':
		return "&quot;";
	case '\'':
		return "&apos;";
	default:
		return NULL;
	}
}

/* U+FFFE and U+FFFF in UTF-8; XML 1.0 §2.2, "Char". */
static bool is_noncharacter(const char *at)
{
	return !strncmp(at, "\xEF\xBF\xBE", 3) ||
		!strncmp(at, "\xEF\xBF\xBF", 3);
}

void xml_add_text(struct buf *out, const char *text)
{
	CLEANUP(buf_clear) struct buf safe;
	buf_init(&safe, 0);
	text_add_prose(&safe, text);
	for (size_t i = 0; i < safe.len; i++) {
		const char *reference = reference_of(safe.bytes[i]);
		if (reference) {
			buf_add_text(out, reference);
		} else if (is_noncharacter(safe.bytes + i)) {
			buf_add_text(out, "\xEF\xBF\xBD");
			i += 2;
		} else {
			buf_add_byte(out, (unsigned char)safe.bytes[i]);
		}
	}
}
