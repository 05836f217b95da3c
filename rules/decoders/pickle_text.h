/* The text operands of pickle protocol 0. */
#ifndef RULES_DECODERS_PICKLE_TEXT_H
#define RULES_DECODERS_PICKLE_TEXT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Bytes in the arena, or borrowed. */
struct pickle_span {
	const unsigned char *bytes;
	size_t len;
};

/** A quoted Python 2 string literal, quotes and escapes resolved. */
bool pickle_unquote(struct pickle_span *out, struct arena *arena,
	const unsigned char *line, size_t len);

/** Python's raw-unicode-escape: Latin-1 with \u and \U, turned into UTF-8. */
bool pickle_unescape(struct pickle_span *out, struct arena *arena,
	const unsigned char *line, size_t len);

/** A decimal integer of the whole line. False when it is none. */
bool pickle_is_decimal(const unsigned char *line, size_t len);

/** Reads it; false when it is none or needs more than 64 bits. */
bool pickle_decimal(int64_t *out, const unsigned char *line, size_t len);

/** A float as Python's repr() writes it. False when it is none. */
bool pickle_real(double *out, const unsigned char *line, size_t len);

#endif
