/*
 * CSV by RFC 4180 that spreadsheets open without harm: a cell that one would
 * take for a formula gets an apostrophe, and control characters are escaped
 * visibly.
 */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/** One row as it is written. */
struct csv_row {
	FILE *out;
	bool has_cells;
};

/** One cell; NULL and "" are empty. */
void csv_put_text(struct csv_row *row, const char *text);
/** The same of a path: what is not plain text is C-quoted as git does. */
void csv_put_path(struct csv_row *row, const char *path);
void csv_put_count(struct csv_row *row, size_t count);
/** A date, or nothing. */
void csv_put_date(struct csv_row *row, bool known, int64_t time);

/** Ends the line, with CRLF. */
void csv_end_row(struct csv_row *row);

#endif
