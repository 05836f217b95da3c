/*
 * Encoded text is read unit by unit: the fewest bytes that decode on their own.
 * So a decoded byte can be traced back to the text it came from by reading the
 * text once more, and nothing has to be kept for that.
 */
#ifndef RULES_ENCODED_UNIT_H
#define RULES_ENCODED_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct unit {
	size_t skip;            /* bytes before it that stand for nothing */
	size_t in;              /* bytes of it */
	size_t out;             /* decoded bytes */
	bool verbatim;          /* they are the same as the encoded ones */
	unsigned char bytes[4]; /* they are these, unless verbatim */
};

/** Reads the unit at `text`, which has at least one byte; skip + in is at least
 * 1, too. `state` is the reader's own, 0 at the start of a text. */
typedef void unit_reader(struct unit *out, unsigned *state,
	const unsigned char *text, size_t len);

unit_reader unit_base64;
unit_reader unit_hex;
unit_reader unit_percent;
unit_reader unit_utf16le;
unit_reader unit_utf16be;
unit_reader unit_bom;
unit_reader unit_json;

/** A unit of one character, as UTF-8; U+FFFD for what is none. */
void unit_set_character(struct unit *out, uint32_t code);

/** The next `len` bytes as they are. */
static inline void unit_set_verbatim(struct unit *out, size_t len)
{
	*out = (struct unit){ .in = len, .out = len, .verbatim = true };
}

#endif
