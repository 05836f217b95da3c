/*
 * A page of plain text: lines that keep within the terminal's width, and the
 * small things that they are made of. Text comes in escaped (text_escape.h).
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/buf.h"
#include "report/report.h"

#include <stdint.h>
#include <stdio.h>

enum style {
	STYLE_PLAIN,
	STYLE_BOLD,
	STYLE_DIM,
	STYLE_RED,
	STYLE_YELLOW,
	STYLE_GREEN,
};

struct page {
	FILE *out; /* borrowed */
	const struct report_opts *opts;
	size_t width;     /* columns, at least PAGE_MIN_WIDTH */
	bool whole_words; /* one that does not fit sticks out */
};

#define PAGE_MIN_WIDTH 60

void page_init(struct page *page, FILE *out, const struct report_opts *opts);

/** Words of one paragraph, broken at spaces; the first line starts at column
 * `indent`, the others at `hang`. A word that does not fit is shortened, unless
 * whole ones are wanted. */
void page_wrap(
	const struct page *page, size_t indent, size_t hang, const char *text);

/** The same behind a label: the label, shorter than the distance, at column
 * `indent`, all of the text from column `hang` on. */
void page_labelled(const struct page *page, size_t indent, size_t hang,
	const char *label, const char *text);

/** A line as it is, whatever its width: something to copy. */
void page_line(const struct page *page, size_t indent, const char *text);

/** Prints a few words in a style, no newline. */
void page_styled(const struct page *page, enum style style, const char *text);

/** "1,474". */
void add_number(struct buf *out, uint64_t number);

/** "1 file", "1,474 files": `noun` gets an s unless the number is 1. */
void add_counted(struct buf *out, uint64_t number, const char *noun);

/** "512 bytes", "12.3 MiB". */
void add_size(struct buf *out, uint64_t bytes);

#endif
