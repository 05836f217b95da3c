/* The session directories that the applications of a worktree name in their
 * configuration, as an audit reads it. */
#ifndef SCANNER_CONFIGURED_DIRS_H
#define SCANNER_CONFIGURED_DIRS_H

#include "base/err.h"
#include "scanner/audit.h"
#include "scanner/repo.h"
#include "scanner/session_find.h"

/**
 * Adds those that lie inside the worktree and are written out in a file; a
 * framework's default is left out, as it depends on where the application is
 * started. They need not exist. The repository must have a worktree.
 */
int configured_dirs_add(struct session_paths *paths, struct repo *repo,
	struct err *err) MUST_CHECK;

/** The same from an audit that was made already. */
void configured_dirs_take(
	struct session_paths *paths, const struct audit *audit);

#endif
