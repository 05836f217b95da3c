#include "report/line_reader.h"

#include "base/alloc.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK ((size_t)64 << 10)

void line_reader_init(struct line_reader *reader, const char *name, FILE *in)
{
	*reader = (struct line_reader){
		.name = name,
		.in = in,
		.block = xmalloc(BLOCK),
	};
	buf_init(&reader->line, LINE_MAX_BYTES);
}

void line_reader_clear(struct line_reader *reader)
{
	buf_clear(&reader->line);
	free(reader->block);
	*reader = (struct line_reader){ 0 };
}

int line_reader_fail(const struct line_reader *reader, struct err *err,
	const char *format, ...)
{
	char why[sizeof(err->msg)];
	va_list args;
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	return err_set(err, ERR_PARSE, "%s:%zu: %s", reader->name,
		reader->number, why);
}

/** Another block, when this one is used up; 0 at the end. */
static int fill(struct line_reader *reader, struct err *err)
{
	if (reader->at < reader->end)
		return 1;
	reader->at = 0;
	reader->end = fread(reader->block, 1, BLOCK, reader->in);
	reader->total += reader->end;
	if (ferror(reader->in))
		return err_errno(err, "%s", reader->name);
	if (reader->total > LINES_MAX_BYTES)
		return err_set(err, ERR_LIMIT, "%s: more than %d GiB",
			reader->name, (int)(LINES_MAX_BYTES >> 30));
	return reader->end > 0;
}

void line_reader_keep(struct line_reader *reader)
{
	reader->is_kept = true;
}

uint64_t line_reader_offset(const struct line_reader *reader)
{
	return reader->total - (reader->end - reader->at);
}

int line_reader_next(struct line_reader *reader, struct err *err)
{
	if (reader->is_kept) {
		reader->is_kept = false;
		return 1;
	}
	buf_reset(&reader->line);
	reader->is_torn = true;
	reader->number++;
	int rc;
	while ((rc = fill(reader, err)) > 0) {
		const char *start = reader->block + reader->at;
		size_t left = reader->end - reader->at;
		const char *newline = memchr(start, '\n', left);
		size_t len = newline ? (size_t)(newline - start) : left;
		reader->at += len + (newline != NULL);
		if (buf_add(&reader->line, start, len) < 0)
			return err_set(err, ERR_LIMIT,
				"%s:%zu: a line of more than %d MiB",
				reader->name, reader->number,
				(int)(LINE_MAX_BYTES >> 20));
		if (newline) {
			reader->is_torn = false;
			return 1;
		}
	}
	return rc < 0 ? rc : reader->line.len > 0;
}
