/*
 * Bytes of a repository on a terminal. Whatever comes in, what goes out is
 * valid UTF-8 (or ASCII) without control, bidirectional, or invisible
 * characters, and says visibly what it stands for.
 */
#ifndef REPORT_TEXT_ESCAPE_H
#define REPORT_TEXT_ESCAPE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

/** Appends a path: as it is, or C-quoted as git quotes paths ("a\tb", octal
 * for other bytes) when anything in it needs that. Without `utf8`, bytes from
 * 0x80 on do. */
void text_add_path(struct buf *out, const char *path, bool utf8);

/** Appends other text, one line: unsafe characters as \t or octal, no quotes
 * around it; without `utf8`, an ellipsis becomes "...". */
void text_add(struct buf *out, const char *text, bool utf8);

/** The same as UTF-8 with backslashes as they are: for prose, and for text that
 * is escaped already and gets into another format now. */
void text_add_prose(struct buf *out, const char *text);

/** Appends bytes of any kind, always in quotes and C-quoted as a path is. */
void text_add_quoted(struct buf *out, const void *bytes, size_t len, bool utf8);

/** Appends a word for a POSIX shell: bare, in '', or, when it has bytes that a
 * terminal must not see, in $'' (POSIX.1-2024, bash, zsh, ksh). */
void text_add_shell(struct buf *out, const char *word, bool utf8);

/** Columns that valid UTF-8 takes on a terminal: 2 for East Asian wide
 * characters and emoji, 0 for combining marks. By blocks, so that a rare
 * character may be one off; only alignment depends on it. */
size_t text_width(const char *text, size_t len);

/** Shortens safe UTF-8 to at most `width` columns (at least 8), by taking out
 * its middle; most of what stays is its end, where a path has its name. */
void text_shorten(struct buf *text, size_t width, bool utf8);

#endif
