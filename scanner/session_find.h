/*
 * The session directories of a worktree, found on disk: tracked or not,
 * ignored or not. A directory is one when its name is that of a session
 * store, or when a file in it is proved to be a session.
 *
 * Symlinks are not followed; `.git` and other repositories inside the worktree
 * are left out.
 */
#ifndef SCANNER_SESSION_FIND_H
#define SCANNER_SESSION_FIND_H

#include "base/err.h"
#include "scanner/session_file.h"

#include <stdbool.h>
#include <stddef.h>

/** Paths from the top of the worktree; "" is the top itself. */
struct session_paths {
	char **items; /* sorted, no duplicates after session_find() */
	size_t count, capacity;
};

void session_paths_clear(struct session_paths *paths);

/** Appends a copy. */
void session_paths_add(struct session_paths *paths, const char *path);

/**
 * Walks the worktree and adds what it finds. Returns 1 when not all of it
 * could be looked at: a folder that may not be read, or one of the bounds on
 * entries and depth. `paths` may hold directories known from elsewhere.
 */
int session_find(struct session_paths *paths, struct session_reader *reader,
	const char *worktree, struct err *err) MUST_CHECK;

#endif
