#include "scanner/source_worktree.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "scanner/objects/objects.h"
#include "scanner/tree_parse.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 512 /* folders open at once, a descriptor each */
#define MAX_PATH  ((size_t)64 * 1024)

struct level {
	DIR *dir;
	size_t path_len; /* of the folder, with its slash */
};

struct walk {
	struct repo *repo;
	const struct worktree_opts *opts;
	struct entries *entries;
	struct outside *outside;
	struct changes *changes;
	struct scan_result *result;
	struct path_table tracked; /* paths of the index */
	struct buf path;           /* being looked at */
	struct buf content;
	struct level *levels;
	size_t depth, capacity;
};

static void walk_clear(struct walk *walk)
{
	while (walk->depth)
		closedir(walk->levels[--walk->depth].dir);
	free(walk->levels);
	path_table_clear(&walk->tracked);
	buf_clear(&walk->path);
	buf_clear(&walk->content);
}

static void skip(
	struct walk *walk, const char *path, int reason, const char *detail)
{
	struct skipped *skipped = scan_result_add_skipped(walk->result, reason);
	skipped->path = arena_strdup(&walk->result->arena, path);
	skipped->detail = arena_strdup(&walk->result->arena, detail);
}

/** Reads a file, for its id; its content is matched later. */
static void add_file(struct walk *walk, const char *path)
{
	if (walk->opts->pathspec &&
		!repo_pathspec_matches(walk->opts->pathspec, path))
		return;
	struct err err;
	int rc = outside_read_file(&walk->content, walk->outside, path, &err);
	if (rc == ERR_NOT_FOUND)
		return; /* tracked, and taken away; or not a file */
	if (rc < 0) {
		skip(walk, path,
			rc == ERR_LIMIT ? SKIP_TOO_LARGE : SKIP_MISSING,
			err.msg);
		return;
	}
	struct oid oid;
	object_hash(&oid, OBJECT_BLOB,
		(const unsigned char *)walk->content.bytes, walk->content.len);
	struct changes *changes = walk->changes;
	bool is_new;
	uint32_t blob = oid_map_add(&changes->blobs, &oid, &is_new);
	entries_add(walk->entries,
		path_table_add(&changes->paths, path, strlen(path)), blob,
		PLACE_WORKTREE);
	outside_add_file(walk->outside, path, &oid);
}

static int take_tracked(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	(void)err;
	struct walk *walk = ctx;
	uint32_t known = walk->tracked.count;
	uint32_t number =
		path_table_add(&walk->tracked, entry->path, entry->path_len);
	if (number == known && !mode_is_gitlink(entry->mode))
		add_file(walk, entry->path);
	return 0;
}

static bool is_tracked(const struct walk *walk)
{
	return path_table_find(&walk->tracked, walk->path.bytes,
		       walk->path.len) != PATH_NONE;
}

static bool is_ignored(const struct walk *walk)
{
	return !walk->opts->ignored_too &&
		repo_is_ignored(walk->repo, walk->path.bytes) == YES;
}

/** A folder with a `.git` of its own is another repository, or a submodule. */
static bool is_repository(int folder)
{
	struct stat st;
	return fstatat(folder, ".git", &st, AT_SYMLINK_NOFOLLOW) == 0 &&
		(S_ISDIR(st.st_mode) || S_ISREG(st.st_mode));
}

/** Takes over the descriptor. */
static void push_level(struct walk *walk, int folder)
{
	DIR *dir = fdopendir(folder);
	if (!dir) {
		close(folder);
		skip(walk, walk->path.bytes, SKIP_MISSING, strerror(errno));
		return;
	}
	ARRAY_GROW(walk->levels, walk->depth, walk->capacity);
	walk->levels[walk->depth++] =
		(struct level){ .dir = dir, .path_len = walk->path.len };
}

static void enter(struct walk *walk, int parent, const char *name)
{
	if (is_ignored(walk))
		return;
	if (walk->depth == MAX_DEPTH) {
		skip(walk, walk->path.bytes, SKIP_LIMIT, "too deep");
		return;
	}
	int folder = openat(
		parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0) {
		skip(walk, walk->path.bytes, SKIP_MISSING, strerror(errno));
	} else if (is_repository(folder)) {
		close(folder);
		skip(walk, walk->path.bytes, SKIP_SUBMODULE, NULL);
	} else {
		buf_add_byte(&walk->path, '/');
		push_level(walk, folder);
	}
}

static void take_name(struct walk *walk, int folder, const char *name)
{
	struct stat st;
	if (!strcmp(name, ".") || !strcmp(name, "..") ||
		!strcasecmp(name, ".git"))
		return;
	if (buf_add_text(&walk->path, name) < 0) {
		skip(walk, walk->path.bytes, SKIP_LIMIT, "too long a path");
		return;
	}
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return; /* gone by now */
	if (S_ISDIR(st.st_mode))
		enter(walk, folder, name);
	else if (!is_tracked(walk) && !is_ignored(walk))
		add_file(walk, walk->path.bytes);
}

/** Looks for what is not tracked. */
static void walk_folders(struct walk *walk)
{
	buf_reset(&walk->path);
	buf_add(&walk->path, "", 0);
	int root = fcntl(walk->outside->root, F_DUPFD_CLOEXEC, 0);
	if (root >= 0)
		push_level(walk, root);
	while (walk->depth) {
		struct level *level = &walk->levels[walk->depth - 1];
		walk->path.len = level->path_len;
		walk->path.bytes[walk->path.len] = '\0';
		const struct dirent *entry = readdir(level->dir);
		if (entry) {
			take_name(walk, dirfd(level->dir), entry->d_name);
		} else {
			closedir(level->dir);
			walk->depth--;
		}
	}
}

static int add_tracked(struct walk *walk, struct err *err)
{
	int rc = repo_each_index_entry(walk->repo, take_tracked, walk, err);
	if (rc != ERR_UNSUPPORTED && rc != ERR_CORRUPT)
		return rc;
	/* what is tracked is then scanned as what is not, if not ignored */
	struct skipped *skipped =
		scan_result_add_skipped(walk->result, SKIP_UNSUPPORTED);
	skipped->detail = arena_strdup(&walk->result->arena, err->msg);
	return 0;
}

int entries_add_worktree(struct entries *entries, struct outside *outside,
	struct repo *repo, const struct worktree_opts *opts,
	struct changes *changes, struct scan_result *result, struct err *err)
{
	const char *top = repo_worktree(repo);
	if (!top)
		return err_set(err, ERR_USAGE, "'%s' has no worktree",
			repo_name(repo));
	outside->root = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (outside->root < 0)
		return err_errno(err, "%s", top);
	struct walk walk = {
		.repo = repo,
		.opts = opts,
		.entries = entries,
		.outside = outside,
		.changes = changes,
		.result = result,
	};
	buf_init(&walk.path, MAX_PATH);
	buf_init(&walk.content, opts->max_size);
	int rc = add_tracked(&walk, err);
	if (rc == 0)
		walk_folders(&walk);
	walk_clear(&walk);
	return rc;
}
