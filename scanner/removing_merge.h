/*
 * The merge that took a finding away. A merge that takes a path's state from
 * one parent changes nothing against that one, so history_walk() records no
 * change; yet `git merge -s ours`, or a resolution that drops a file, is where
 * the finding of the other parent ended.
 *
 * Whether a commit bears the finding follows from its changes and its parents.
 * Only where parents differ is a tree asked. Work is bounded: past the bound no
 * merge is named.
 */
#ifndef SCANNER_REMOVING_MERGE_H
#define SCANNER_REMOVING_MERGE_H

#include "scanner/history.h"
#include "scanner/history_walk.h"
#include "scanner/tree_cache.h"

#include <stdbool.h>
#include <stdint.h>

/** A finding at one path. All is borrowed. */
struct borne_blobs {
	const char *path;
	const uint32_t *blobs; /* that bear it, sorted */
	size_t blob_count;
	const size_t *rows; /* numbers of the path's changes, by commit */
	size_t row_count;
};

/** True when the blob is one of those. */
bool borne_blobs_has(const struct borne_blobs *borne, uint32_t blob);

/** All zero but the first three is ready. */
struct merge_search {
	const struct history *history;
	const struct changes *changes;
	struct tree_cache *trees;
	unsigned char *states; /* by commit, of the finding being traced */
	uint64_t steps;        /* done so far */
};

void merge_search_clear(struct merge_search *search);

/** The last merge that lacks the finding while one of its parents has it,
 * first of all one that did not take this from a parent that once had it, too.
 * UINT32_MAX when there is none, or none could be told. */
uint32_t merge_search_run(
	struct merge_search *search, const struct borne_blobs *borne);

#endif
