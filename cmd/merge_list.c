#include "cmd/merge_list.h"

#include "base/array.h"
#include "cmd/gaps.h"

#include <stdlib.h>
#include <string.h>

void merge_list_clear(struct merge_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		list_section_clear(&list->items[i].section);
	free(list->items);
	if (list->spool)
		fclose(list->spool);
	*list = (struct merge_list){ 0 };
}

/** What two reports of a run do not have in common, or NULL. */
static const char *difference(
	const struct list_section *a, const struct list_section *b)
{
	if (a->count != b->count || a->shard.count != b->shard.count)
		return "they are of different lists of repositories, or "
		       "numbers of shards";
	if (strcmp(a->plan_digest, b->plan_digest) != 0)
		return "they are of different lists of repositories, or some "
		       "have grown in between";
	if (strcmp(a->options_digest, b->options_digest) != 0)
		return "their options differ";
	return NULL;
}

int merge_refuse_pair(const struct line_place *a, const struct line_place *b,
	const char *why, struct err *err)
{
	return err_set(err, ERR_PARSE,
		"%s:%zu and %s:%zu are no shards of one scan: %s", a->name,
		a->line, b->name, b->line, why);
}

int merge_refuse_whole(const struct line_place *at, struct err *err)
{
	return err_set(err, ERR_PARSE,
		"%s:%zu: not the report of a shard: scan --shard writes these",
		at->name, at->line);
}

/** Takes over the section. */
static int add(struct merge_list *list, struct list_section *section,
	off_t offset, struct err *err)
{
	const struct shard *shard = &section->shard;
	if (!shard->index || shard->index > shard->count)
		return merge_refuse_whole(&section->at, err);
	const char *why = list->count
		? difference(&list->items[0].section, section)
		: NULL;
	if (why)
		return merge_refuse_pair(
			&list->items[0].section.at, &section->at, why, err);
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = (struct kept_section){ *section, offset };
	*section = (struct list_section){ 0 };
	return 0;
}

int merge_list_read(struct merge_list *list, struct line_reader *lines,
	const char *version, struct err *err)
{
	CLEANUP(list_section_clear) struct list_section section = { 0 };
	if (!list->spool)
		list->spool = tmpfile();
	if (!list->spool)
		return err_errno(err, "cannot make a temporary file");
	int rc;
	do {
		off_t offset = ftello(list->spool);
		rc = list_section_read(
			&section, lines, version, list->spool, err);
		if (rc > 0 && add(list, &section, offset, err) < 0)
			rc = err->code;
	} while (rc > 0);
	return rc;
}

static int compare_items(const void *left, const void *right)
{
	const struct kept_section *a = left;
	const struct kept_section *b = right;
	size_t x = a->section.number;
	size_t y = b->section.number;
	if (x != y)
		return x < y ? -1 : 1;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

/** Drops the equal report of a task that ran twice; the items are sorted. */
static int drop_equal(struct merge_list *list, struct err *err)
{
	size_t kept = 0;
	for (size_t i = 0; i < list->count; i++) {
		struct kept_section *item = &list->items[i];
		struct kept_section *last =
			kept ? &list->items[kept - 1] : NULL;
		if (!last || last->section.number != item->section.number) {
			struct kept_section moved = *item;
			item->section = (struct list_section){ 0 };
			list->items[kept++] = moved;
			continue;
		}
		if (memcmp(last->section.digest, item->section.digest,
			    DIGEST_SIZE) != 0)
			return merge_refuse_pair(&last->section.at,
				&item->section.at,
				"both are of the same repository, and differ",
				err);
		list_section_clear(&item->section);
	}
	list->count = kept;
	return 0;
}

static int check_complete(const struct merge_list *list, struct err *err)
{
	CLEANUP(gaps_clear) struct gaps gaps;
	gaps_init(&gaps);
	for (size_t i = 0; i < list->count; i++)
		gaps_meet(&gaps, list->items[i].section.number);
	size_t count = list->items[0].section.count;
	gaps_meet(&gaps, count + 1);
	if (!gaps.missing)
		return 0;
	return err_set(err, ERR_PARSE,
		"%zu of %zu repositories are missing: numbers %s", gaps.missing,
		count, gaps.text.bytes);
}

int merge_list_write(struct merge_list *list, FILE *out,
	struct list_totals *totals, int fail_on, struct err *err)
{
	*totals = (struct list_totals){ 0 };
	qsort(list->items, list->count, sizeof(*list->items), compare_items);
	int rc = drop_equal(list, err);
	if (rc == 0)
		rc = check_complete(list, err);
	for (size_t i = 0; rc == 0 && i < list->count; i++) {
		list_totals_add(totals, &list->items[i].section, fail_on);
		rc = list_section_copy(out, list->spool, list->items[i].offset,
			list->items[i].section.len, err);
	}
	return rc;
}
