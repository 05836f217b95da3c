/*
 * Hashes of lines as GitHub's code scanning knows results by them again when
 * their lines have moved (github/codeql-action, src/fingerprints.ts).
 *
 * The hash of a line is a polynomial over the 100 UTF-16 code units from its
 * start on, without tabs and spaces, line ends folded to LF, 0xFFFF at the end
 * of the file and zeros behind it. Lines end with LF, CR or CRLF there, so
 * their numbers differ from git's where a CR stands alone.
 */
#ifndef SCANNER_LINE_HASH_H
#define SCANNER_LINE_HASH_H

#include <stddef.h>
#include <stdint.h>

/** One line that is asked for. */
struct line_hash {
	size_t line; /* from 1 */
	uint64_t hash;
	size_t nth; /* of the lines of the file with this hash, from 1; 0: the
			file has no such line */
};

/** Fills hash and nth of `count` lines, sorted by number, none twice. Two
 * passes over the bytes, however many lines are asked for. */
void line_hash_find(struct line_hash *lines, size_t count,
	const unsigned char *bytes, size_t len);

/**
 * One character of what should be UTF-8, decoded as WHATWG's decoder does: what
 * is none gives U+FFFD for each longest start of a character. Returns the
 * bytes taken, at least 1; `len` must be at least 1.
 */
size_t text_next_character(
	uint32_t *code, const unsigned char *bytes, size_t len);

/** UTF-16 code units of a character: 1 or 2. */
static inline size_t utf16_units(uint32_t code)
{
	return code < 0x10000 ? 1 : 2;
}

#endif
