#include "scanner/entries.h"

#include "base/array.h"
#include "scanner/tree_parse.h"

#include <stdlib.h>
#include <string.h>

void entries_clear(struct entries *entries)
{
	free(entries->items);
	*entries = (struct entries){ 0 };
}

static void add(
	struct entries *entries, uint32_t path, uint32_t blob, unsigned places)
{
	ARRAY_GROW(entries->items, entries->count, entries->capacity);
	entries->items[entries->count++] =
		(struct entry){ .path = path, .blob = blob, .places = places };
}

void entries_add_changes(struct entries *entries, const struct changes *changes)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->items[i];
		if (change->blob != BLOB_NONE)
			add(entries, change->path, change->blob, PLACE_HISTORY);
	}
}

struct index_context {
	struct entries *entries;
	struct changes *changes;
	struct scan_result *result;
};

static int take_index_entry(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	(void)err;
	struct index_context *context = ctx;
	if (mode_is_gitlink(entry->mode)) {
		struct skipped *skipped = scan_result_add_skipped(
			context->result, SKIP_SUBMODULE);
		skipped->path =
			arena_strdup(&context->result->arena, entry->path);
		return 0;
	}
	if (entry->intent_to_add)
		return 0; /* has no content yet */
	uint32_t path = path_table_add(
		&context->changes->paths, entry->path, strlen(entry->path));
	uint32_t blob =
		oid_map_add(&context->changes->blobs, &entry->oid, NULL);
	add(context->entries, path, blob, PLACE_INDEX);
	return 0;
}

int entries_add_index(struct entries *entries, struct repo *repo,
	struct changes *changes, struct scan_result *result, struct err *err)
{
	struct index_context context = { entries, changes, result };
	int rc = repo_each_index_entry(repo, take_index_entry, &context, err);
	if (rc != ERR_UNSUPPORTED)
		return rc;
	struct skipped *skipped =
		scan_result_add_skipped(result, SKIP_UNSUPPORTED);
	skipped->detail = arena_strdup(&result->arena, err->msg);
	return 0;
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

void entries_sort(struct entries *entries)
{
	if (!entries->count)
		return;
	qsort(entries->items, entries->count, sizeof(*entries->items),
		compare_entries);
	size_t kept = 0;
	for (size_t i = 1; i < entries->count; i++) {
		struct entry *last = &entries->items[kept];
		const struct entry *entry = &entries->items[i];
		if (!compare_entries(last, entry))
			last->places |= entry->places;
		else
			entries->items[++kept] = *entry;
	}
	entries->count = kept + 1;
}
