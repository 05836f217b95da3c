#include "report/section_read.h"

#include "report/finding_json.h"
#include "report/json_read.h"
#include "report/shard_json.h"

#include <stdlib.h>
#include <string.h>

/* Objects and arrays of one line; each costs some hundred bytes. */
#define MAX_BRACKETS 100000

/** The section that is being read. */
struct reading {
	struct section *section;
	struct line_reader *lines;
	const struct section_opts *opts;
	struct err *err;
	json_t *object; /* the line */
	FILE *again;    /* where it is written again */
	char *text;
	size_t len;
};

void section_clear(struct section *section)
{
	scan_result_clear(&section->result);
	*section = (struct section){ 0 };
}

static void reading_clear(struct reading *reading)
{
	json_decref(reading->object);
	if (reading->again)
		fclose(reading->again);
	free(reading->text);
}

static int fail(const struct reading *reading, const char *what)
{
	return line_reader_fail(reading->lines, reading->err, "%s", what);
}

static int fail_torn(const struct reading *reading)
{
	return line_reader_fail(reading->lines, reading->err,
		"torn: the report that begins in line %zu has no summary",
		reading->section->line);
}

static bool has_many_brackets(const struct buf *line)
{
	size_t count = 0;
	for (size_t i = 0; i < line->len; i++)
		count += line->bytes[i] == '{' || line->bytes[i] == '[';
	return count > MAX_BRACKETS;
}

static int parse(struct reading *reading)
{
	const struct buf *line = &reading->lines->line;
	json_error_t why;
	json_decref(reading->object);
	reading->object = NULL;
	if (has_many_brackets(line))
		return fail(reading, "a line of too many objects");
	reading->object = json_loadb(line->len ? line->bytes : "", line->len,
		JSON_REJECT_DUPLICATES, &why);
	if (reading->object)
		return 0;
	if (reading->lines->is_torn && reading->section->line)
		return fail_torn(reading);
	return fail(reading, "not a line of a jsonl report");
}

/** Writes what was read; `result` is that of the section. */
static void write_again(const struct reading *reading, const char *type)
{
	const struct scan_result *result = &reading->section->result;
	const struct report_opts opts = { .version = reading->opts->version };
	struct json_writer json;
	json_init(&json, reading->again);
	if (!strcmp(type, "header"))
		jsonl_header(&json, result, &opts);
	else if (!strcmp(type, "finding"))
		jsonl_finding(&json, result,
			&result->findings[result->finding_count - 1]);
	else if (!strcmp(type, "skipped"))
		jsonl_skipped(&json, result,
			&result->skipped[result->skipped_count - 1]);
	else
		json_summary(&json, result);
}

static int check(struct reading *reading, const char *type)
{
	const struct buf *line = &reading->lines->line;
	rewind(reading->again);
	write_again(reading, type);
	if (fflush(reading->again))
		return err_errno(reading->err, "%s", reading->lines->name);
	if (line->len == reading->len &&
		!memcmp(line->bytes, reading->text, line->len))
		return 0;
	return line_reader_fail(reading->lines, reading->err,
		"this '%s' is not as git-hygiene %s writes it", type,
		reading->opts->version);
}

/** The digest so far and the line give the next. */
static void add_digest(struct reading *reading)
{
	const struct buf *line = &reading->lines->line;
	unsigned char *digest = reading->section->digest;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add(&text, digest, DIGEST_SIZE);
	buf_add(&text, line->bytes, line->len);
	byte_digest(digest, text.bytes, text.len);
}

static int take_header(struct reading *reading)
{
	const struct section_opts *opts = reading->opts;
	struct scan_result *result = &reading->section->result;
	const char *type = get_text(reading->object, "type");
	const char *version = get_text(reading->object, "version");
	if (!type || strcmp(type, "header") != 0 || !version)
		return fail(reading, "not the header of a jsonl report");
	if (strcmp(version, opts->version) != 0)
		return line_reader_fail(reading->lines, reading->err,
			"written by git-hygiene %.40s, this is %s", version,
			opts->version);
	if (!header_read(result, reading->object))
		return fail(reading, "a shard of no repository");
	if (strcmp(result->rules_digest, opts->rules_digest) != 0)
		return fail(
			reading, "made with other rules than those given here");
	return check(reading, "header");
}

/** 1 for the summary, 0 for another line. */
static int take_line(struct reading *reading)
{
	struct scan_result *result = &reading->section->result;
	const json_t *object = reading->object;
	const char *type = get_text(object, "type");
	if (!type)
		return fail(reading, "not a line of a jsonl report");
	if (!strcmp(type, "header"))
		return fail_torn(reading);
	bool is_summary = !strcmp(type, "summary");
	if (!strcmp(type, "finding")) {
		const char *why =
			finding_read(result, object, &reading->opts->rules);
		if (why)
			return fail(reading, why);
	} else if (!strcmp(type, "skipped")) {
		if (!skipped_read(result, object))
			return fail(reading, "skipped for no known reason");
	} else if (is_summary) {
		summary_read(result, object);
		scan_result_sort(result);
	} else {
		return fail(reading, "not a line of a jsonl report");
	}
	int rc = check(reading, type);
	add_digest(reading);
	return rc < 0 ? rc : is_summary;
}

static int read_on(struct reading *reading)
{
	int rc = parse(reading);
	if (rc == 0)
		rc = take_header(reading);
	while (rc == 0) {
		rc = line_reader_next(reading->lines, reading->err);
		if (rc == 0)
			return fail_torn(reading);
		if (rc > 0)
			rc = parse(reading);
		if (rc == 0)
			rc = take_line(reading);
	}
	return rc;
}

int section_read(struct section *out, struct line_reader *lines,
	const struct section_opts *opts, struct err *err)
{
	*out = (struct section){ .name = lines->name };
	CLEANUP(reading_clear)
	struct reading reading = {
		.section = out,
		.lines = lines,
		.opts = opts,
		.err = err,
	};
	int rc = line_reader_next(lines, err);
	if (rc <= 0)
		return rc;
	out->line = lines->number;
	reading.again = open_memstream(&reading.text, &reading.len);
	if (!reading.again)
		return err_errno(err, "%s", lines->name);
	rc = read_on(&reading);
	if (rc < 0)
		section_clear(out);
	return rc;
}
