/*
 * Markdown (CommonMark 0.31) that can be pasted into a pull request. What comes
 * from a repository stands in code spans and fenced blocks alone, where no
 * link, mention, image or HTML can begin; control characters are escaped
 * before, as for a terminal (text_escape.h). A paragraph is one line, because
 * hosts show a line break in a comment as one.
 */
#ifndef REPORT_MARKDOWN_H
#define REPORT_MARKDOWN_H

#include "base/buf.h"

#include <stdio.h>

/** Appends one line of text, without control characters, as a code span. */
void markdown_add_code(struct buf *out, const char *text);

/** Appends a path as a code span; a `line` other than 0 follows it. */
void markdown_add_path(struct buf *out, const char *path, size_t line);

/** Appends words that are to be read as they are: titles and advice of rules,
 * which may come from a file. */
void markdown_add_text(struct buf *out, const char *text);

/** Prints a fenced block of whole lines; `language` may be "". */
void markdown_put_block(FILE *out, const char *language, const char *text);

#endif
