#include "scanner/session_find.h"

#include "base/array.h"
#include "base/buf.h"
#include "base/folder.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define MAX_ENTRIES ((size_t)2000000) /* of the whole worktree */
#define MAX_DEPTH   100
#define MAX_TRIES   16 /* files of one folder that are read in vain */

void session_paths_clear(struct session_paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->items[i]);
	free(paths->items);
	*paths = (struct session_paths){ 0 };
}

static void add_owned(struct session_paths *paths, char *path)
{
	ARRAY_GROW(paths->items, paths->count, paths->capacity);
	paths->items[paths->count++] = path;
}

void session_paths_add(struct session_paths *paths, const char *path)
{
	add_owned(paths, xstrdup(path));
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_and_unite(struct session_paths *paths)
{
	if (!paths->count)
		return;
	qsort(paths->items, paths->count, sizeof(*paths->items), compare_texts);
	size_t kept = 1;
	for (size_t i = 1; i < paths->count; i++) {
		if (!strcmp(paths->items[i], paths->items[kept - 1]))
			free(paths->items[i]);
		else
			paths->items[kept++] = paths->items[i];
	}
	paths->count = kept;
}

/** The walk, and the folder that it is in. */
struct walk {
	struct session_reader *reader;
	struct session_paths waiting; /* folders, the last is next */
	size_t entries;
	bool incomplete;

	const char *folder; /* its path from the top, "" for the top */
	int fd;
	unsigned tries_left;
	bool found;
};

static char *child_path(const struct walk *walk, const char *name)
{
	struct buf path;
	buf_init(&path, 0);
	buf_printf(
		&path, "%s%s%s", walk->folder, *walk->folder ? "/" : "", name);
	return buf_steal(&path);
}

static unsigned depth_of(const char *path)
{
	unsigned depth = 0;
	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

static void take_folder(struct walk *walk, const char *name)
{
	if (!strcmp(name, ".git"))
		return;
	char *path = child_path(walk, name);
	if (depth_of(path) < MAX_DEPTH) {
		add_owned(&walk->waiting, path);
		return;
	}
	walk->incomplete = true;
	free(path);
}

static int take_file(struct walk *walk, const char *name, struct err *err)
{
	if (walk->found || !walk->tries_left)
		return 0;
	CLEANUP(freep) char *path = child_path(walk, name);
	if (!session_reader_knows(walk->reader, path))
		return 0;
	CLEANUP(session_file_clear)
	struct session_file file = { .name = xstrdup(name) };
	int rc = session_reader_look(&file, walk->reader, walk->fd, path, err);
	walk->tries_left--;
	walk->found = rc == 0 && file.is_certain;
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

static int take_entry(const char *name, int type, void *ctx, struct err *err)
{
	struct walk *walk = ctx;
	if (walk->entries++ == MAX_ENTRIES) {
		walk->incomplete = true;
		return 1;
	}
	if (type == FOLDER_ENTRY_FOLDER)
		take_folder(walk, name);
	return type == FOLDER_ENTRY_FILE ? take_file(walk, name, err) : 0;
}

/** True when the folder's name is that of a session store, and nothing in it
 * says that it is a package of that name. */
static bool is_named_so(const struct walk *walk)
{
	const struct rule *rule =
		session_reader_dir_rule(walk->reader, walk->folder);
	if (!rule)
		return false;
	for (const char *const *name = rule->except_siblings; name && *name;
		name++)
		if (!faccessat(walk->fd, *name, F_OK, AT_SYMLINK_NOFOLLOW))
			return false;
	return true;
}

static bool is_other_repository(const struct walk *walk)
{
	return *walk->folder &&
		!faccessat(walk->fd, ".git", F_OK, AT_SYMLINK_NOFOLLOW);
}

static int visit(struct walk *walk, struct session_paths *paths,
	const char *worktree, struct err *err)
{
	struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s/%s", worktree, walk->folder);
	CLEANUP(fd_close) int fd = -1;
	int rc = folder_open(&fd, path.bytes, err);
	buf_clear(&path);
	if (rc < 0) {
		walk->incomplete |= rc != ERR_NOT_FOUND;
		return 0;
	}
	walk->fd = fd;
	walk->tries_left = MAX_TRIES;
	walk->found = false;
	if (is_other_repository(walk))
		return 0;
	walk->found = *walk->folder && is_named_so(walk);
	rc = folder_each(fd, take_entry, walk, err);
	if (walk->found)
		session_paths_add(paths, walk->folder);
	if (rc != ERR_IO)
		return rc;
	walk->incomplete = true;
	return 0;
}

int session_find(struct session_paths *paths, struct session_reader *reader,
	const char *worktree, struct err *err)
{
	struct walk walk = { .reader = reader };
	session_paths_add(&walk.waiting, "");
	int rc = 0;
	while (rc == 0 && walk.waiting.count) {
		CLEANUP(freep)
		char *folder = walk.waiting.items[--walk.waiting.count];
		walk.folder = folder;
		rc = visit(&walk, paths, worktree, err);
	}
	session_paths_clear(&walk.waiting);
	sort_and_unite(paths);
	return rc < 0 ? rc : walk.incomplete;
}
