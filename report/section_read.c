#include "report/section_read.h"

#include "report/finding_json.h"
#include "report/json_lines.h"
#include "report/json_read.h"
#include "report/shard_json.h"

#include <stdlib.h>
#include <string.h>

/** The section that is being read. */
struct reading {
	struct section *section;
	struct json_lines lines;
	const struct section_opts *opts;
	FILE *again; /* where a line is written again */
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
	json_lines_clear(&reading->lines);
	if (reading->again)
		fclose(reading->again);
	free(reading->text);
}

static int fail(const struct reading *reading, const char *what)
{
	return json_lines_fail(&reading->lines, what);
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
	const struct buf *line = &reading->lines.in->line;
	rewind(reading->again);
	write_again(reading, type);
	if (fflush(reading->again))
		return err_errno(
			reading->lines.err, "%s", reading->lines.in->name);
	if (line->len == reading->len &&
		!memcmp(line->bytes, reading->text, line->len))
		return 0;
	return line_reader_fail(reading->lines.in, reading->lines.err,
		"this '%s' is not as git-hygiene %s writes it", type,
		reading->opts->version);
}

static int take_header(struct reading *reading)
{
	const struct section_opts *opts = reading->opts;
	struct scan_result *result = &reading->section->result;
	const char *type = get_text(reading->lines.object, "type");
	const char *version = get_text(reading->lines.object, "version");
	if (!type || strcmp(type, "header") != 0 || !version)
		return fail(reading, "not the header of a jsonl report");
	int rc = json_lines_check_version(
		&reading->lines, version, opts->version);
	if (rc < 0)
		return rc;
	if (!header_read(result, reading->lines.object))
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
	const json_t *object = reading->lines.object;
	const char *type = get_text(object, "type");
	if (!type)
		return fail(reading, "not a line of a jsonl report");
	if (!strcmp(type, "header"))
		return json_lines_fail_unended(&reading->lines);
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
	const struct buf *line = &reading->lines.in->line;
	json_lines_digest(reading->section->digest, line->bytes, line->len);
	return rc < 0 ? rc : is_summary;
}

static int read_on(struct reading *reading)
{
	int rc = take_header(reading);
	while (rc == 0) {
		rc = json_lines_next(&reading->lines);
		if (rc == 0)
			rc = take_line(reading);
	}
	return rc;
}

int section_read(struct section *out, struct line_reader *lines,
	const struct section_opts *opts, struct err *err)
{
	*out = (struct section){ .at.name = lines->name };
	CLEANUP(reading_clear)
	struct reading reading = {
		.section = out,
		.lines = { .in = lines, .err = err },
		.opts = opts,
	};
	int rc = json_lines_begin(&reading.lines);
	if (rc <= 0)
		return rc;
	out->at.line = reading.lines.first;
	reading.again = open_memstream(&reading.text, &reading.len);
	if (!reading.again)
		return err_errno(err, "%s", lines->name);
	rc = read_on(&reading);
	if (rc < 0)
		section_clear(out);
	return rc;
}
