/*
 * What a repository tracks: the entries of its index or, where there is no
 * worktree, the files of HEAD; and the .gitignore files among them that are
 * not on disk, outside of a sparse checkout or for want of a worktree. Git
 * reads those from where they are stored, dir.c add_patterns().
 */
#ifndef REMEDY_TRACKED_FILES_H
#define REMEDY_TRACKED_FILES_H

#include "base/arena.h"
#include "base/err.h"
#include "scanner/repo.h"

#include <stdbool.h>
#include <stddef.h>

/** The content of a .gitignore. */
struct stored_ignore {
	const char *dir; /* its folder, "" is the top */
	const char *bytes;
	size_t len;
};

/** All zero is empty. Texts live in the arena. */
struct tracked_files {
	struct arena arena;
	const char **paths; /* sorted and distinct */
	size_t count, capacity;
	struct stored_ignore *ignores;
	size_t ignore_count, ignore_capacity;
};

/** Lists them. ERR_NOT_FOUND when there is no worktree and HEAD names no
 * commit, or when the content of a .gitignore is not in the repository;
 * ERR_LIMIT when that is too large. Caller clears. */
int tracked_files_find(struct tracked_files *out, struct repo *repo,
	struct err *err) MUST_CHECK;
void tracked_files_clear(struct tracked_files *files);

bool tracked_files_has(const struct tracked_files *files, const char *path);

/** The stored .gitignore of the folder, or NULL; `files` may be NULL. */
const struct stored_ignore *tracked_files_ignore(
	const struct tracked_files *files, const char *dir);

#endif
