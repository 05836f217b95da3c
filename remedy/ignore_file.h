/*
 * A .gitignore as text to be changed: the user's lines stay byte for byte, in
 * their order, with their line endings; our entries stand in one block between
 * two marked lines, which a later run finds and updates in place.
 *
 * A new block goes to the end, where it has the last word. A file without a
 * final newline gets one before the block, and then the block has none: so the
 * file still ends without one, and taking the block out restores it exactly.
 */
#ifndef REMEDY_IGNORE_FILE_H
#define REMEDY_IGNORE_FILE_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/** One line with its newline, if it has one. Borrowed from the file. */
struct text_line {
	const char *start;
	size_t len;
};

/** All zero is a file that does not exist. */
struct ignore_file {
	struct buf bytes; /* as on disk */
	struct text_line *lines;
	size_t count, capacity;
	size_t block_start, block_end; /* lines of the block with its marks,
					  half open; equal: there is none */
	bool crlf;                     /* lines end with CRLF */
};

void ignore_file_clear(struct ignore_file *file);

/**
 * Takes over the content and finds lines and block. ERR_PARSE when the marks
 * are not one pair, ERR_UNSUPPORTED for content with NUL bytes: that is UTF-16
 * or no text. `label` names the file in messages.
 */
int ignore_file_parse(struct ignore_file *out, struct buf *bytes,
	const char *label, struct err *err) MUST_CHECK;

/** A line without its ending, byte order mark included. */
struct text_line ignore_file_text(const struct ignore_file *file, size_t line);

/** True for a line of the block that is an entry of ours. */
bool ignore_file_is_entry(const struct ignore_file *file, size_t line);

/**
 * Appends the new content: the block holds `entries`, or is gone when there
 * are none; lines for which `drop` is true are left out. `drop` has an element
 * for each line, or is NULL, and is false within the block.
 */
void ignore_file_render(struct buf *out, const struct ignore_file *file,
	const char *const *entries, size_t count, const bool *drop);

/** True when rendering without entries leaves a file that we have made: it is
 * to be removed, not emptied. */
bool ignore_file_is_ours(const struct ignore_file *file);

#endif
