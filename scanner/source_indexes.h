/*
 * The source "other-index": what is tracked now in the other worktrees of the
 * repository. Each has an index of its own, and what is staged there is in no
 * commit yet.
 */
#ifndef SCANNER_SOURCE_INDEXES_H
#define SCANNER_SOURCE_INDEXES_H

#include "base/err.h"
#include "scanner/entries.h"

/** Adds them. One that cannot be read becomes a `skipped` entry of the result.
 */
int entries_add_other_indexes(struct entries *entries, struct repo *repo,
	struct changes *changes, struct scan_result *result,
	struct err *err) MUST_CHECK;

/** Numbers the blobs of all indexes in `changes`: git keeps them, whether or
 * not a commit has them. */
int indexes_number_blobs(
	struct changes *changes, struct repo *repo, struct err *err) MUST_CHECK;

#endif
