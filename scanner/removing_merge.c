#include "scanner/removing_merge.h"

#include "base/alloc.h"
#include "scanner/tree_parse.h"

#include <stdlib.h>
#include <string.h>

#define NO_COMMIT UINT32_MAX
#define STEPS_MAX ((uint64_t)1 << 30) /* about two seconds */
#define LOOKUP    256                 /* steps that reading a tree costs */

#define MANY_PARENTS 8 /* of a commit, cost a step more */

bool borne_blobs_has(const struct borne_blobs *borne, uint32_t blob)
{
	size_t low = 0;
	size_t high = borne->blob_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (borne->blobs[middle] < blob)
			low = middle + 1;
		else
			high = middle;
	}
	return low < borne->blob_count && borne->blobs[low] == blob;
}

void merge_search_clear(struct merge_search *search)
{
	tree_cache_free(search->trees);
	free(search->states);
	*search = (struct merge_search){ 0 };
}

/** The entry of that name in the tree `oid`; its id replaces `oid`. */
static bool enter(struct merge_search *search, struct oid *oid,
	const char *name, size_t len, bool folder)
{
	struct tree *tree;
	struct err unread;
	search->steps += LOOKUP;
	if (tree_cache_get(&tree, search->trees, oid, &unread) < 0)
		return false;
	struct tree_cursor cursor;
	tree_cursor_init(&cursor, tree->bytes, tree->len);
	bool found = false;
	for (; cursor.more && !found; tree_cursor_next(&cursor)) {
		const struct tree_entry *entry = &cursor.entry;
		found = entry->name_len == len &&
			!memcmp(entry->name, name, len) &&
			mode_is_tree(entry->mode) == folder;
		if (found)
			memcpy(oid->bytes, entry->oid, OID_SIZE);
	}
	tree_cache_put(search->trees, tree);
	return found;
}

/** True when the commit's tree has one of the blobs at the path. */
static bool tree_bears(struct merge_search *search,
	const struct history_commit *commit, const struct borne_blobs *borne)
{
	struct oid oid = commit->tree;
	for (const char *name = borne->path;;) {
		size_t len = strcspn(name, "/");
		bool folder = name[len] == '/';
		if (!enter(search, &oid, name, len, folder))
			return false;
		if (!folder)
			break;
		name += len + 1;
	}
	uint32_t blob = oid_map_find(&search->changes->blobs, &oid);
	return borne_blobs_has(borne, blob);
}

/** What a commit knows of the finding. */
enum state {
	NEVER_HAD,
	BEARS,
	HAD, /* some ancestor bears it */
};

/** What its parents know. */
struct before {
	bool any_bears, all_bear, any_had;
};

static struct before look_back(
	const struct merge_search *search, const struct history_commit *commit)
{
	struct before before = { .all_bear = true };
	for (uint32_t i = 0; i < commit->parent_count; i++) {
		unsigned char state =
			search->states[search->history->parents
					       [commit->first_parent + i]];
		before.any_bears = before.any_bears || state == BEARS;
		before.all_bear = before.all_bear && state == BEARS;
		before.any_had = before.any_had || state == HAD;
	}
	return before;
}

/** Takes the rows of commit `number` off; whether it bears the finding. */
static bool bears_it(struct merge_search *search,
	const struct borne_blobs *borne, size_t *row, uint32_t number,
	const struct before *before)
{
	const struct change *changes = search->changes->items;
	const struct history_commit *commit = &search->history->commits[number];
	if (*row == borne->row_count ||
		changes[borne->rows[*row]].commit != number)
		return before->any_bears &&
			(before->all_bear || tree_bears(search, commit, borne));
	bool bears = borne_blobs_has(borne, changes[borne->rows[*row]].blob);
	while (*row < borne->row_count &&
		changes[borne->rows[*row]].commit == number)
		++*row;
	return bears;
}

uint32_t merge_search_run(
	struct merge_search *search, const struct borne_blobs *borne)
{
	const struct history *history = search->history;
	if (!borne->row_count)
		return NO_COMMIT;
	if (!search->states)
		search->states = xcalloc(history->count, 1);
	memset(search->states, NEVER_HAD, history->count);
	uint32_t dropped = NO_COMMIT; /* what no parent had taken away */
	uint32_t taken = NO_COMMIT;   /* or where one had, before */
	size_t row = 0;
	uint32_t first = search->changes->items[borne->rows[0]].commit;
	for (uint32_t c = first; c < history->count; c++) {
		const struct history_commit *commit = &history->commits[c];
		struct before before = look_back(search, commit);
		search->steps += 1 + commit->parent_count / MANY_PARENTS;
		if (search->steps > STEPS_MAX)
			return NO_COMMIT;
		if (bears_it(search, borne, &row, c, &before)) {
			search->states[c] = BEARS;
			continue;
		}
		if (before.any_bears || before.any_had)
			search->states[c] = HAD;
		if (before.any_bears && commit->parent_count > 1)
			*(before.any_had ? &taken : &dropped) = c;
	}
	return dropped == NO_COMMIT ? taken : dropped;
}
