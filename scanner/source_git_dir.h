/*
 * The files that git keeps beside its objects, as text: settings, hooks, the
 * messages of reflogs, what was fetched or is about to be committed, of all
 * worktrees and submodules. Nothing of it is executed or obeyed.
 *
 * Left out is what other sources read: objects, also those of Git LFS and
 * git-annex, indexes, refs; and our own cache.
 */
#ifndef SCANNER_SOURCE_GIT_DIR_H
#define SCANNER_SOURCE_GIT_DIR_H

#include "scanner/entries.h"
#include "scanner/outside.h"

struct git_dir_opts {
	size_t max_size; /* bytes of a file; larger ones are skipped */
	const struct pathspec *pathspec; /* or NULL: all paths */
};

/**
 * Adds the files in PLACE_GIT_DIR, as `.git/...` whatever the folder is called,
 * and to `outside` how to read them again. What cannot be read, lies too deep
 * or is too much becomes a `skipped` entry.
 */
int entries_add_git_dir(struct entries *entries, struct outside *outside,
	const struct repo *repo, const struct git_dir_opts *opts,
	struct changes *changes, struct scan_result *result,
	struct err *err) MUST_CHECK;

#endif
