#include "scanner/follow.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/follow_tips.h"
#include "scanner/name_lists.h"
#include "scanner/tree_diff.h"
#include "scanner/unreadable.h"

#include <stdlib.h>

#define CACHE_BYTES ((size_t)16 << 20)

#define AHEAD 4 /* commits between the steps in which a tree is loaded */

#define IS_ODD 2 /* an answer: a tree on the way is no set of names */

#define MAX_WORK ((size_t)8 << 20) /* that many parents cost */

/** Numbers that grow. */
struct numbers {
	uint32_t *items;
	size_t count, capacity;
};

struct follower {
	const struct follow_input *input;
	struct changes *changes;
	struct name_lists lists;
	uint32_t commit;
	uint32_t width; /* sides: the commit, and behind it its parents */

	/* Folders that wait to be compared; of each its trees, a side each.
	 * What stands at a side is as in struct survey_entry. */
	struct numbers folders, trees;
	uint32_t *now;        /* of what is looked at, a side each */
	uint32_t *side_lists; /* of the folder, a side each */
	uint32_t allocated;   /* sides of the two above */
	uint32_t own_tree;    /* of the commit */
	size_t work_left;
	struct unreadable unreadable; /* root trees, with too many parents */

	/* for commits with an odd tree; made when one is met */
	struct objects_reader *reader;
	struct tree_cache *cache;
	struct tree_diff *diff;
};

static void follower_clear(struct follower *follower)
{
	name_lists_clear(&follower->lists);
	free(follower->folders.items);
	free(follower->trees.items);
	free(follower->now);
	free(follower->side_lists);
	unreadable_clear(&follower->unreadable);
	tree_diff_free(follower->diff);
	tree_cache_free(follower->cache);
	objects_reader_free(follower->reader);
}

static void push(struct numbers *numbers, uint32_t number)
{
	ARRAY_GROW(numbers->items, numbers->count, numbers->capacity);
	numbers->items[numbers->count++] = number;
}

/** The commit has the first of the blobs, its parents the others. */
static void add_rows(struct follower *follower, uint32_t path, uint32_t *blobs)
{
	const struct change row = {
		.path = path,
		.commit = follower->commit,
		.blob = blobs[0],
	};
	changes_add(follower->changes, row, blobs + 1, follower->width - 1);
}

/** Takes off what many parents cost; false: that is too much. */
static bool spend(struct follower *follower, size_t names, size_t differences)
{
	size_t width = follower->width;
	size_t cost = names * tree_diff_width_cost(width, false) +
		differences * tree_diff_width_cost(width, true);
	bool enough = cost <= follower->work_left;
	follower->work_left -= enough ? cost : follower->work_left;
	return enough;
}

/** The number of an entry's blob; a submodule's commit counts as none. */
static uint32_t blob_of(const struct follower *follower, uint32_t child)
{
	if (child == SURVEY_NONE || child & SURVEY_GITLINK)
		return BLOB_NONE;
	return follower->input->reach->blob_of[child];
}

/** A name at which the commit differs from all parents; what `now` holds of it
 * is lost. */
static void take_difference(
	struct follower *follower, const struct reach_edge *edge)
{
	uint32_t *now = follower->now;
	if (edge->is_tree) {
		push(&follower->folders, edge->target);
		for (uint32_t i = 0; i < follower->width; i++)
			push(&follower->trees, now[i]);
		return;
	}
	for (uint32_t i = 0; i < follower->width; i++)
		now[i] = blob_of(follower, now[i]);
	add_rows(follower, edge->target, now);
}

/** True when the first side equals another. A name that the only side does not
 * have is no difference either. */
static bool equals_a_parent(const uint32_t *sides, uint32_t width)
{
	if (width == 1)
		return sides[0] == SURVEY_NONE;
	for (uint32_t i = 1; i < width; i++)
		if (sides[i] == sides[0])
			return true;
	return false;
}

/** Compares one part of the folder's lists, name by name. False: too much. */
static bool compare_part(struct follower *follower,
	const struct name_folder *folder, uint32_t number)
{
	const struct name_lists *lists = &follower->lists;
	uint32_t first = number * folder->part_len;
	uint32_t *now = follower->now;
	for (uint32_t i = 0; i < follower->width; i++)
		now[i] =
			name_lists_part(lists, follower->side_lists[i], number);
	if (!spend(follower, 1, 0))
		return false;
	if (equals_a_parent(now, follower->width))
		return true;
	for (uint32_t at = 0;
		at < folder->part_len && first + at < folder->count; at++) {
		for (uint32_t i = 0; i < follower->width; i++) {
			uint32_t part = name_lists_part(
				lists, follower->side_lists[i], number);
			now[i] = name_lists_child(lists, part, at);
		}
		bool differs = !equals_a_parent(now, follower->width);
		if (!spend(follower, 1, differs))
			return false;
		if (differs)
			take_difference(follower,
				&lists->reach
					 ->edges[lists->edges[folder->first +
						 first + at]]);
	}
	return true;
}

/** Gets the lists of the folder's trees. 2: one is odd. 3: the commit's own
 * cannot be read, which reach_run() told; nothing is known of its names. */
static int get_lists(
	struct follower *follower, uint32_t folder, struct err *err)
{
	struct survey *survey = follower->input->survey;
	for (uint32_t i = 0; i < follower->width; i++) {
		follower->side_lists[i] = LIST_NONE;
		if (follower->now[i] == SURVEY_NONE)
			continue;
		const struct survey_tree *tree;
		int rc = survey_tree(&tree, survey, follower->now[i], err);
		if (rc < 0)
			return rc;
		if (tree->odd)
			return IS_ODD;
		if (tree->status < 0 && i == 0)
			return 3;
		if (tree->status == 0)
			rc = name_lists_get(&follower->side_lists[i],
				&follower->lists, folder, follower->now[i],
				err);
		if (rc != 0)
			return rc;
	}
	return 0;
}

/** The commit has too many parents for all its names. */
static int cut(struct follower *follower)
{
	const struct oid *tree =
		survey_oid(follower->input->survey, follower->own_tree);
	return unreadable_add(&follower->unreadable, tree, "", ERR_LIMIT);
}

/** Compares the folders that wait, and those below them. */
static int compare_folders(struct follower *follower, struct err *err)
{
	struct numbers *trees = &follower->trees;
	while (follower->folders.count) {
		uint32_t number =
			follower->folders.items[--follower->folders.count];
		const struct name_folder *folder =
			&follower->lists.folders[number];
		trees->count -= follower->width;
		for (uint32_t i = 0; i < follower->width; i++)
			follower->now[i] = trees->items[trees->count + i];
		int rc = get_lists(follower, number, err);
		if (rc == 3)
			continue;
		if (rc != 0)
			return rc;
		for (uint32_t i = 0; i < folder->parts; i++)
			if (!compare_part(follower, folder, i))
				return cut(follower);
	}
	return 0;
}

static int take_change(
	const struct tree_change *change, void *ctx, struct err *err)
{
	(void)err;
	struct follower *follower = ctx;
	uint32_t path = path_table_find(
		&follower->changes->paths, change->path, change->path_len);
	if (path == PATH_NONE || !follower->input->paths[path])
		return 0;
	uint32_t *blobs = follower->now;
	blobs[0] = changes_blob(follower->changes, change->now);
	for (size_t i = 0; i < change->parent_count; i++)
		blobs[1 + i] =
			changes_blob(follower->changes, change->before[i]);
	add_rows(follower, path, blobs);
	return 0;
}

/** What does not hang on parents was told by reach_run(). */
static int take_unreadable(const struct oid *tree, const char *path, int rc,
	void *ctx, struct err *err)
{
	(void)tree;
	(void)path;
	(void)err;
	struct follower *follower = ctx;
	bool is_wide = tree_diff_width_cost(follower->width, false) != 0;
	return rc == ERR_LIMIT && is_wide ? cut(follower) : 0;
}

/** Compares the trees themselves, which push_trees() has put there. */
static int compare_trees(struct follower *follower, struct err *err)
{
	CLEANUP(freep)
	struct oid *trees = xcalloc(follower->width, sizeof(*trees));
	for (uint32_t i = 0; i < follower->width; i++)
		trees[i] = *survey_oid(
			follower->input->survey, follower->trees.items[i]);
	if (!follower->reader) {
		int rc = objects_reader_new(
			&follower->reader, follower->input->objects, err);
		if (rc < 0)
			return rc;
		follower->cache = tree_cache_new(follower->reader, CACHE_BYTES);
		follower->diff = tree_diff_new(follower->cache);
	}
	const struct tree_diff_sink sink = {
		.change = take_change,
		.unreadable = take_unreadable,
		.ctx = follower,
	};
	return tree_diff_run(follower->diff, &trees[0], trees + 1,
		follower->width - 1, &sink, err);
}

/** Room for the sides of a commit. */
static void set_width(struct follower *follower, uint32_t width)
{
	follower->width = width;
	if (follower->width <= follower->allocated)
		return;
	follower->allocated = follower->width;
	follower->now = xreallocarray(
		follower->now, follower->width, sizeof(*follower->now));
	follower->side_lists = xreallocarray(follower->side_lists,
		follower->width, sizeof(*follower->side_lists));
}

/** Puts the trees of parents, each once, behind the commit's own. False: one of
 * them is the same. */
static bool push_trees(
	struct follower *follower, const struct history_commit *commit)
{
	const struct history *history = follower->input->history;
	struct survey *survey = follower->input->survey;
	set_width(follower, 1 + (uint32_t)commit->parent_count);
	uint32_t *parents = follower->now;
	follower->width =
		1 + history_distinct_parents(parents, history, commit);
	follower->own_tree = history_tree(commit, survey);
	follower->trees.count = 0;
	push(&follower->trees, follower->own_tree);
	for (uint32_t i = 0; i + 1 < follower->width; i++) {
		uint32_t tree =
			history_tree(&history->commits[parents[i]], survey);
		if (tree == follower->own_tree)
			return false;
		push(&follower->trees, tree);
	}
	return true;
}

static int follow_commit(struct follower *follower,
	const struct history_commit *commit, struct err *err)
{
	if (!push_trees(follower, commit))
		return 0;
	follower->folders.count = 0;
	push(&follower->folders, REACH_ROOT);
	size_t known = follower->changes->count;
	int rc = compare_folders(follower, err);
	if (rc != IS_ODD)
		return rc;
	follower->changes->count = known;
	push_trees(follower, commit);
	return compare_trees(follower, err);
}

/** A ref that names a blob: a change of the path "". */
static void follow_blob(struct follower *follower, const struct oid *blob)
{
	struct changes *changes = follower->changes;
	uint32_t path = path_table_find(&changes->paths, "", 0);
	if (path != PATH_NONE && follower->input->paths[path])
		changes_add(changes,
			(struct change){
				.path = path,
				.commit = follower->commit,
				.blob = oid_map_add(
					&changes->blobs, blob, NULL),
			},
			NULL, 0);
}

/** Loads the trees of commits that come later; most of these are far apart. */
static void load_ahead(const struct follower *follower)
{
	const struct history *history = follower->input->history;
	for (unsigned step = 0; step < 3; step++) {
		size_t ahead = follower->commit + (3 - step) * (size_t)AHEAD;
		if (ahead < history->count)
			name_lists_load(&follower->lists, REACH_ROOT,
				history->commits[ahead].tree_number, step);
	}
}

int follow_paths(struct changes *changes, bool *tips_told,
	const struct follow_input *input, struct err *err)
{
	CLEANUP(follower_clear)
	struct follower follower = {
		.input = input,
		.changes = changes,
		.work_left = MAX_WORK,
	};
	name_lists_init(
		&follower.lists, input->reach, input->survey, input->paths);
	int rc = 0;
	for (uint32_t i = 0; rc == 0 && i < input->history->count; i++) {
		const struct history_commit *commit =
			&input->history->commits[i];
		follower.commit = i;
		load_ahead(&follower);
		if (oid_is_zero(&commit->tree))
			continue; /* told when it was loaded */
		if (commit->is_blob)
			follow_blob(&follower, &commit->tree);
		else
			rc = follow_commit(&follower, commit, err);
	}
	if (rc != 0)
		return rc;
	unreadable_tell(&follower.unreadable, input->result);
	rc = follow_tips(&follower.lists, input, changes, err);
	*tips_told = rc == 0;
	return rc < 0 ? rc : 0;
}
