/*
 * What each commit changed: every path whose blob differs from that in all of
 * the commit's parents. That is enough to know all of history: a (path, blob)
 * pair of any commit was brought by some commit, and then differed from all of
 * that one's parents. A merge whose content stands in no parent is seen, one
 * that only chose a side is not repeated.
 *
 * Trees are compared, never patches: binary, empty, renamed and retyped files
 * are entries like any other, and attributes have no say.
 */
#ifndef SCANNER_HISTORY_WALK_H
#define SCANNER_HISTORY_WALK_H

#include "base/err.h"
#include "scanner/finding.h"
#include "scanner/history.h"
#include "scanner/objects/objects.h"
#include "scanner/oid_map.h"
#include "scanner/path_table.h"
#include "scanner/tree_parse.h"
#include "scanner/walk_progress.h"

#include <stddef.h>
#include <stdint.h>

/** In place of a blob's number: the path is not there. */
#define BLOB_NONE UINT32_MAX

/** One path of one commit against a parent. A merge that changed a path
 * against all its parents has one row for each blob that these have there, one
 * behind the other. */
struct change {
	uint32_t path;   /* number in `paths` */
	uint32_t commit; /* number in the history */
	uint32_t blob;   /* number in `blobs`, or BLOB_NONE: taken away */
	uint32_t before; /* in a parent, or BLOB_NONE */
};

/** All changes, in order of commits; symlinks count as blobs. */
struct changes {
	struct path_table paths;
	struct oid_map blobs;
	struct change *items;
	size_t count, capacity;
};

void changes_clear(struct changes *changes);

/** The number of the entry's blob, added if it is new; BLOB_NONE for a
 * submodule's commit, and for NULL. */
uint32_t changes_blob(struct changes *changes, const struct tree_entry *entry);

/** Adds the rows of one path of a commit: `row`, with each of the `count` blobs
 * that parents have there, or none where it has no parents. `before` is sorted.
 */
void changes_add(struct changes *changes, struct change row, uint32_t *before,
	size_t count);

/**
 * Walks all commits on `jobs` threads. Trees that are missing or damaged,
 * submodules, and commits with more than a bound of entries become `skipped`
 * entries of the result.
 */
int history_walk(struct changes *out, const struct history *history,
	const struct objects *objects, unsigned jobs,
	const struct walk_progress *progress, struct scan_result *result,
	struct err *err) MUST_CHECK;

#endif
