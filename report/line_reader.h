/*
 * Lines of a file or pipe that somebody else wrote, within bounds: of a line,
 * and of all of it.
 */
#ifndef REPORT_LINE_READER_H
#define REPORT_LINE_READER_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define LINE_MAX_BYTES  ((size_t)8 << 20)
#define LINES_MAX_BYTES ((uint64_t)16 << 30)

/** Where something was read. */
struct line_place {
	const char *name; /* the file; borrowed from its reader */
	size_t line;
};

/** Opaque but for what the last line was. */
struct line_reader {
	const char *name; /* for messages; borrowed */
	size_t number;    /* of the line, from 1 */
	struct buf line;  /* without its newline */
	bool is_torn;     /* it had none: the file ends in it */
	bool is_kept;     /* the next is this one again */

	FILE *in; /* borrowed */
	char *block;
	size_t at, end; /* what is left of the block */
	uint64_t total;
};

void line_reader_init(struct line_reader *reader, const char *name, FILE *in);
void line_reader_clear(struct line_reader *reader);

/** Reads the next line: 1, or 0 at the end. ERR_LIMIT with "name:line: …"
 * beyond a bound. */
int line_reader_next(struct line_reader *reader, struct err *err) MUST_CHECK;

/** Lets the next call give the same line again. */
void line_reader_keep(struct line_reader *reader);

/** Bytes up to the end of this line. */
uint64_t line_reader_offset(const struct line_reader *reader);

/** An error of this line: "name:line: …"; returns ERR_PARSE. */
int line_reader_fail(const struct line_reader *reader, struct err *err,
	const char *format, ...) PRINTF_LIKE(3, 4);

#endif
