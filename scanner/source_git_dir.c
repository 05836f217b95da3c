#include "scanner/source_git_dir.h"

#include "base/array.h"
#include "scanner/disk_files.h"
#include "scanner/folder_walk.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* A folder of submodules within submodules has some dozens and thousands; what
 * is beyond was made to keep us busy. */
#define MAX_DEPTH 64
#define MAX_FILES ((size_t)100000)
#define MAX_BYTES ((uint64_t)1 << 30)

/** Paths from a git folder on that are not read; a `*` is one of a name
 * (gitrepository-layout(5), git-lfs(1), git-annex(1)). */
static const char *const left_out[] = {
	"objects",
	"refs",
	"packed-refs",
	"index",
	"sharedindex.*",
	"hygiene",
	"lfs/objects",
	"lfs/tmp",
	"lfs/incomplete",
	"annex/objects",
	"annex/tmp",
};

/** The start of the last `count` components of a path; NULL for fewer. */
static const char *last_components(const char *path, int count)
{
	for (const char *at = path + strlen(path); at > path; at--)
		if (at[-1] == '/' && --count == 0)
			return at;
	return NULL;
}

static bool has(const struct disk_files *files, const char *path, size_t len,
	const char *name)
{
	char whole[PATH_MAX];
	struct stat st;
	int size =
		snprintf(whole, sizeof(whole), "%.*s%s", (int)len, path, name);
	return size > 0 && (size_t)size < sizeof(whole) &&
		fstatat(files->outside->roots[OUTSIDE_GIT_DIR], whole, &st,
			AT_SYMLINK_NOFOLLOW) == 0;
}

/** True for the folder itself, and for those of submodules and worktrees: what
 * is called as in git elsewhere is a file like any. */
static bool is_git_dir(
	const struct disk_files *files, const char *path, size_t len)
{
	const size_t prefix = strlen(OUTSIDE_GIT_DIR_PREFIX);
	if (len == prefix)
		return true;
	path += prefix;
	len -= prefix;
	return has(files, path, len, "HEAD") &&
		(has(files, path, len, "objects") ||
			has(files, path, len, "commondir"));
}

/** As folder_walk_calls.wants. */
static bool wants(const char *path, bool is_folder, void *ctx)
{
	(void)is_folder;
	const struct disk_files *files = ctx;
	for (size_t i = 0; i < ARRAY_SIZE(left_out); i++) {
		int depth = strchr(left_out[i], '/') ? 2 : 1;
		const char *name = last_components(path, depth);
		if (name && fnmatch(left_out[i], name, FNM_PATHNAME) == 0 &&
			is_git_dir(files, path, (size_t)(name - path)))
			return false;
	}
	return true;
}

/** As folder_walk_calls.take. */
static bool take(const char *path, void *ctx)
{
	struct disk_files *files = ctx;
	if (files->count == MAX_FILES || files->bytes > MAX_BYTES) {
		disk_files_skip(files, ".git", SKIP_LIMIT,
			"too many or too large files: not all were "
			"looked at");
		return false;
	}
	disk_files_add(files, path);
	return true;
}

static void skip(const char *path, int reason, const char *detail, void *ctx)
{
	const struct disk_files *files = ctx;
	disk_files_skip(files, path, reason, detail);
}

int entries_add_git_dir(struct entries *entries, struct outside *outside,
	const struct repo *repo, const struct git_dir_opts *opts,
	struct changes *changes, struct scan_result *result, struct err *err)
{
	static const struct folder_walk_calls calls = { wants, NULL, take,
		skip };
	const char *top = repo_common_dir(repo);
	int root = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return err_errno(err, "%s", top);
	outside->roots[OUTSIDE_GIT_DIR] = root;
	struct disk_files files = {
		.entries = entries,
		.outside = outside,
		.changes = changes,
		.result = result,
		.pathspec = opts->pathspec,
		.root = OUTSIDE_GIT_DIR,
		.place = PLACE_GIT_DIR,
	};
	buf_init(&files.content, opts->max_size);
	folder_walk(&(struct folder_walk_opts){
		.root = root,
		.prefix = OUTSIDE_GIT_DIR_PREFIX,
		.max_depth = MAX_DEPTH,
		.calls = &calls,
		.ctx = &files,
	});
	buf_clear(&files.content);
	return 0;
}
