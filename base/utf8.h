/* UTF-8 by RFC 3629: decoding that never reads past the end. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * Decodes one character at `bytes`; `len` must be at least 1. Returns its
 * length in bytes (1 to 4) and sets *code; for a byte that starts no valid
 * character it returns 0 and leaves *code alone. Overlong forms, surrogates
 * and values above U+10FFFF are not valid.
 */
size_t utf8_decode(uint32_t *code, const unsigned char *bytes, size_t len);

/** True when all of the bytes are valid UTF-8. */
bool utf8_valid(const void *bytes, size_t len);

/** How many of the bytes to keep where `most` are wanted: so many, or up to
 * three less, so that no character is cut. */
size_t utf8_cut(const void *bytes, size_t len, size_t most);

/**
 * True for characters that change how the text around them is shown: C0 and
 * C1 controls, DEL, bidirectional marks, overrides and isolates (UAX #9),
 * zero-width characters, line and paragraph separators, and the BOM.
 */
bool utf8_is_unsafe(uint32_t code);

#endif
