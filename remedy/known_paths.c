#include "remedy/known_paths.h"

#include "base/buf.h"
#include "base/folder.h"
#include "scanner/history.h"
#include "scanner/history_walk.h"
#include "scanner/holder.h"
#include "scanner/objects/objects.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_PATHS       2000000
#define MAX_DEPTH       256
#define MAX_OBJECT_SIZE ((size_t)256 << 20)

/* Folders that are open, from the top; `path` ends where each one's name does.
 */
struct walk {
	struct path_table *out;
	struct buf path; /* of the innermost folder, with a slash at its end */
	struct {
		DIR *dir;
		size_t len; /* of path */
	} levels[MAX_DEPTH];
	size_t depth;
};

static void walk_clear(struct walk *walk)
{
	while (walk->depth)
		closedir(walk->levels[--walk->depth].dir);
	buf_clear(&walk->path);
}

static int push(struct walk *walk, int fd, struct err *err)
{
	if (walk->depth == MAX_DEPTH) {
		close(fd);
		return err_set(err, ERR_LIMIT,
			"%s: folders are nested too deep", walk->path.bytes);
	}
	DIR *dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return err_errno(err, "%s", walk->path.bytes);
	}
	walk->levels[walk->depth].dir = dir;
	walk->levels[walk->depth++].len = walk->path.len;
	return 0;
}

/* A folder below; one with a .git is a repository of its own. */
static int enter(struct walk *walk, const char *name, struct err *err)
{
	int parent = dirfd(walk->levels[walk->depth - 1].dir);
	int fd = openat(
		parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	if (fd < 0) /* gone, or not for us: git could not look either */
		return 0;
	if (fstatat(fd, ".git", &st, AT_SYMLINK_NOFOLLOW) == 0) {
		close(fd);
		return 0;
	}
	buf_printf(&walk->path, "%s/", name);
	return push(walk, fd, err);
}

static int visit(struct walk *walk, const struct dirent *entry, struct err *err)
{
	const char *name = entry->d_name;
	if (!strcmp(name, ".") || !strcmp(name, "..") || !strcmp(name, ".git"))
		return 0;
	struct stat st;
	int dir = dirfd(walk->levels[walk->depth - 1].dir);
	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (S_ISDIR(st.st_mode))
		return enter(walk, name, err);
	if (walk->out->count == MAX_PATHS)
		return err_set(err, ERR_LIMIT, "more than %d files", MAX_PATHS);
	size_t len = walk->path.len;
	buf_add_text(&walk->path, name);
	path_table_add(walk->out, walk->path.bytes, walk->path.len);
	walk->path.len = len;
	walk->path.bytes[len] = '\0';
	return 0;
}

static void leave(struct walk *walk)
{
	closedir(walk->levels[--walk->depth].dir);
	if (!walk->depth)
		return;
	walk->path.len = walk->levels[walk->depth - 1].len;
	walk->path.bytes[walk->path.len] = '\0';
}

int known_paths_on_disk(struct path_table *out, int worktree, struct err *err)
{
	CLEANUP(walk_clear) struct walk walk = { .out = out };
	buf_init(&walk.path, 0);
	int fd = -1;
	buf_add_text(&walk.path, "");
	int rc = folder_open_at(&fd, worktree, "", err);
	if (rc == 0)
		rc = push(&walk, fd, err);
	while (walk.depth && rc == 0) {
		const struct dirent *entry =
			readdir(walk.levels[walk.depth - 1].dir);
		if (entry)
			rc = visit(&walk, entry, err);
		else
			leave(&walk);
	}
	return rc;
}

static int walk_history(struct path_table *out, struct scan_result *skips,
	struct repo *repo, const struct objects *objects, unsigned jobs,
	struct err *err)
{
	CLEANUP(history_clear) struct history history = { 0 };
	CLEANUP(changes_clear) struct changes changes = { 0 };
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	CLEANUP(holders_clear) struct holders holders = { 0 };
	int rc = holders_find(&holders, repo, false, err);
	CLEANUP(freep) struct history_start *tips = holders_starts(&holders, 0);
	const struct history_range range = {
		.tips = tips,
		.tip_count = holders.tip_count,
	};
	if (rc == 0)
		rc = objects_reader_new(&reader, objects, err);
	if (rc == 0)
		rc = history_load(&history, &range, repo, reader, skips, err);
	if (rc == 0)
		rc = history_walk(
			&changes, &history, objects, jobs, NULL, skips, err);
	for (uint32_t i = 0; i < changes.paths.count && rc == 0; i++)
		path_table_add(out, changes.paths.entries[i].text,
			changes.paths.entries[i].len);
	scan_result_sort(skips);
	return rc;
}

int known_paths_in_history(struct path_table *out, struct scan_result *skips,
	struct repo *repo, unsigned jobs, struct err *err)
{
	CLEANUP(objects_freep) struct objects *objects = NULL;
	const struct objects_opts opts = {
		.dirs = repo_object_dirs(repo),
		.max_object_size = MAX_OBJECT_SIZE,
	};
	int rc = objects_open(&objects, &opts, err);
	if (rc < 0)
		return rc;
	return walk_history(out, skips, repo, objects, jobs, err);
}
