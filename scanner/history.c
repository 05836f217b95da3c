#include "scanner/history.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/commit_loader.h"
#include "scanner/commit_order.h"
#include "scanner/history_range.h"
#include "scanner/history_standing.h"
#include "scanner/holder_kind.h"

#include <stdlib.h>
#include <string.h>

#define FEW_PARENTS 16 /* compared one by one */
#define STASH_PARTS 2  /* its index, and untracked files */

static void add_tip(struct history *history, const struct history_start *start,
	uint32_t commit)
{
	ARRAY_GROW(history->tips, history->tip_count, history->tip_capacity);
	history->tips[history->tip_count++] = (struct history_tip){
		.ref = start->name,
		.commit = commit,
		.entry = start->entry,
		.kind = start->kind,
	};
}

/** A tree or blob as tip, kept aside until all commits are numbered. */
struct bare_tip {
	struct history_start start;
	int type;
};

struct bare_tips {
	struct bare_tip *items;
	size_t count, capacity;
};

static void bare_tips_clear(struct bare_tips *tips)
{
	free(tips->items);
}

/** They become commits without an id. */
static void add_bare_tips(struct history *history, const struct bare_tips *tips)
{
	for (size_t i = 0; i < tips->count; i++) {
		ARRAY_GROW(history->commits, history->count, history->capacity);
		history->commits[history->count] = (struct history_commit){
			.tree = tips->items[i].start.oid,
			.tree_number = SURVEY_NONE,
			.is_blob = tips->items[i].type == OBJECT_BLOB,
		};
		add_tip(history, &tips->items[i].start, history->count++);
	}
}

static int load_tip(struct commit_loader *loader,
	const struct history_start *start, struct bare_tips *bare,
	struct err *err)
{
	struct bare_tip tip = { .start = *start };
	int rc = commit_loader_peel(loader, &tip.start.oid, &tip.type, err);
	const char *what = *start->name ? start->name : "where the range ends";
	/* a log may name what was pruned long ago */
	if (rc == ERR_NOT_FOUND && start->kind == HOLDER_REFLOG)
		return 0;
	if (rc < 0)
		return commit_loader_skip(loader, &tip.start.oid, rc, what, err)
			? 0
			: rc;
	if (tip.type == OBJECT_COMMIT) {
		add_tip(loader->history, start,
			commit_loader_add(loader, &tip.start.oid));
		return 0;
	}
	ARRAY_GROW(bare->items, bare->count, bare->capacity);
	bare->items[bare->count++] = tip;
	return 0;
}

static int compare_tips(const void *a, const void *b)
{
	const struct history_tip *left = a;
	const struct history_tip *right = b;
	int order = strcmp(left->ref, right->ref);
	if (order)
		return order;
	return left->entry < right->entry ? -1 : left->entry > right->entry;
}

/** Reads what the tips reach. */
static int read_all(struct commit_loader *loader, struct err *err)
{
	int rc = 0;
	for (uint32_t i = 0; rc == 0 && i < loader->history->count; i++) {
		commit_loader_load(loader, i);
		rc = commit_loader_read(loader, i, err);
	}
	return rc;
}

/** What a parent had that could not be read is not known. */
static void mark_cut(struct history *history)
{
	for (uint32_t i = 0; i < history->count; i++) {
		struct history_commit *commit = &history->commits[i];
		const uint32_t *parents =
			history->parents + commit->first_parent;
		for (uint32_t p = 0; p < commit->parent_count; p++)
			if (oid_is_zero(&history->commits[parents[p]].tree))
				commit->is_cut = true;
	}
}

static int load(struct commit_loader *loader, const struct history_range *range,
	struct err *err)
{
	CLEANUP(bare_tips_clear) struct bare_tips bare = { 0 };
	struct history *history = loader->history;
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < range->tip_count; i++)
		rc = load_tip(loader, &range->tips[i], &bare, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < range->more_count; i++)
		commit_loader_add(loader, &range->more[i]);
	if (range->tips_alone)
		rc = history_range_read_listed(loader, err);
	else if (range->cut_count)
		rc = history_range_read(
			loader, range->cuts, range->cut_count, err);
	else
		rc = read_all(loader, err);
	if (rc < 0)
		return rc;
	mark_cut(history);
	for (uint32_t i = 0; range->has_since && i < history->count; i++)
		if (history->commits[i].time < range->since)
			history->commits[i].left_out = true;
	add_bare_tips(history, &bare);
	if (history->tip_count)
		qsort(history->tips, history->tip_count, sizeof(*history->tips),
			compare_tips);
	return 0;
}

int history_load(struct history *out, const struct history_range *range,
	struct repo *repo, struct objects_reader *reader,
	struct scan_result *result, struct err *err)
{
	*out = (struct history){ 0 };
	struct commit_loader loader;
	int rc = commit_loader_init(&loader, out, repo, reader, result, err);
	loader.survey = range->survey;
	if (rc == 0)
		rc = load(&loader, range, err);
	if (rc == 0) {
		commit_order_apply(out);
		rc = history_standing_make(out, repo, err);
	}
	if (rc == 0)
		history_standing_forget_lost(out, result);
	commit_loader_clear(&loader);
	return rc;
}

void history_clear(struct history *history)
{
	free(history->commits);
	free(history->parents);
	free(history->tips);
	free(history->standing);
	*history = (struct history){ 0 };
}

uint32_t history_tree(
	const struct history_commit *commit, struct survey *survey)
{
	return commit->tree_number != SURVEY_NONE
		? commit->tree_number
		: survey_number(survey, &commit->tree);
}

/** Whether a parent has a tree that none of those before it has. Of many the
 * map knows the trees. */
static bool is_distinct(const struct history *history, uint32_t parent,
	const uint32_t *others, uint32_t count, struct oid_map *trees)
{
	const struct oid *tree = &history->commits[parent].tree;
	if (oid_is_zero(tree))
		return false;
	bool is_new = true;
	if (trees->count) {
		oid_map_add(trees, tree, &is_new);
		return is_new;
	}
	for (uint32_t i = 0; is_new && i < count; i++)
		is_new = !oid_equal(tree, &history->commits[others[i]].tree);
	if (is_new && count == FEW_PARENTS) {
		for (uint32_t i = 0; i < count; i++)
			oid_map_add(
				trees, &history->commits[others[i]].tree, NULL);
		oid_map_add(trees, tree, NULL);
	}
	return is_new;
}

uint32_t history_distinct_parents(uint32_t *out, const struct history *history,
	const struct history_commit *commit)
{
	CLEANUP(oid_map_clear) struct oid_map trees = { 0 };
	uint32_t count = 0;
	for (uint32_t i = 0; i < commit->parent_count; i++) {
		uint32_t parent = history->parents[commit->first_parent + i];
		if (is_distinct(history, parent, out, count, &trees))
			out[count++] = parent;
	}
	return count;
}

uint32_t history_tip_parts(
	const struct history *history, const struct history_tip *tip)
{
	uint32_t parents = history->commits[tip->commit].parent_count;
	if (tip->kind != HOLDER_STASH || !parents)
		return 0;
	return parents - 1 < STASH_PARTS ? parents - 1 : STASH_PARTS;
}

const struct history_commit *history_tip_part(const struct history *history,
	const struct history_tip *tip, uint32_t part)
{
	const struct history_commit *commit = &history->commits[tip->commit];
	return part ? &history->commits[history->parents[commit->first_parent +
			      part]]
		    : commit;
}

void history_reach(uint64_t *masks, size_t words, const struct history *history)
{
	for (uint32_t c = history->count; c-- > 0;) {
		const struct history_commit *commit = &history->commits[c];
		const uint64_t *own = &masks[c * words];
		for (uint32_t p = 0; p < commit->parent_count; p++) {
			uint32_t parent =
				history->parents[commit->first_parent + p];
			for (size_t i = 0; i < words; i++)
				masks[parent * words + i] |= own[i];
		}
	}
}
