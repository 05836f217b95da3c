/*
 * The lines of a jsonl report that somebody else wrote, each a JSON object.
 * Refused are those that cost too much memory, and those that a terminal would
 * obey: every report of ours escapes such characters, and lines may be passed
 * on as they are.
 */
#ifndef REPORT_JSON_LINES_H
#define REPORT_JSON_LINES_H

#include "report/line_reader.h"
#include "scanner/fingerprint.h"

#include <jansson.h>

struct json_lines {
	struct line_reader *in; /* borrowed */
	struct err *err;        /* borrowed */
	json_t *object;         /* the line; until the next */
	size_t first;           /* where the report begins */
};

void json_lines_clear(struct json_lines *lines);

/** Reads the line in which a report begins: 1, or 0 at the end. ERR_CORRUPT
 * when the file ends in it, ERR_PARSE or ERR_LIMIT when it is no line of a
 * report. */
int json_lines_begin(struct json_lines *lines) MUST_CHECK;

/** Reads the next line of the same report. ERR_CORRUPT when the file ends in it
 * or before it. */
int json_lines_next(struct json_lines *lines) MUST_CHECK;

/** An error of this line; returns ERR_PARSE. */
int json_lines_fail(const struct json_lines *lines, const char *what);

/** That another report begins before this one has ended. */
int json_lines_fail_unended(const struct json_lines *lines);

/** ERR_PARSE when `written_by` is not this version. */
int json_lines_check_version(const struct json_lines *lines,
	const char *written_by, const char *version) MUST_CHECK;

/** A line alone; NULL, and why so, when it is none of a report. Caller frees.
 */
json_t *json_line_parse(const char **why, const struct buf *line);

/** The digest of what came before and of these bytes. */
void json_lines_digest(
	unsigned char digest[DIGEST_SIZE], const char *bytes, size_t len);

#endif
