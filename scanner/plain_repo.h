/*
 * A plain repository found and read without libgit2, whose start alone (it
 * loads the system's certificates) takes several times as long as a scan of
 * what is staged.
 *
 * Plain is: a folder `.git` of the user's own in the current folder or above,
 * format 0, no linked worktree, nothing in the environment or in its
 * configuration that moves a part of it elsewhere. All else, and with that
 * everything that must be refused, is left to libgit2: "no" is always a
 * right answer here.
 */
#ifndef SCANNER_PLAIN_REPO_H
#define SCANNER_PLAIN_REPO_H

#include "base/cleanup.h"
#include "scanner/oid.h"

#include <stdbool.h>

/** Paths of a repository, each with a trailing slash. */
struct repo_place {
	char *git_dir;
	char *common_dir; /* that linked worktrees share */
	char *worktree;   /* NULL: bare */
};

void repo_place_clear(struct repo_place *place);

/** Finds the repository around `start` (NULL: the current folder). False when
 * it is not plain, or there is none. Caller clears. */
bool plain_repo_find(struct repo_place *out, const char *start);

/** The commit that HEAD names. False when that cannot be told in a plain way;
 * the branch may be unborn. */
bool plain_repo_head(struct oid *out, const struct repo_place *place);

/** False when no configuration file that git would read here says anything in
 * this section, or includes others. True when one does, or may. */
bool plain_repo_may_configure(
	const struct repo_place *place, const char *section);

#endif
