/*
 * The tables of a SQLite database as text. In the file values stand side by
 * side without a mark between them, over pages in any order; here each row is a
 * line, and each value stands behind the name of its column:
 *
 *     {"login":"ann","api_token":"…"}
 *
 * Texts alone are written, also those kept as blobs: numbers hold no secret,
 * and other blobs are searched where they stand in the file.
 */
#ifndef SCANNER_DATABASE_H
#define SCANNER_DATABASE_H

#include "scanner/archive.h"

/** True for a SQLite database. */
bool database_is(const unsigned char *bytes, size_t len);

/**
 * Pushes the plain tables as members of their names, in the order of the
 * schema: line n of one is its nth row, empty where it has no text. Left out
 * are tables without any text, and stores that a decoder knows. 0 when all was
 * read; ERR_CORRUPT, ERR_LIMIT where the rest was not; else what the sink ended
 * it with.
 */
int database_each(const unsigned char *bytes, size_t len,
	struct archive_bounds *bounds, archive_sink *sink, void *ctx,
	struct err *err) MUST_CHECK;

/** A half-open span. */
struct database_cell {
	size_t start, end;
};

/** The name and the value of the cell with the span, in the text of a table:
 * what stands beside it in the row is about somebody. The span itself where it
 * is in no cell, or far from the start of one; of a long value a part. */
struct database_cell database_cell_of(
	const unsigned char *rows, size_t len, size_t start, size_t end);

#endif
