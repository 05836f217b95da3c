#include "report/json_lines.h"

#include "base/json_size.h"
#include "base/utf8.h"

#include <string.h>

/* Of one line; each costs up to some hundred bytes. */
#define MAX_VALUES 100000

void json_lines_clear(struct json_lines *lines)
{
	json_decref(lines->object);
	*lines = (struct json_lines){ 0 };
}

/** Why a line is not even parsed, or NULL. */
static const char *fault_of(const struct buf *line)
{
	const unsigned char *at = (const unsigned char *)line->bytes;
	size_t step;
	for (size_t left = line->len; left; left -= step, at += step) {
		uint32_t code = 0;
		step = utf8_decode(&code, at, left);
		if (!step)
			return "not UTF-8";
		if (utf8_is_unsafe(code))
			return "a control character that no report has in "
			       "clear";
	}
	const struct json_size size = json_size(line->bytes, line->len);
	return size.values > MAX_VALUES ? "a line of too many values" : NULL;
}

json_t *json_line_parse(const char **why, const struct buf *line)
{
	json_error_t unused;
	*why = fault_of(line);
	json_t *object = *why
		? NULL
		: json_loadb(line->len ? line->bytes : "", line->len,
			  JSON_REJECT_DUPLICATES, &unused);
	if (!object && !*why)
		*why = "not a line of a jsonl report";
	return object;
}

int json_lines_fail(const struct json_lines *lines, const char *what)
{
	return line_reader_fail(lines->in, lines->err, "%s", what);
}

int json_lines_fail_unended(const struct json_lines *lines)
{
	return line_reader_fail(lines->in, lines->err,
		"torn: the report that begins in line %zu does not end",
		lines->first);
}

int json_lines_check_version(const struct json_lines *lines,
	const char *written_by, const char *version)
{
	if (!strcmp(written_by, version))
		return 0;
	return line_reader_fail(lines->in, lines->err,
		"written by git-hygiene %.40s, this is %s", written_by,
		version);
}

/** The file ends where the report does not. */
static int fail_torn(const struct json_lines *lines)
{
	json_lines_fail_unended(lines);
	return lines->err->code = ERR_CORRUPT;
}

/** 1, or 0 at the end. */
static int read_line(struct json_lines *lines)
{
	json_decref(lines->object);
	lines->object = NULL;
	int rc = line_reader_next(lines->in, lines->err);
	if (rc <= 0)
		return rc;
	if (!lines->first)
		lines->first = lines->in->number;
	if (lines->in->is_torn)
		return fail_torn(lines);
	const char *why;
	lines->object = json_line_parse(&why, &lines->in->line);
	return lines->object ? 1 : json_lines_fail(lines, why);
}

int json_lines_begin(struct json_lines *lines)
{
	lines->first = 0;
	return read_line(lines);
}

int json_lines_next(struct json_lines *lines)
{
	int rc = read_line(lines);
	if (rc == 0)
		return fail_torn(lines);
	return rc < 0 ? rc : 0;
}

void json_lines_digest(
	unsigned char digest[DIGEST_SIZE], const char *bytes, size_t len)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add(&text, digest, DIGEST_SIZE);
	buf_add(&text, bytes, len);
	byte_digest(digest, text.bytes, text.len);
}
