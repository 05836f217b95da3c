/*
 * The other worktrees of a repository (gitrepository-layout(5) "worktrees"):
 * each has a folder in .git/worktrees with a HEAD, an index and logs of its
 * own.
 */
#ifndef SCANNER_LINKED_WORKTREES_H
#define SCANNER_LINKED_WORKTREES_H

#include "scanner/repo.h"

/** Calls `sink` with the name, the folder in .git/worktrees, and the path
 * (NULL: unknown) of each linked worktree, until it gives anything but 0. */
void linked_worktrees_each(const struct repo *repo,
	int (*sink)(const char *name, const char *git_dir, const char *path,
		void *ctx),
	void *ctx);

/** The path of the worktree whose folder in .git/worktrees this is, as the file
 * `gitdir` there has it; NULL if unknown. Caller frees. */
char *linked_worktree_path(const char *git_dir);

#endif
