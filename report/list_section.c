#include "report/list_section.h"

#include "base/alloc.h"
#include "report/json_read.h"

#include <stdlib.h>
#include <string.h>

#define SHARD_MEMBER ",\"shard\":{"

/** The section that is being read. */
struct reading {
	struct list_section *section;
	struct line_reader *lines;
	const char *version;
	FILE *copy;
	struct err *err;
	json_t *object;           /* the line */
	size_t findings, skipped; /* lines of these */
};

void list_section_clear(struct list_section *section)
{
	free(section->repository);
	*section = (struct list_section){ 0 };
}

static void reading_clear(struct reading *reading)
{
	json_decref(reading->object);
}

static int fail(const struct reading *reading, const char *what)
{
	return line_reader_fail(reading->lines, reading->err, "%s", what);
}

static int fail_torn(const struct reading *reading)
{
	line_reader_fail(reading->lines, reading->err,
		"torn: the report that begins in line %zu does not end",
		reading->section->line);
	return reading->err->code = ERR_CORRUPT;
}

static int parse(struct reading *reading)
{
	const struct buf *line = &reading->lines->line;
	json_error_t why;
	json_decref(reading->object);
	reading->object = NULL;
	if (reading->lines->is_torn)
		return fail_torn(reading);
	reading->object = json_loadb(line->len ? line->bytes : "", line->len,
		JSON_REJECT_DUPLICATES, &why);
	return reading->object ? 0
			       : fail(reading, "not a line of a jsonl report");
}

bool list_section_begins(const struct line_reader *lines)
{
	json_error_t why;
	json_t *object = json_loadb(lines->line.len ? lines->line.bytes : "",
		lines->line.len, JSON_REJECT_DUPLICATES, &why);
	bool begins = json_is_integer(json_object_get(object, "number"));
	json_decref(object);
	return begins;
}

/** Copies `len` bytes of the line, and what ends it. */
static int take_text(struct reading *reading, size_t len, const char *end)
{
	struct list_section *section = reading->section;
	const struct buf *line = &reading->lines->line;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add(&text, section->digest, DIGEST_SIZE);
	buf_add(&text, line->bytes, len);
	buf_add_text(&text, end);
	byte_digest(section->digest, text.bytes, text.len);
	size_t size = text.len - DIGEST_SIZE;
	section->len += size;
	if (reading->copy &&
		fwrite(text.bytes + DIGEST_SIZE, 1, size, reading->copy) !=
			size)
		return err_errno(reading->err, "cannot keep a report");
	return 0;
}

/** The first line: "shard" is its last member, and its value holds no
 * object. */
static int take_first(struct reading *reading)
{
	const struct buf *line = &reading->lines->line;
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

static uint32_t shard_number(const json_t *shard, const char *key)
{
	uint64_t number = get_count(shard, key);
	return number > UINT32_MAX ? 0 : (uint32_t)number;
}

/** Of a header, or of what stands in its place. */
static int take_list(struct reading *reading)
{
	struct list_section *section = reading->section;
	const json_t *object = reading->object;
	const json_t *shard = json_object_get(object, "shard");
	const char *type = get_text(object, "type");
	const char *version = get_text(object, "version");
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const char *repository =
		copy_path(&arena, object, "repository", "repository_base64");
	section->number = get_count(object, "number");
	section->count = get_count(object, "of");
	section->is_failed = type && !strcmp(type, "failed");
	section->shard = (struct shard){ shard_number(shard, "index"),
		shard_number(shard, "count") };
	get_word(section->options_digest, sizeof(section->options_digest),
		object, "options_digest");
	get_word(section->plan_digest, sizeof(section->plan_digest), shard,
		"plan_digest");
	if (!type || (!section->is_failed && strcmp(type, "header") != 0) ||
		!version || !repository || !section->number ||
		section->number > section->count)
		return fail(reading, "not the report of a repository of many");
	section->repository = xstrdup(repository);
	if (strcmp(version, reading->version) != 0)
		return line_reader_fail(reading->lines, reading->err,
			"written by git-hygiene %.40s, this is %s", version,
			reading->version);
	return take_first(reading);
}

static int take_summary(struct reading *reading)
{
	struct list_section *section = reading->section;
	const json_t *object = reading->object;
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
	const char *type = get_text(reading->object, "type");
	int rc = 0;
	if (type && (!strcmp(type, "header") || !strcmp(type, "failed")))
		return fail_torn(reading);
	if (type && !strcmp(type, "finding"))
		reading->findings++;
	else if (type && !strcmp(type, "skipped"))
		reading->skipped++;
	else if (type && !strcmp(type, "summary"))
		rc = take_summary(reading);
	else
		rc = fail(reading, "not a line of a jsonl report");
	int copied =
		rc < 0 ? 0 : take_text(reading, reading->lines->line.len, "\n");
	return copied < 0 ? copied : rc;
}

static int read_on(struct reading *reading)
{
	int rc = parse(reading);
	if (rc == 0)
		rc = take_list(reading);
	if (rc == 0 && reading->section->is_failed)
		return 1;
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

int list_section_read(struct list_section *out, struct line_reader *lines,
	const char *version, FILE *copy, struct err *err)
{
	*out = (struct list_section){ .name = lines->name };
	int rc = line_reader_next(lines, err);
	if (rc <= 0)
		return rc;
	out->line = lines->number;
	CLEANUP(reading_clear)
	struct reading reading = {
		.section = out,
		.lines = lines,
		.version = version,
		.copy = copy,
		.err = err,
	};
	rc = read_on(&reading);
	if (rc < 0)
		list_section_clear(out);
	return rc;
}
