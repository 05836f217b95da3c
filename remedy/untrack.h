/*
 * Taking paths out of the index, as `git rm --cached` does: the files stay on
 * disk, the other entries stay as they are.
 *
 * The index is read and written under git's own lock (index.lock), written
 * whole beside it, synced and renamed: at every moment it is the old or the new
 * one. It keeps its time, by which git tells entries that changed in the same
 * tick as the index was written ("racily clean", git's racy-git document).
 */
#ifndef REMEDY_UNTRACK_H
#define REMEDY_UNTRACK_H

#include "base/err.h"
#include "scanner/repo.h"

#include <stdbool.h>
#include <stddef.h>

struct untrack_opts {
	const char *const *paths; /* sorted, distinct */
	const char *const *shown; /* each as a message may name it */
	size_t count;
	bool force;   /* also what only the index has */
	bool dry_run; /* all checks, no change */
};

/**
 * Takes the paths out; *removed is how many were there. ERR_UNSUPPORTED, with
 * what to do, for an index that is split, sparse, or has unmerged paths, for a
 * path outside of a sparse checkout, and, without `force`, for a path whose
 * staged content is neither in HEAD nor on disk. ERR_IO when another process
 * holds the lock. Nothing has changed after an error.
 */
int untrack(size_t *removed, struct repo *repo, const struct untrack_opts *opts,
	struct err *err) MUST_CHECK;

#endif
