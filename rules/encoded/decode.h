/*
 * Undoes one encoding, and tells where in the encoded text a decoded byte came
 * from.
 */
#ifndef RULES_ENCODED_DECODE_H
#define RULES_ENCODED_DECODE_H

#include "base/buf.h"
#include "rules/encoded/encoding.h"

#include <stddef.h>

/** Appends the decoded bytes of a text; what cannot be decoded in it is left
 * out. ERR_LIMIT when they are more than the buffer may hold. `encoding` is one
 * of text: none of an archive's. */
int decode_text(struct buf *out, int encoding, const unsigned char *text,
	size_t len) MUST_CHECK;

/** Remembers the last place, so that ascending ones cost one pass in all. */
struct decode_cursor {
	int encoding;
	const unsigned char *text; /* borrowed */
	size_t len;
	size_t in, out; /* so much of it is so many decoded bytes */
	unsigned state;
};

void decode_cursor_init(struct decode_cursor *cursor, int encoding,
	const unsigned char *text, size_t len);

/** Sets the half-open span of the text that the decoded bytes start..end came
 * from, in whole units where they are not the same bytes. */
void decode_cursor_span(struct decode_cursor *cursor, size_t start, size_t end,
	size_t *text_start, size_t *text_end);

#endif
