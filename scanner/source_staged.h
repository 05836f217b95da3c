/*
 * What is staged: each entry of the index whose blob HEAD has not at that
 * path. Contents are those of the index; the worktree has no say.
 */
#ifndef SCANNER_SOURCE_STAGED_H
#define SCANNER_SOURCE_STAGED_H

#include "scanner/entries.h"
#include "scanner/objects/objects.h"

/**
 * Adds the staged entries in PLACE_STAGED, all stages of a conflict included.
 * Folders that the index knows to be unchanged are passed over unread. What
 * cannot be read of HEAD counts as not there, so that more is scanned, and
 * becomes a `skipped` entry; so does an index that cannot be read.
 */
int entries_add_staged(struct entries *entries, struct repo *repo,
	const struct objects *objects, struct changes *changes,
	struct scan_result *result, struct err *err) MUST_CHECK;

#endif
