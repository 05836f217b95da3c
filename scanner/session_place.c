#include "scanner/session_place.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A name for a directory without files: MD5, as Flask-Session writes. */
#define ANY_NAME "0123456789abcdef0123456789abcdef"

void session_place_clear(struct session_place *place)
{
	free(place->name);
	free(place->path);
	free(place->inside);
	free(place->worktree);
	free(place->git_dir);
	free(place->common_dir);
	*place = (struct session_place){ 0 };
}

static char *join(const char *folder, const char *name)
{
	struct buf path;
	buf_init(&path, 0);
	size_t len = strlen(folder);
	bool slash = len && folder[len - 1] != '/' && *name;
	buf_printf(&path, "%s%s%s", folder, slash ? "/" : "", name);
	return buf_steal(&path);
}

/** The parent of a path that the user typed, and its last component. */
static void split(char **parent, char **last, const char *typed)
{
	size_t len = strlen(typed);
	while (len > 1 && typed[len - 1] == '/')
		len--;
	size_t start = len;
	while (start && typed[start - 1] != '/')
		start--;
	*last = xmemdupz(typed + start, len - start);
	*parent = start ? xmemdupz(typed, start) : xstrdup(".");
}

/** The absolute path without symlinks, of a directory that may yet have to be
 * made. NULL and errno when not even its parent is there. */
static char *resolve(const char *typed)
{
	char *real = realpath(typed, NULL);
	if (real || errno != ENOENT)
		return real;
	CLEANUP(freep) char *parent = NULL;
	CLEANUP(freep) char *last = NULL;
	split(&parent, &last, typed);
	if (!*last || !strcmp(last, ".") || !strcmp(last, ".."))
		return NULL;
	CLEANUP(freep) char *real_parent = realpath(parent, NULL);
	return real_parent ? join(real_parent, last) : NULL;
}

/** `path` from the folder `top` on, without a slash at its start; NULL when it
 * does not lie there. */
static const char *below(const char *top, const char *path)
{
	size_t len = strlen(top);
	if (len == 1) /* the root: "/" */
		return path + 1;
	if (strncmp(path, top, len) || (path[len] && path[len] != '/'))
		return NULL;
	return path[len] ? path + len + 1 : path + len;
}

static void set_repo(
	struct session_place *place, const struct repo *repo, char *worktree)
{
	place->worktree = worktree;
	place->git_dir = xstrdup(repo_git_dir(repo));
	place->common_dir = xstrdup(repo_common_dir(repo));
}

/** Sets the repository if the directory lies in the worktree of one. */
static int find_repo(
	struct session_place *place, const char *git_dir, struct err *err)
{
	CLEANUP(freep) char *parent = NULL;
	CLEANUP(freep) char *last = NULL;
	split(&parent, &last, place->path);
	struct stat st;
	bool exists = !stat(place->path, &st) && S_ISDIR(st.st_mode);
	struct repo_opts opts = { .git_dir = git_dir };
	if (!git_dir && !getenv("GIT_DIR"))
		opts.start = exists ? place->path : parent;
	CLEANUP(repo_freep) struct repo *repo = NULL;
	int rc = repo_open(&repo, &opts, err);
	if (rc == ERR_NOT_FOUND && opts.start)
		return 0;
	if (rc < 0)
		return rc;
	CLEANUP(freep) char *top = NULL;
	if (repo_worktree(repo))
		top = realpath(repo_worktree(repo), NULL);
	if (top && below(top, place->path))
		set_repo(place, repo, STEAL(top));
	return 0;
}

int session_place_init_typed(struct session_place *out, const char *typed,
	const char *git_dir, struct err *err)
{
	CLEANUP(session_place_clear) struct session_place place = { 0 };
	place.path = resolve(typed);
	if (!place.path && (errno == ENOENT || errno == ENOTDIR))
		return err_set(
			err, ERR_NOT_FOUND, "%s: no such directory", typed);
	if (!place.path)
		return err_errno(err, "%s", typed);
	int rc = find_repo(&place, git_dir, err);
	if (rc < 0)
		return rc;
	place.name = xstrdup(typed);
	place.inside = xstrdup(
		below(place.worktree ? place.worktree : "/", place.path));
	*out = place;
	place = (struct session_place){ 0 };
	return 0;
}

int session_place_init_inside(struct session_place *place,
	const struct repo *repo, const char *inside, struct err *err)
{
	char *top = realpath(repo_worktree(repo), NULL);
	if (!top)
		return err_errno(err, "%s", repo_worktree(repo));
	*place = (struct session_place){
		.name = xstrdup(*inside ? inside : "."),
		.path = join(top, inside),
		.inside = xstrdup(inside),
	};
	set_repo(place, repo, top);
	return 0;
}

/* FNV-1a: told apart are states of a few files, not enemies. */
static void add_to_stamp(uint64_t *stamp, const void *bytes, size_t len)
{
	const unsigned char *at = bytes;
	for (size_t i = 0; i < len; i++)
		*stamp = (*stamp ^ at[i]) * UINT64_C(0x100000001b3);
}

static void add_file(uint64_t *stamp, const char *path)
{
	struct stat st = { 0 };
	if (lstat(path, &st) < 0)
		st = (struct stat){ 0 };
	add_to_stamp(stamp, &st.st_ino, sizeof(st.st_ino));
	add_to_stamp(stamp, &st.st_mode, sizeof(st.st_mode));
	add_to_stamp(stamp, &st.st_size, sizeof(st.st_size));
	add_to_stamp(stamp, &st.st_mtim, sizeof(st.st_mtim));
}

static void add_file_of(uint64_t *stamp, const char *folder, const char *name)
{
	CLEANUP(freep) char *path = join(folder, name);
	add_file(stamp, path);
}

/* Where the sink of folders adds to. */
static void add_ignore_file(const char *folder, void *ctx)
{
	add_file_of(ctx, folder, ".gitignore");
}

/** A name of the same form as that of a file that is there, for one that the
 * application may write next. */
static char *next_name(const char *name)
{
	char *next = xstrdup(name);
	size_t len = strlen(next);
	for (size_t i = len / 2; i < len; i++)
		if (isalnum((unsigned char)next[i])) {
			next[i] = next[i] == '0' ? '1' : '0';
			break;
		}
	return next;
}

/** The first session file, by which the others are judged. */
static const char *sample_name(const struct session_dir *dir)
{
	for (size_t i = 0; i < dir->count; i++)
		if (dir->files[i].kind == SESSION_FILE_SESSION ||
			dir->files[i].kind == SESSION_FILE_UNKNOWN)
			return dir->files[i].name;
	return ANY_NAME;
}

static uint64_t make_stamp(
	const struct session_place *place, const char *sample)
{
	uint64_t stamp = UINT64_C(0xcbf29ce484222325);
	const char *index = getenv("GIT_INDEX_FILE");
	if (index)
		add_file(&stamp, index);
	else
		add_file_of(&stamp, place->git_dir, "index");
	add_file_of(&stamp, place->common_dir, "info/exclude");
	add_file_of(&stamp, place->common_dir, "config");
	session_place_each_folder(place, add_ignore_file, &stamp);
	add_to_stamp(&stamp, sample, strlen(sample));
	return stamp;
}

static int is_ignored(
	struct repo *repo, const struct session_place *place, const char *name)
{
	CLEANUP(freep) char *path = join(place->inside, name);
	return repo_is_ignored(repo, path);
}

/* What the sink of index entries needs. */
struct tracked_count {
	const struct session_place *place;
	struct session_reader *reader;
	size_t count;
};

static int count_tracked(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	(void)err;
	struct tracked_count *tracked = ctx;
	const char *inside = tracked->place->inside;
	const char *name = *inside ? below(inside, entry->path) : entry->path;
	if (name && *name && !strchr(name, '/') &&
		session_reader_knows(tracked->reader, entry->path))
		tracked->count++;
	return 0;
}

static int ask(struct session_git *git, const struct session_place *place,
	struct session_reader *reader, const char *sample, struct err *err)
{
	CLEANUP(repo_freep) struct repo *repo = NULL;
	const struct repo_opts opts = { .git_dir = place->git_dir };
	int rc = repo_open(&repo, &opts, err);
	struct tracked_count tracked = { place, reader, 0 };
	if (rc == 0)
		rc = repo_each_index_entry(repo, count_tracked, &tracked, err);
	if (rc < 0)
		return rc;
	CLEANUP(freep) char *next = next_name(sample);
	git->tracked = tracked.count;
	git->ignored = is_ignored(repo, place, sample);
	if (git->ignored == YES)
		git->ignored = is_ignored(repo, place, next);
	return 0;
}

int session_git_ask(struct session_git *git, const struct session_place *place,
	struct session_reader *reader, const struct session_dir *dir,
	bool again, struct err *err)
{
	if (!place->worktree) {
		*git = (struct session_git){ .ignored = UNKNOWN };
		return 0;
	}
	const char *sample = sample_name(dir);
	uint64_t stamp = make_stamp(place, sample);
	if (stamp == git->stamp && !again)
		return 0;
	git->stamp = stamp;
	return ask(git, place, reader, sample, err);
}

void session_place_each_folder(const struct session_place *place,
	void (*sink)(const char *path, void *ctx), void *ctx)
{
	CLEANUP(freep) char *path = xstrdup(place->path);
	size_t top = place->worktree ? strlen(place->worktree) : strlen(path);
	sink(path, ctx);
	for (;;) {
		char *slash = strrchr(path, '/');
		bool last = (size_t)(slash - path) < top;
		if (slash == path || (last && place->worktree))
			break;
		*slash = '\0';
		sink(path, ctx);
		if (last)
			break;
	}
	if (!place->worktree)
		return;
	sink(place->git_dir, ctx);
	CLEANUP(freep) char *info = join(place->common_dir, "info");
	sink(info, ctx);
}
