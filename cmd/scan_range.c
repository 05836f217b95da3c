#include "cmd/scan_range.h"

#include "base/array.h"
#include "base/buf.h"
#include "base/file.h"
#include "scanner/revision.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MAX_OBJECT ((size_t)64 << 20)  /* commits and tags on the way */
#define MAX_LIST   ((size_t)256 << 20) /* of --commits-from */

bool range_is_asked(const struct range_fields *fields)
{
	return fields->ranges.count || fields->since || fields->commits_from;
}

void scan_range_clear(struct scan_range *range)
{
	free(range->tips.items);
	free(range->cuts.items);
	free(range->commits.items);
	*range = (struct scan_range){ 0 };
}

static int add(struct oid_list *list, struct revision_lookup *lookup,
	const char *name, size_t len, struct err *err)
{
	ARRAY_GROW(list->items, list->count, list->capacity);
	struct oid *oid = &list->items[list->count];
	int rc = len ? revision_find(oid, lookup, name, len, err)
		     : revision_find(oid, lookup, "HEAD", strlen("HEAD"), err);
	list->count += rc == 0;
	return rc;
}

static int add_range(struct scan_range *range, struct revision_lookup *lookup,
	const char *word, struct err *err)
{
	lookup->name = word;
	const char *dots = strstr(word, "..");
	if (dots && dots[2] == '.')
		return err_set(err, ERR_USAGE,
			"--range takes <from>..<to>, not '%s' with three dots",
			word);
	if (*word == '^' && !dots)
		return add(
			&range->cuts, lookup, word + 1, strlen(word + 1), err);
	if (!dots)
		return add(&range->tips, lookup, word, strlen(word), err);
	int rc = add(&range->cuts, lookup, word, (size_t)(dots - word), err);
	return rc < 0
		? rc
		: add(&range->tips, lookup, dots + 2, strlen(dots + 2), err);
}

static int read_list(struct buf *text, const char *name, struct err *err)
{
	return strcmp(name, "-") != 0
		? file_read(text, name, FILE_FOLLOW, err)
		: file_read_fd(text, STDIN_FILENO, "standard input", err);
}

/** One commit a line, as `git rev-list` prints them; what stands behind a
 * space (parents) is left alone. */
static int add_listed(struct scan_range *range, struct revision_lookup *lookup,
	const char *name, struct err *err)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, MAX_LIST);
	buf_add(&text, "", 0);
	int rc = read_list(&text, name, err);
	/* a list without a commit asks for none, not for all */
	ARRAY_GROW(range->commits.items, range->commits.count,
		range->commits.capacity);
	for (char *line = text.bytes; rc == 0 && *line;) {
		size_t len = strcspn(line, "\n");
		bool last = !line[len];
		line[len] = '\0';
		size_t word = strcspn(line, " \t\r");
		lookup->name = line;
		if (word)
			rc = add(&range->commits, lookup, line, word, err);
		line += len + !last;
	}
	return rc;
}

static int parse_since(
	struct scan_opts *scan, const char *text, struct err *err)
{
	static const char *const forms[] = { "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ" };
	scan->has_since = text != NULL;
	for (size_t i = 0; text && i < ARRAY_SIZE(forms); i++) {
		struct tm date = { 0 };
		const char *end = strptime(text, forms[i], &date);
		scan->since = (int64_t)timegm(&date);
		if (end && !*end)
			return 0;
	}
	return text ? err_set(err, ERR_USAGE,
			      "--since takes a date as YYYY-MM-DD or "
			      "YYYY-MM-DDTHH:MM:SSZ (UTC), not '%s'",
			      text)
		    : 0;
}

static int look_up(struct scan_range *range, const struct range_fields *fields,
	struct repo *repo, struct err *err)
{
	CLEANUP(objects_freep) struct objects *objects = NULL;
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	const struct objects_opts opts = {
		.dirs = repo_object_dirs(repo),
		.max_object_size = MAX_OBJECT,
	};
	int rc = objects_open(&objects, &opts, err);
	if (rc == 0)
		rc = objects_reader_new(&reader, objects, err);
	struct revision_lookup lookup = {
		.repo = repo,
		.reader = reader,
		.unknown = "no ref or object of that name",
	};
	for (size_t i = 0; rc == 0 && i < fields->ranges.count; i++)
		rc = add_range(range, &lookup, fields->ranges.items[i], err);
	if (rc == 0 && fields->commits_from)
		rc = add_listed(range, &lookup, fields->commits_from, err);
	return rc;
}

int scan_range_parse(struct scan_range *out, struct scan_opts *scan,
	const struct range_fields *fields, struct repo *repo, struct err *err)
{
	if (fields->ranges.count && fields->commits_from)
		return err_set(err, ERR_USAGE,
			"--range and --commits-from do not go together");
	int rc = parse_since(scan, fields->since, err);
	if (rc == 0 && (fields->ranges.count || fields->commits_from))
		rc = look_up(out, fields, repo, err);
	scan->range_tips = out->tips.items;
	scan->range_tip_count = out->tips.count;
	scan->range_cuts = out->cuts.items;
	scan->range_cut_count = out->cuts.count;
	scan->commits = out->commits.items;
	scan->commit_count = out->commits.count;
	return rc;
}
