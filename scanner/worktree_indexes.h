/*
 * The index of every worktree of a repository: that of the main one and those
 * of the linked ones, each in the folder that git keeps for it.
 */
#ifndef SCANNER_WORKTREE_INDEXES_H
#define SCANNER_WORKTREE_INDEXES_H

#include "base/err.h"
#include "scanner/repo.h"

#include <stdbool.h>

/** One index; texts are borrowed. It need not exist. */
struct worktree_index {
	const char *path;     /* of its file */
	const char *worktree; /* path or name of a linked one; NULL: main */
	bool own;             /* of the worktree that we are in */
};

/** Pushes all of them; an error ends that and is passed up. */
int worktree_indexes_each(const struct repo *repo,
	int (*sink)(
		const struct worktree_index *index, void *ctx, struct err *err),
	void *ctx, struct err *err) MUST_CHECK;

#endif
