#include "cmd/merge.h"

#include "base/array.h"
#include "cmd/gaps.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void merge_clear(struct merge *merge)
{
	for (size_t i = 0; i < merge->count; i++)
		section_clear(&merge->sections[i]);
	free(merge->sections);
	merge_list_clear(&merge->list);
	*merge = (struct merge){ 0 };
}

/** What two shards of a scan do not have in common, or NULL. */
static const char *difference(
	const struct scan_result *a, const struct scan_result *b)
{
	if (a->shard.count != b->shard.count)
		return "they are of different numbers of shards";
	if (a->sources != b->sources)
		return "they looked at different places";
	if (strcmp(a->tips_digest, b->tips_digest) != 0)
		return "the repository's refs, or the range, were others";
	if (strcmp(a->entries_digest, b->entries_digest) != 0)
		return "they did not list the same paths and contents";
	if (strcmp(a->options_digest, b->options_digest) != 0)
		return "limits, confidence, fingerprint key, or what is "
		       "accepted differ";
	if (a->now != b->now)
		return "they judge expiry by different days: give all of them "
		       "the same --now";
	if (a->bare != b->bare)
		return "one repository is bare, the other has a worktree";
	if (a->paths != b->paths || a->excluded != b->excluded ||
		a->commits != b->commits)
		return "they do not count the same paths and commits";
	return NULL;
}

/** Takes over the section, which is empty then. */
static int add(struct merge *merge, struct section *section, struct err *err)
{
	const struct shard shard = section->result.shard;
	if (!shard.index || shard.index > shard.count)
		return merge_refuse_whole(&section->at, err);
	const char *why = merge->count
		? difference(&merge->sections[0].result, &section->result)
		: NULL;
	if (why)
		return merge_refuse_pair(
			&merge->sections[0].at, &section->at, why, err);
	for (size_t i = 0; i < merge->count; i++) {
		const struct section *other = &merge->sections[i];
		if (other->result.shard.index != shard.index)
			continue;
		if (memcmp(other->digest, section->digest, DIGEST_SIZE) != 0)
			return merge_refuse_pair(&other->at, &section->at,
				"both are of the same shard, and differ", err);
		section_clear(section);
		return 0;
	}
	ARRAY_GROW(merge->sections, merge->count, merge->capacity);
	merge->sections[merge->count++] = *section;
	*section = (struct section){ 0 };
	return 0;
}

static int read_shards(struct merge *merge, struct line_reader *lines,
	const struct section_opts *opts, struct err *err)
{
	CLEANUP(section_clear) struct section section = { 0 };
	int rc;
	do {
		rc = section_read(&section, lines, opts, err);
		if (rc > 0 && add(merge, &section, err) < 0)
			rc = err->code;
	} while (rc > 0);
	return rc;
}

static int read_reports(struct merge *merge, struct line_reader *lines,
	const struct section_opts *opts, struct err *err)
{
	int rc = line_reader_next(lines, err);
	if (rc < 0)
		return rc;
	if (rc == 0) { /* a shard of a list can be one of no repository */
		merge->empty = lines->name;
		return 0;
	}
	bool is_list = list_section_begins(lines);
	line_reader_keep(lines);
	if (is_list ? merge->count : merge->list.count)
		return line_reader_fail(lines, err,
			"reports of one repository and of many cannot be "
			"joined");
	return is_list
		? merge_list_read(&merge->list, lines, opts->version, err)
		: read_shards(merge, lines, opts, err);
}

int merge_read(struct merge *merge, const char *path,
	const struct section_opts *opts, struct err *err)
{
	bool is_stdin = !strcmp(path, "-");
	CLEANUP(fclosep) FILE *file = is_stdin ? NULL : fopen(path, "re");
	if (!is_stdin && !file)
		return err_errno(err, "%s", path);
	CLEANUP(line_reader_clear) struct line_reader lines;
	line_reader_init(&lines, is_stdin ? "standard input" : path,
		is_stdin ? stdin : file);
	return read_reports(merge, &lines, opts, err);
}

static int compare_sections(const void *left, const void *right)
{
	const struct section *a = left;
	const struct section *b = right;
	uint32_t x = a->result.shard.index;
	uint32_t y = b->result.shard.index;
	return (x > y) - (x < y);
}

/** The sections are sorted. */
static int check_complete(const struct merge *merge, struct err *err)
{
	uint32_t count = merge->sections[0].result.shard.count;
	CLEANUP(gaps_clear) struct gaps gaps;
	gaps_init(&gaps);
	for (size_t i = 0; i < merge->count; i++)
		gaps_meet(&gaps, merge->sections[i].result.shard.index);
	gaps_meet(&gaps, (size_t)count + 1);
	if (!gaps.missing)
		return 0;
	return err_set(err, ERR_PARSE,
		"%zu of %" PRIu32 " shards are missing: %s", gaps.missing,
		count, gaps.text.bytes);
}

int merge_finish(struct scan_result *out, struct merge *merge, struct err *err)
{
	if (!merge->count || merge->empty)
		return err_set(err, ERR_PARSE, "%s: there is no report in it",
			merge->empty);
	qsort(merge->sections, merge->count, sizeof(*merge->sections),
		compare_sections);
	int rc = check_complete(merge, err);
	if (rc < 0)
		return rc;
	*out = merge->sections[0].result;
	merge->sections[0].result = (struct scan_result){ 0 };
	out->shard = (struct shard){ 0 };
	for (size_t i = 1; i < merge->count; i++) {
		struct scan_result *next = &merge->sections[i].result;
		out->blobs += next->blobs;
		out->bytes += next->bytes;
		out->unsure += next->unsure;
		scan_result_absorb(out, next);
	}
	scan_result_sort(out);
	merge_clear(merge);
	return 0;
}
