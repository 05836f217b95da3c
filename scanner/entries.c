#include "scanner/entries.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/tree_parse.h"

#include <stdlib.h>
#include <string.h>

void entries_clear(struct entries *entries)
{
	free(entries->items);
	*entries = (struct entries){ 0 };
}

void entries_add(
	struct entries *entries, uint32_t path, uint32_t blob, unsigned place)
{
	ARRAY_GROW(entries->items, entries->count, entries->capacity);
	entries->items[entries->count++] =
		(struct entry){ .path = path, .blob = blob, .places = place };
}

void entries_add_changes(struct entries *entries, const struct changes *changes,
	const struct history *history)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->items[i];
		if (change->blob != BLOB_NONE)
			entries_add(entries, change->path, change->blob,
				history_place(history, change->commit));
	}
}

void entries_add_tracked(struct entries *entries,
	const struct repo_index_entry *entry, unsigned place,
	struct changes *changes, struct scan_result *result)
{
	if (mode_is_gitlink(entry->mode)) {
		struct skipped *skipped =
			scan_result_add_skipped(result, SKIP_SUBMODULE);
		skipped->path = arena_strdup(&result->arena, entry->path);
		return;
	}
	if (entry->intent_to_add)
		return;
	uint32_t path =
		path_table_add(&changes->paths, entry->path, entry->path_len);
	uint32_t blob = oid_map_add(&changes->blobs, &entry->oid, NULL);
	entries_add(entries, path, blob, place);
}

struct index_context {
	struct entries *entries;
	unsigned place;
	struct changes *changes;
	struct scan_result *result;
};

static int take_index_entry(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	(void)err;
	const struct index_context *context = ctx;
	entries_add_tracked(context->entries, entry,
		context->place | (entry->stage ? PLACE_CONFLICT : 0),
		context->changes, context->result);
	return 0;
}

int entries_add_index_at(struct entries *entries, struct repo *repo,
	const char *path, unsigned place, struct changes *changes,
	struct scan_result *result, struct err *err)
{
	struct index_context context = { entries, place, changes, result };
	int rc =
		repo_each_entry_of(repo, path, take_index_entry, &context, err);
	if (rc != ERR_UNSUPPORTED && rc != ERR_CORRUPT)
		return rc;
	struct skipped *skipped =
		scan_result_add_skipped(result, SKIP_UNSUPPORTED);
	skipped->detail = arena_strdup(&result->arena, err->msg);
	return 0;
}

int entries_add_index(struct entries *entries, struct repo *repo,
	struct changes *changes, struct scan_result *result, struct err *err)
{
	CLEANUP(freep) char *path = repo_index_path(repo);
	return path ? entries_add_index_at(entries, repo, path, PLACE_INDEX,
			      changes, result, err)
		    : 0;
}

static int compare_entries(const void *a, const void *b)
{
	const struct entry *left = a;
	const struct entry *right = b;
	if (left->path != right->path)
		return left->path < right->path ? -1 : 1;
	if (left->blob != right->blob)
		return left->blob < right->blob ? -1 : 1;
	return 0;
}

/** Puts the entries in order of their paths: the numbers of these are dense,
 * so that each can have its place counted. */
static void group_by_path(struct entries *entries)
{
	uint32_t highest = 0;
	for (size_t i = 0; i < entries->count; i++)
		if (entries->items[i].path > highest)
			highest = entries->items[i].path;
	CLEANUP(freep)
	size_t *next = xcalloc((size_t)highest + 2, sizeof(*next));
	for (size_t i = 0; i < entries->count; i++)
		next[entries->items[i].path + 1]++;
	for (uint32_t path = 0; path < highest; path++)
		next[path + 1] += next[path];
	struct entry *grouped = xcalloc(entries->count, sizeof(*grouped));
	for (size_t i = 0; i < entries->count; i++)
		grouped[next[entries->items[i].path]++] = entries->items[i];
	free(entries->items);
	entries->items = grouped;
	entries->capacity = entries->count;
}

void entries_sort(struct entries *entries)
{
	if (!entries->count)
		return;
	group_by_path(entries);
	size_t kept = 0;
	for (size_t first = 0; first < entries->count;) {
		size_t end = first + 1;
		while (end < entries->count &&
			entries->items[end].path == entries->items[first].path)
			end++;
		qsort(entries->items + first, end - first,
			sizeof(*entries->items), compare_entries);
		for (; first < end; first++) {
			const struct entry *entry = &entries->items[first];
			struct entry *last =
				kept ? &entries->items[kept - 1] : NULL;
			if (last && !compare_entries(last, entry))
				last->places |= entry->places;
			else
				entries->items[kept++] = *entry;
		}
	}
	entries->count = kept;
}

void entries_settle(struct entries *entries, unsigned wanted)
{
	size_t kept = 0;
	for (size_t i = 0; i < entries->count; i++) {
		struct entry entry = entries->items[i];
		unsigned first = history_place_first(entry.places);
		if (entry.places & PLACES_OF_INDEX)
			first &= ~(unsigned)PLACE_UNREACHABLE;
		entry.places &= ~(unsigned)PLACES_OF_HISTORY;
		entry.places |= first & wanted;
		if (entry.places)
			entries->items[kept++] = entry;
	}
	entries->count = kept;
}
