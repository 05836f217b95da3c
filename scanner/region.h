/*
 * From byte offsets to lines and columns. A line ends behind its LF, as git
 * counts lines; the CR of a CRLF belongs to the line before it.
 */
#ifndef SCANNER_REGION_H
#define SCANNER_REGION_H

#include "scanner/finding.h"

#include <stddef.h>

/** Remembers the last line found, so that ascending offsets cost one pass over
 * the bytes in all, however many they are. */
struct line_cursor {
	const unsigned char *bytes; /* borrowed */
	size_t len;
	size_t line;  /* from 1 */
	size_t start; /* offset of its first byte */
};

/** Stands at the first line of `len` borrowed bytes. */
void line_cursor_init(
	struct line_cursor *cursor, const unsigned char *bytes, size_t len);

/**
 * The region of the half-open span; offsets past the end are cut to it. An
 * empty span ends where it starts. An offset before that of the last call
 * starts over from the first byte.
 */
struct region line_cursor_region(
	struct line_cursor *cursor, size_t start, size_t end);

#endif
