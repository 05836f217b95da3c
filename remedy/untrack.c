#include "remedy/untrack.h"

#include "base/alloc.h"
#include "base/file.h"
#include "base/file_replace.h"
#include "base/folder.h"
#include "remedy/raw_index.h"

#include <nettle/sha1.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INDEX_MAX    ((size_t)2 << 30)
#define FILE_MAX     ((size_t)256 << 20)
#define MODE_GITLINK 0160000
#define MODE_SYMLINK 0120000

/* The index of a repository: its folder is open, the names are in it. */
struct index_place {
	int dir;
	char *name, *lock;
	char *label; /* whole path */
};

static void index_place_clear(struct index_place *place)
{
	fd_close(&place->dir);
	free(place->name);
	free(place->lock);
	free(place->label);
}

static int find_place(
	struct index_place *place, const struct repo *repo, struct err *err)
{
	const char *file = getenv("GIT_INDEX_FILE");
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	if (file)
		buf_add_text(&path, file);
	else
		buf_printf(&path, "%sindex", repo_git_dir(repo));
	place->label = buf_steal(&path);
	const char *slash = strrchr(place->label, '/');
	const char *name = slash ? slash + 1 : place->label;
	place->name = xstrdup(name);
	buf_printf(&path, "%s.lock", name);
	place->lock = buf_steal(&path);
	CLEANUP(freep)
	char *dir = slash
		? xmemdupz(place->label, (size_t)(slash - place->label) + 1)
		: xstrdup(".");
	place->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return place->dir < 0 ? err_errno(err, "%s", dir) : 0;
}

/* What would be lost. */

static void hash_blob(struct oid *out, const void *bytes, size_t len)
{
	struct sha1_ctx sha1;
	char header[32];
	int size = snprintf(header, sizeof(header), "blob %zu", len);
	sha1_init(&sha1);
	sha1_update(&sha1, (size_t)size + 1, (const uint8_t *)header);
	sha1_update(&sha1, len, bytes);
	sha1_digest(&sha1, OID_SIZE, out->bytes);
}

/* The file on disk has these bytes; filters are not applied, so that a file
 * that they change counts as different. */
static bool disk_has(int worktree, const struct index_entry *entry)
{
	struct err ignored;
	CLEANUP(fd_close) int dir = -1;
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, FILE_MAX);
	const char *slash = strrchr(entry->path, '/');
	const char *name = slash ? slash + 1 : entry->path;
	CLEANUP(freep)
	char *folder = xmemdupz(
		entry->path, slash ? (size_t)(slash - entry->path) : 0);
	struct stat st;
	if (worktree < 0 ||
		folder_open_at(&dir, worktree, folder, &ignored) < 0)
		return false;
	if (entry->mode == MODE_SYMLINK) {
		char target[4096];
		ssize_t len = readlinkat(dir, name, target, sizeof(target));
		if (len < 0 || buf_add(&bytes, target, (size_t)len) < 0)
			return false;
	} else if (file_read_at(&bytes, &st, dir, name, &ignored) < 0) {
		return false;
	}
	struct oid oid;
	hash_blob(&oid, bytes.bytes, bytes.len);
	return oid_equal(&oid, &entry->oid);
}

/* `shown` is the path as a message may name it. */
static int check_entry(const struct repo *repo, int worktree,
	const struct index_entry *entry, const char *shown, struct err *err)
{
	if (entry->skip_worktree)
		return err_set(err, ERR_UNSUPPORTED,
			"%s is outside of the sparse checkout; run: git "
			"sparse-checkout disable",
			shown);
	if (entry->mode == MODE_GITLINK ||
		repo_head_has(repo, entry->path, &entry->oid) ||
		disk_has(worktree, entry))
		return 0;
	return err_set(err, ERR_UNSUPPORTED,
		"%s: what is staged is neither in HEAD nor on disk and would "
		"be lost (--force does it)",
		shown);
}

static int compare_path(const void *key, const void *item)
{
	return strcmp(key, *(const char *const *)item);
}

/* Where the path of an entry stands among those that go, or NULL. */
static const char *const *find_path(
	const struct index_entry *entry, const struct untrack_opts *opts)
{
	if (!opts->count)
		return NULL;
	return bsearch(entry->path, opts->paths, opts->count,
		sizeof(*opts->paths), compare_path);
}

/* Marks the entries that go. */
static void find_gone(bool *gone, size_t *removed,
	const struct raw_index *index, const struct untrack_opts *opts)
{
	*removed = 0;
	for (size_t i = 0; i < index->count && opts->count; i++) {
		gone[i] = find_path(&index->entries[i], opts) != NULL;
		*removed += gone[i];
	}
}

static int check_gone(const struct raw_index *index, const struct repo *repo,
	const struct untrack_opts *opts, struct err *err)
{
	CLEANUP(fd_close) int worktree = -1;
	if (repo_worktree(repo))
		worktree = open(repo_worktree(repo),
			O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = 0;
	for (size_t i = 0; i < index->count && rc == 0; i++) {
		const struct index_entry *entry = &index->entries[i];
		const char *const *path = find_path(entry, opts);
		if (path)
			rc = check_entry(repo, worktree, entry,
				opts->shown[path - opts->paths], err);
	}
	return rc;
}

/* The new bytes of the index; none when nothing of it goes. */
static int make_bytes(struct buf *out, size_t *removed, struct stat *st,
	const struct index_place *place, const struct repo *repo,
	const struct untrack_opts *opts, struct err *err)
{
	CLEANUP(raw_index_clear) struct raw_index index = { 0 };
	CLEANUP(buf_clear) struct buf old;
	buf_init(&old, INDEX_MAX);
	*removed = 0;
	int rc = file_read_at(&old, st, place->dir, place->name, err);
	if (rc == ERR_NOT_FOUND) /* nothing was ever added */
		return 0;
	if (rc == 0)
		rc = raw_index_parse(
			&index, (const unsigned char *)old.bytes, old.len, err);
	if (rc < 0)
		return rc;
	CLEANUP(freep) bool *gone = xcalloc(index.count, sizeof(*gone));
	find_gone(gone, removed, &index, opts);
	if (!opts->force)
		rc = check_gone(&index, repo, opts, err);
	if (rc == 0 && *removed)
		raw_index_render(out, &index, gone);
	return rc;
}

static int write_lock(int fd, const struct buf *bytes, const struct stat *st)
{
	const struct timespec times[] = { st->st_atim, st->st_mtim };
	if (write_fully(fd, bytes->bytes, bytes->len) < 0 ||
		fchmod(fd, st->st_mode & 07777) < 0 || fsync(fd) < 0)
		return -1;
	return futimens(fd, times);
}

static int take_lock(int *fd, const struct index_place *place, struct err *err)
{
	*fd = openat(place->dir, place->lock,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (*fd < 0 && errno == EEXIST)
		return err_set(err, ERR_IO,
			"%s.lock exists: another git process is at work here; "
			"if there is none, one has crashed: remove the file",
			place->label);
	return *fd < 0 ? err_errno(err, "%s.lock", place->label) : 0;
}

static int change_locked(size_t *removed, int fd,
	const struct index_place *place, const struct repo *repo,
	const struct untrack_opts *opts, struct err *err)
{
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, 0);
	struct stat st;
	int rc = make_bytes(&bytes, removed, &st, place, repo, opts, err);
	if (rc < 0 || !bytes.len)
		return rc;
	if (write_lock(fd, &bytes, &st) < 0)
		return err_errno(err, "%s.lock", place->label);
	if (renameat(place->dir, place->lock, place->dir, place->name) < 0)
		return err_errno(err, "%s", place->label);
	(void)fsync(place->dir); /* some file systems cannot sync a folder */
	return 1;
}

/* Signals wait until the lock is gone: git has to find none of ours. */
static void hold_signals(sigset_t *before)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGQUIT);
	sigaddset(&set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &set, before);
}

int untrack(size_t *removed, struct repo *repo, const struct untrack_opts *opts,
	struct err *err)
{
	CLEANUP(index_place_clear) struct index_place place = { .dir = -1 };
	CLEANUP(fd_close) int fd = -1;
	sigset_t before;
	int rc = find_place(&place, repo, err);
	if (rc < 0)
		return rc;
	if (opts->dry_run) {
		CLEANUP(buf_clear) struct buf bytes;
		struct stat st;
		buf_init(&bytes, 0);
		return make_bytes(
			&bytes, removed, &st, &place, repo, opts, err);
	}
	hold_signals(&before);
	rc = take_lock(&fd, &place, err);
	if (rc == 0) {
		rc = change_locked(removed, fd, &place, repo, opts, err);
		if (rc <= 0)
			unlinkat(place.dir, place.lock, 0);
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return rc < 0 ? rc : 0;
}
