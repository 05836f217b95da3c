/*
 * Every path that a repository knows of: on disk below the worktree, tracked or
 * not, and in the trees of every commit that a ref reaches.
 */
#ifndef REMEDY_KNOWN_PATHS_H
#define REMEDY_KNOWN_PATHS_H

#include "base/err.h"
#include "scanner/finding.h"
#include "scanner/path_table.h"
#include "scanner/repo.h"

/** Adds the files below the open folder, not behind symlinks, nor in .git or
 * other repositories. ERR_LIMIT when there are more than two million, or
 * folders deeper than 256. */
int known_paths_on_disk(
	struct path_table *out, int worktree, struct err *err) MUST_CHECK;

/** Adds the paths of the history, on `jobs` threads. What could not be read is
 * added to `skips`, whose `complete` then says whether these are all paths. */
int known_paths_in_history(struct path_table *out, struct scan_result *skips,
	struct repo *repo, unsigned jobs, struct err *err) MUST_CHECK;

#endif
