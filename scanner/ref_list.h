/*
 * The refs of a repository, read from its files: loose ones, packed-refs and
 * every HEAD (gitrepository-layout(5), git-pack-refs(1)). Nothing is left out
 * in silence: what holds neither an object id nor the name of another ref is
 * kept as broken, where git and libgit2 pass over it. Loose refs are read
 * before packed ones, so that a ref which git packs meanwhile is not missed.
 */
#ifndef SCANNER_REF_LIST_H
#define SCANNER_REF_LIST_H

#include "base/arena.h"
#include "base/err.h"
#include "scanner/repo.h"

/** All zero is empty; texts live in the arena. */
struct ref_list {
	struct arena arena;
	struct repo_ref *items; /* sorted by name, none twice */
	size_t count, capacity;
	const char **broken; /* names of refs that hold no object id */
	size_t broken_count, broken_capacity;
};

/**
 * Reads all refs of the repository whose .git folder is `git_dir` and, if that
 * is one of a linked worktree, shares `common_dir`; both end with a slash. A
 * HEAD that names an object is listed as "HEAD", that of another worktree as
 * "worktrees/<name>/HEAD" or "main-worktree/HEAD". ERR_LIMIT when packed-refs
 * is too large.
 */
int ref_list_read(struct ref_list *out, const char *git_dir,
	const char *common_dir, struct err *err) MUST_CHECK;
void ref_list_clear(struct ref_list *list);

#endif
