#include "report/list_section.h"

#include "base/alloc.h"
#include "report/finding_json.h"
#include "report/json_lines.h"
#include "report/json_read.h"

#include <stdlib.h>
#include <string.h>

#define SHARD_MEMBER ",\"shard\":{"

/** The section that is being read. */
struct reading {
	struct list_section *section;
	struct json_lines lines;
	const char *version;
	FILE *copy;
	size_t findings, skipped; /* lines of these */
};

void list_section_clear(struct list_section *section)
{
	free(section->repository);
	*section = (struct list_section){ 0 };
}

static void reading_clear(struct reading *reading)
{
	json_lines_clear(&reading->lines);
}

static int fail(const struct reading *reading, const char *what)
{
	return json_lines_fail(&reading->lines, what);
}

bool list_section_begins(const struct line_reader *lines)
{
	const char *why;
	json_t *object = json_line_parse(&why, &lines->line);
	bool begins = json_is_integer(json_object_get(object, "number"));
	json_decref(object);
	return begins;
}

/** Copies `len` bytes of the line, and what ends it. */
static int take_text(struct reading *reading, size_t len, const char *end)
{
	struct list_section *section = reading->section;
	const struct buf *line = &reading->lines.in->line;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add(&text, line->bytes, len);
	buf_add_text(&text, end);
	json_lines_digest(section->digest, text.bytes, text.len);
	section->len += text.len;
	if (reading->copy &&
		fwrite(text.bytes, 1, text.len, reading->copy) != text.len)
		return err_errno(reading->lines.err, "cannot keep a report");
	return 0;
}

/** The first line: "shard" is its last member, and its value holds no
 * object. */
static int take_first(struct reading *reading)
{
	const struct buf *line = &reading->lines.in->line;
	if (!reading->section->shard.count)
		return take_text(reading, line->len, "\n");
	const char *found = NULL;
	for (const char *at = line->bytes; (at = strstr(at, SHARD_MEMBER));
		at++)
		found = at;
	if (!found || strchr(found, '}') != line->bytes + line->len - 2)
		return fail(reading, "its shard is not as merge knows it");
	return take_text(reading, (size_t)(found - line->bytes), "}\n");
}

/** Of a header, or of what stands in its place. */
static int take_list(struct reading *reading)
{
	struct list_section *section = reading->section;
	const json_t *object = reading->lines.object;
	const json_t *shard = json_object_get(object, "shard");
	const char *type = get_text(object, "type");
	const char *version = get_text(object, "version");
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const char *repository =
		copy_path(&arena, object, "repository", "repository_base64");
	section->number = get_count(object, "number");
	section->count = get_count(object, "of");
	section->is_failed = type && !strcmp(type, "failed");
	section->shard = (struct shard){ get_count32(shard, "index"),
		get_count32(shard, "count") };
	get_word(section->options_digest, sizeof(section->options_digest),
		object, "options_digest");
	get_word(section->plan_digest, sizeof(section->plan_digest), shard,
		"plan_digest");
	if (!type || (!section->is_failed && strcmp(type, "header") != 0) ||
		!version || !repository || !section->number ||
		section->number > section->count)
		return fail(reading, "not the report of a repository of many");
	section->repository = xstrdup(repository);
	int rc = json_lines_check_version(
		&reading->lines, version, reading->version);
	return rc < 0 ? rc : take_first(reading);
}

static int take_summary(struct reading *reading)
{
	struct list_section *section = reading->section;
	const json_t *object = reading->lines.object;
	const json_t *severities = json_object_get(object, "by_severity");
	size_t skipped = 0;
	const char *key;
	json_t *value;
	json_object_foreach(json_object_get(object, "skipped"), key, value)
		skipped += (size_t)json_integer_value(value);
	for (int i = 0; i <= SEVERITY_CRITICAL; i++)
		section->by_severity[i] =
			get_count(severities, severity_name(i));
	section->is_complete = get_bool(object, "complete");
	section->has_skipped = skipped > 0;
	if (get_count(object, "findings") + get_count(object, "suppressed") !=
			reading->findings ||
		skipped != reading->skipped)
		return fail(reading, "lines are missing before this summary");
	return 1;
}

/** 1 for the summary. */
static int take_line(struct reading *reading)
{
	const char *type = get_text(reading->lines.object, "type");
	int rc = 0;
	if (type && (!strcmp(type, "header") || !strcmp(type, "failed")))
		return json_lines_fail_unended(&reading->lines);
	if (type && !strcmp(type, "finding"))
		reading->findings++;
	else if (type && !strcmp(type, "skipped"))
		reading->skipped++;
	else if (type && !strcmp(type, "summary"))
		rc = take_summary(reading);
	else
		rc = fail(reading, "not a line of a jsonl report");
	int copied = rc < 0
		? 0
		: take_text(reading, reading->lines.in->line.len, "\n");
	return copied < 0 ? copied : rc;
}

/** Whether a line that was cut can be the first one of a report. */
static bool may_begin(const struct buf *line, const char *version)
{
	static const char *const types[] = { "header", "failed" };
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		CLEANUP(buf_clear) struct buf start;
		buf_init(&start, 0);
		buf_printf(&start,
			"{\"type\":\"%s\",\"format\":%d,\"version\":\"%s\",",
			types[i], JSON_FORMAT, version);
		size_t len = line->len < start.len ? line->len : start.len;
		if (!memcmp(line->bytes, start.bytes, len))
			return true;
	}
	return false;
}

static int read_on(struct reading *reading)
{
	int rc = take_list(reading);
	if (rc == 0 && reading->section->is_failed)
		return 1;
	while (rc == 0) {
		rc = json_lines_next(&reading->lines);
		if (rc == 0)
			rc = take_line(reading);
	}
	return rc;
}

int list_section_read(struct list_section *out, struct line_reader *lines,
	const char *version, FILE *copy, struct err *err)
{
	*out = (struct list_section){ .at.name = lines->name };
	CLEANUP(reading_clear)
	struct reading reading = {
		.section = out,
		.lines = { .in = lines, .err = err },
		.version = version,
		.copy = copy,
	};
	int rc = json_lines_begin(&reading.lines);
	out->at.line = reading.lines.first;
	if (rc > 0)
		rc = read_on(&reading);
	else if (rc == ERR_CORRUPT && !may_begin(&lines->line, version))
		rc = fail(&reading, "not the report of a repository of many");
	if (rc < 0 && rc != ERR_CORRUPT)
		list_section_clear(out);
	return rc;
}

int list_section_copy(
	FILE *out, FILE *kept, off_t offset, size_t len, struct err *err)
{
	char block[16384];
	if (fseeko(kept, offset, SEEK_SET) < 0)
		return err_errno(err, "cannot read a report again");
	while (len) {
		size_t size = len < sizeof(block) ? len : sizeof(block);
		if (fread(block, 1, size, kept) != size)
			return err_errno(err, "cannot read a report again");
		if (fwrite(block, 1, size, out) != size)
			return err_errno(err, "cannot write the report");
		len -= size;
	}
	return 0;
}
