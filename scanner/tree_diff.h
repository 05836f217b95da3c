/*
 * One commit's trees against those of its parents. An explicit stack, one
 * frame a folder; subtrees that equal one of the parents' are not opened.
 */
#ifndef SCANNER_TREE_DIFF_H
#define SCANNER_TREE_DIFF_H

#include "base/err.h"
#include "scanner/tree_cache.h"
#include "scanner/tree_parse.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TREE_DIFF_MAX_DEPTH 2048                /* as git's core.maxTreeDepth */
#define TREE_DIFF_MAX_PATH  ((size_t)64 * 1024) /* bytes of one path */

/** How many entries that differ may be looked at; of commits with many parents
 * fewer. A history of a million
 * commits has some ten million. */
struct tree_diff_limits {
	size_t entries;
	/* of these, below trees that stand at another folder of the same commit
	 * too: repositories that mean well have some ten thousand, one whose
	 * trees name the next one ten times, on ten levels, has billions */
	size_t repeated;
};

#define TREE_DIFF_LIMITS            \
	((struct tree_diff_limits){ \
		.entries = (size_t)64 << 20, .repeated = (size_t)384 << 10 })

/** What a name costs beyond itself where a commit and its distinct parents are
 * `width` trees; little or nothing in a merge of some branches. A difference is
 * told with what each of them has. */
static inline size_t tree_diff_width_cost(size_t width, bool differs)
{
	size_t cost = width / 8;
	return differs && cost ? width : cost;
}

/** A path that differs from all parents. `now` is NULL when it was taken
 * away; before[i] is NULL when parent i has no such path. Never a tree. */
struct tree_change {
	const char *path;
	size_t path_len;
	const struct tree_entry *now;
	const struct tree_entry *const *before;
	size_t parent_count;
};

/** What the diff tells, on its thread. Negative answers are passed up. */
struct tree_diff_sink {
	int (*change)(
		const struct tree_change *change, void *ctx, struct err *err);
	/* a tree of the commit itself that could not be read; `rc` as from
	 * objects_read(), ERR_LIMIT also when a bound of the diff was hit */
	int (*unreadable)(const struct oid *tree, const char *path, int rc,
		void *ctx, struct err *err);
	void *ctx;
};

struct tree_diff;

/** Caller frees. `cache` is borrowed. */
struct tree_diff *tree_diff_new(struct tree_cache *cache);
void tree_diff_free(struct tree_diff *diff);
DEFINE_CLEANUP(tree_diff_freep, struct tree_diff, tree_diff_free)

/** What is left of TREE_DIFF_LIMITS after the runs so far; may be changed
 * between two runs. */
struct tree_diff_limits *tree_diff_limits(struct tree_diff *diff);

/** Compares `tree` with the `count` trees of the parents. */
int tree_diff_run(struct tree_diff *diff, const struct oid *tree,
	const struct oid *parents, size_t count,
	const struct tree_diff_sink *sink, struct err *err) MUST_CHECK;

#endif
