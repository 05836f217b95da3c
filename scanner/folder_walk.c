#include "scanner/folder_walk.h"

#include "base/array.h"
#include "base/buf.h"
#include "scanner/finding.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_PATH ((size_t)64 * 1024)

struct level {
	DIR *dir;
	size_t path_len; /* of the folder, with its slash */
};

struct walk {
	const struct folder_walk_opts *opts;
	struct buf path; /* being looked at */
	struct level *levels;
	size_t depth, capacity;
};

static void walk_clear(struct walk *walk)
{
	while (walk->depth)
		closedir(walk->levels[--walk->depth].dir);
	free(walk->levels);
	buf_clear(&walk->path);
}

static void skip(const struct walk *walk, int reason, const char *detail)
{
	walk->opts->calls->skip(
		walk->path.bytes, reason, detail, walk->opts->ctx);
}

/** Takes over the descriptor. */
static void push_level(struct walk *walk, int folder)
{
	DIR *dir = fdopendir(folder);
	if (!dir) {
		close(folder);
		skip(walk, SKIP_MISSING, strerror(errno));
		return;
	}
	ARRAY_GROW(walk->levels, walk->depth, walk->capacity);
	walk->levels[walk->depth++] =
		(struct level){ .dir = dir, .path_len = walk->path.len };
}

static void enter(struct walk *walk, int parent, const char *name)
{
	const struct folder_walk_calls *calls = walk->opts->calls;
	if (!calls->wants(walk->path.bytes, true, walk->opts->ctx))
		return;
	if (walk->depth == walk->opts->max_depth) {
		skip(walk, SKIP_LIMIT, "too deep");
		return;
	}
	int folder = openat(
		parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0) {
		skip(walk, SKIP_MISSING, strerror(errno));
	} else if (calls->enters &&
		!calls->enters(walk->path.bytes, folder, walk->opts->ctx)) {
		close(folder);
	} else {
		buf_add_byte(&walk->path, '/');
		push_level(walk, folder);
	}
}

/** False ends the walk. */
static bool take_name(struct walk *walk, int folder, const char *name)
{
	const struct folder_walk_calls *calls = walk->opts->calls;
	struct stat st;
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return true;
	if (buf_add_text(&walk->path, name) < 0) {
		skip(walk, SKIP_LIMIT, "too long a path");
		return true;
	}
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return true; /* gone by now */
	if (S_ISDIR(st.st_mode)) {
		enter(walk, folder, name);
		return true;
	}
	return !calls->wants(walk->path.bytes, false, walk->opts->ctx) ||
		calls->take(walk->path.bytes, walk->opts->ctx);
}

void folder_walk(const struct folder_walk_opts *opts)
{
	struct walk walk = { .opts = opts };
	buf_init(&walk.path, MAX_PATH);
	buf_add_text(&walk.path, opts->prefix);
	int root = fcntl(opts->root, F_DUPFD_CLOEXEC, 0);
	if (root >= 0)
		push_level(&walk, root);
	for (bool more = true; more && walk.depth;) {
		struct level *level = &walk.levels[walk.depth - 1];
		walk.path.len = level->path_len;
		walk.path.bytes[walk.path.len] = '\0';
		const struct dirent *entry = readdir(level->dir);
		if (entry) {
			more = take_name(
				&walk, dirfd(level->dir), entry->d_name);
		} else {
			closedir(level->dir);
			walk.depth--;
		}
	}
	walk_clear(&walk);
}
