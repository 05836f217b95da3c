/*
 * Where a session directory lies, and what git says of it: whether files in it
 * are tracked, and whether a new one would be ignored.
 */
#ifndef SCANNER_SESSION_PLACE_H
#define SCANNER_SESSION_PLACE_H

#include "base/err.h"
#include "scanner/repo.h"
#include "scanner/session_dir.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** All texts belong to the struct. All zero can be cleared. */
struct session_place {
	char *name;       /* as reports show it */
	char *path;       /* absolute, without symlinks */
	char *inside;     /* for the rules: below the worktree; outside of
			   * one the absolute path without its first slash */
	char *worktree;   /* absolute, no slash at its end; NULL: in none */
	char *git_dir;    /* with a slash at its end; NULL as `worktree` */
	char *common_dir; /* likewise */
};

void session_place_clear(struct session_place *place);

/**
 * The directory that the user names; symlinks in `typed` are followed. It need
 * not exist when its parent does: ERR_NOT_FOUND otherwise. `git_dir` (may be
 * NULL) is as for repo_open(); without it the repository is the one around the
 * directory, if there is any.
 */
int session_place_init_typed(struct session_place *out, const char *typed,
	const char *git_dir, struct err *err) MUST_CHECK;

/** A directory of an open repository that has a worktree, by its path from
 * the top; its name is `inside`, too. */
int session_place_init_inside(struct session_place *place,
	const struct repo *repo, const char *inside,
	struct err *err) MUST_CHECK;

/** All zero is "not asked yet". */
struct session_git {
	uint64_t stamp; /* of all that the answers depend on */
	size_t tracked; /* index entries with a session file's name */
	int ignored;    /* enum tristate; UNKNOWN outside of a worktree */
};

/**
 * Asks git. What was asked before is kept while neither the index nor an
 * ignore file on the way changed, unless `again`. `dir` tells which names the
 * files have.
 */
int session_git_ask(struct session_git *git, const struct session_place *place,
	struct session_reader *reader, const struct session_dir *dir,
	bool again, struct err *err) MUST_CHECK;

/** Pushes each folder where a change can matter: the directory, those above it
 * up to the top of the worktree (else its parent), and the repository's. */
void session_place_each_folder(const struct session_place *place,
	void (*sink)(const char *path, void *ctx), void *ctx);

#endif
