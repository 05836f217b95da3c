#include "scanner/source_worktree.h"

#include "scanner/disk_files.h"
#include "scanner/folder_walk.h"
#include "scanner/tree_parse.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#define MAX_DEPTH 512 /* folders open at once, a descriptor each */

struct worktree {
	struct repo *repo;
	bool ignored_too;
	struct path_table tracked; /* paths of the index */
	struct disk_files files;
};

static void worktree_clear(struct worktree *worktree)
{
	path_table_clear(&worktree->tracked);
	buf_clear(&worktree->files.content);
}

static int take_tracked(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	(void)err;
	struct worktree *worktree = ctx;
	uint32_t known = worktree->tracked.count;
	uint32_t number = path_table_add(
		&worktree->tracked, entry->path, entry->path_len);
	if (number == known && !mode_is_gitlink(entry->mode))
		disk_files_add(&worktree->files, entry->path);
	return 0;
}

static bool is_tracked(const struct worktree *worktree, const char *path)
{
	return path_table_find(&worktree->tracked, path, strlen(path)) !=
		PATH_NONE;
}

/** As folder_walk_calls.wants: what is tracked was taken. */
static bool wants(const char *path, bool is_folder, void *ctx)
{
	const struct worktree *worktree = ctx;
	const char *slash = strrchr(path, '/');
	if (!strcasecmp(slash ? slash + 1 : path, ".git") ||
		(!is_folder && is_tracked(worktree, path)))
		return false;
	return worktree->ignored_too ||
		repo_is_ignored(worktree->repo, path) != YES;
}

/** A folder with a `.git` of its own is another repository, or a submodule. */
static bool enters(const char *path, int folder, void *ctx)
{
	const struct worktree *worktree = ctx;
	struct stat st;
	if (fstatat(folder, ".git", &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		!(S_ISDIR(st.st_mode) || S_ISREG(st.st_mode)))
		return true;
	disk_files_skip(&worktree->files, path, SKIP_SUBMODULE, NULL);
	return false;
}

static bool take(const char *path, void *ctx)
{
	struct worktree *worktree = ctx;
	disk_files_add(&worktree->files, path);
	return true;
}

static void skip(const char *path, int reason, const char *detail, void *ctx)
{
	const struct worktree *worktree = ctx;
	disk_files_skip(&worktree->files, path, reason, detail);
}

static int add_tracked(struct worktree *worktree, struct err *err)
{
	int rc = repo_each_index_entry(
		worktree->repo, take_tracked, worktree, err);
	if (rc != ERR_UNSUPPORTED && rc != ERR_CORRUPT)
		return rc;
	/* what is tracked is then scanned as what is not, if not ignored */
	struct scan_result *result = worktree->files.result;
	struct skipped *skipped =
		scan_result_add_skipped(result, SKIP_UNSUPPORTED);
	skipped->detail = arena_strdup(&result->arena, err->msg);
	return 0;
}

int entries_add_worktree(struct entries *entries, struct outside *outside,
	struct repo *repo, const struct worktree_opts *opts,
	struct changes *changes, struct scan_result *result, struct err *err)
{
	static const struct folder_walk_calls calls = { wants, enters, take,
		skip };
	const char *top = repo_worktree(repo);
	if (!top)
		return err_set(err, ERR_USAGE, "'%s' has no worktree",
			repo_name(repo));
	int root = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return err_errno(err, "%s", top);
	outside->roots[OUTSIDE_WORKTREE] = root;
	struct worktree worktree = {
		.repo = repo,
		.ignored_too = opts->ignored_too,
		.files = {
			.entries = entries,
			.outside = outside,
			.changes = changes,
			.result = result,
			.pathspec = opts->pathspec,
			.root = OUTSIDE_WORKTREE,
			.place = PLACE_WORKTREE,
		},
	};
	buf_init(&worktree.files.content, opts->max_size);
	int rc = add_tracked(&worktree, err);
	if (rc == 0)
		folder_walk(&(struct folder_walk_opts){
			.root = root,
			.prefix = "",
			.max_depth = MAX_DEPTH,
			.calls = &calls,
			.ctx = &worktree,
		});
	worktree_clear(&worktree);
	return rc;
}
