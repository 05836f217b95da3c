/*
 * The worktree as it lies on disk: every tracked file, and what is neither
 * tracked nor ignored by git's rules, or all of it.
 */
#ifndef SCANNER_SOURCE_WORKTREE_H
#define SCANNER_SOURCE_WORKTREE_H

#include "scanner/entries.h"
#include "scanner/outside.h"

struct worktree_opts {
	bool ignored_too;
	size_t max_size; /* bytes of a file; larger ones are skipped */
	const struct pathspec *pathspec; /* or NULL: all paths */
};

/**
 * Adds the files in PLACE_WORKTREE, and to `outside` how to read them again.
 * `.git` and repositories inside of this one are left out. Files that are too
 * large or cannot be read, and folders that are too deep, become `skipped`
 * entries. ERR_USAGE for a repository without a worktree.
 */
int entries_add_worktree(struct entries *entries, struct outside *outside,
	struct repo *repo, const struct worktree_opts *opts,
	struct changes *changes, struct scan_result *result,
	struct err *err) MUST_CHECK;

#endif
