#include "rules/encoded/decode.h"

#include "rules/encoded/unit.h"

#include <string.h>

static unit_reader *const readers[ENCODING_COUNT] = {
	[ENCODING_BASE64] = unit_base64,
	[ENCODING_HEX] = unit_hex,
	[ENCODING_PERCENT] = unit_percent,
	[ENCODING_UTF16LE] = unit_utf16le,
	[ENCODING_UTF16BE] = unit_utf16be,
	[ENCODING_BOM] = unit_bom,
	[ENCODING_JSON] = unit_json,
};

int decode_text(
	struct buf *out, int encoding, const unsigned char *text, size_t len)
{
	unit_reader *read = readers[encoding];
	unsigned state = 0;
	for (size_t at = 0; at < len;) {
		struct unit unit;
		read(&unit, &state, text + at, len - at);
		const unsigned char *bytes =
			unit.verbatim ? text + at + unit.skip : unit.bytes;
		int rc = buf_add(out, bytes, unit.out);
		if (rc < 0)
			return rc;
		at += unit.skip + unit.in;
	}
	return 0;
}

void decode_cursor_init(struct decode_cursor *cursor, int encoding,
	const unsigned char *text, size_t len)
{
	*cursor = (struct decode_cursor){
		.encoding = encoding,
		.text = text,
		.len = len,
	};
}

/* Moves to the unit that holds decoded byte `offset`, and reads it; at the end
 * of the text it is an empty one. */
static void move_to(
	struct unit *out, struct decode_cursor *cursor, size_t offset)
{
	if (offset < cursor->out)
		decode_cursor_init(
			cursor, cursor->encoding, cursor->text, cursor->len);
	while (cursor->in < cursor->len) {
		unsigned state = cursor->state;
		readers[cursor->encoding](out, &state,
			cursor->text + cursor->in, cursor->len - cursor->in);
		if (cursor->out + out->out > offset)
			return;
		cursor->state = state;
		cursor->out += out->out;
		cursor->in += out->skip + out->in;
	}
	*out = (struct unit){ 0 };
}

void decode_cursor_span(struct decode_cursor *cursor, size_t start, size_t end,
	size_t *text_start, size_t *text_end)
{
	struct unit unit;
	move_to(&unit, cursor, start);
	*text_start = cursor->in + unit.skip;
	if (unit.verbatim)
		*text_start += start - cursor->out;
	*text_end = *text_start;
	if (end <= start)
		return;
	move_to(&unit, cursor, end - 1);
	*text_end = cursor->in + unit.skip;
	*text_end += unit.verbatim ? end - cursor->out : unit.in;
}
