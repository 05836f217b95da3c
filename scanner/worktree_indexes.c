#include "scanner/worktree_indexes.h"

#include "base/buf.h"
#include "scanner/linked_worktrees.h"

#include <string.h>

struct search {
	const struct repo *repo;
	int (*sink)(
		const struct worktree_index *index, void *ctx, struct err *err);
	void *ctx;
	struct err *err;
	int rc;
};

/** `git_dir` ends with a slash. */
static int push(
	struct search *search, const char *git_dir, const char *worktree)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%sindex", git_dir);
	const struct worktree_index index = {
		.path = path.bytes,
		.worktree = worktree,
		.own = !strcmp(git_dir, repo_git_dir(search->repo)),
	};
	search->rc = search->sink(&index, search->ctx, search->err);
	return search->rc;
}

static int push_linked(
	const char *name, const char *git_dir, const char *path, void *ctx)
{
	CLEANUP(buf_clear) struct buf folder;
	buf_init(&folder, 0);
	buf_printf(&folder, "%s/", git_dir);
	return push(ctx, folder.bytes, path ? path : name);
}

int worktree_indexes_each(const struct repo *repo,
	int (*sink)(
		const struct worktree_index *index, void *ctx, struct err *err),
	void *ctx, struct err *err)
{
	struct search search = {
		.repo = repo,
		.sink = sink,
		.ctx = ctx,
		.err = err,
	};
	if (push(&search, repo_common_dir(repo), NULL) == 0)
		linked_worktrees_each(repo, push_linked, &search);
	return search.rc;
}
