/*
 * Text for man(7): what troff would take for its own is written so that the
 * reader sees the bytes that were meant, and can copy a command line.
 */
#ifndef CMD_ROFF_H
#define CMD_ROFF_H

#include <stddef.h>
#include <stdio.h>

/** Prints text in place: escaped, on the line that is being written. */
void roff_put(FILE *out, const char *text, size_t len);

/** Prints a paragraph on lines of its own, none longer than a man page's
 * source should have. A line is never mistaken for a request. */
void roff_fill(FILE *out, const char *text, size_t len);

/** Prints lines as they are, set off and without being filled. */
void roff_verbatim(FILE *out, const char *text, size_t len);

#endif
