#include "scanner/session_dir.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PERMISSIONS 07777U
#define WIDE_DIR    0077U
#define WIDE_FILE   0177U

void session_dir_clear(struct session_dir *dir)
{
	for (size_t i = 0; i < dir->count; i++)
		session_file_clear(&dir->files[i]);
	free(dir->files);
	*dir = (struct session_dir){ 0 };
}

static int compare_names(const void *a, const void *b)
{
	const struct session_file *left = a;
	const struct session_file *right = b;
	return strcmp(left->name, right->name);
}

/* The file of that name, or NULL. Borrowed. */
static const struct session_file *session_dir_find(
	const struct session_dir *dir, const char *name)
{
	size_t low = 0;
	size_t high = dir->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(dir->files[middle].name, name);
		if (!order)
			return &dir->files[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

bool session_file_is_kept(const struct session_file *file)
{
	return file->kind == SESSION_FILE_SESSION ||
		file->kind == SESSION_FILE_UNKNOWN ||
		file->kind == SESSION_FILE_COMPANION;
}

unsigned session_file_wide_bits(const struct session_file *file)
{
	if (file->kind == SESSION_FILE_OTHER)
		return 0;
	return file->st.st_mode & WIDE_FILE;
}

bool session_dir_is_wide(const struct session_dir *dir)
{
	return dir->mode & WIDE_DIR;
}

/* What the sink of names needs. */
struct listing {
	struct session_dir *dir;
	struct session_reader *reader;
	const struct session_dir *before; /* or NULL */
	const char *inside;
	int folder;
};

/** True when `file` was the same before: what it is stands there. */
static bool take_over(struct session_file *file, const struct listing *listing)
{
	const struct session_file *old = listing->before
		? session_dir_find(listing->before, file->name)
		: NULL;
	struct stat st;
	if (!old || old->unread ||
		fstatat(listing->folder, file->name, &st, AT_SYMLINK_NOFOLLOW) <
			0 ||
		!session_file_is_same(&old->st, &st))
		return false;
	char *name = file->name;
	*file = *old;
	file->name = name;
	return true;
}

static int look(struct session_file *file, const struct listing *listing,
	struct err *err)
{
	struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s%s%s", listing->inside,
		*listing->inside ? "/" : "", file->name);
	int rc = session_reader_look(
		file, listing->reader, listing->folder, path.bytes, err);
	buf_clear(&path);
	return rc;
}

static int take_name(const char *name, int type, void *ctx, struct err *err)
{
	const struct listing *listing = ctx;
	struct session_dir *dir = listing->dir;
	if (type != FOLDER_ENTRY_FILE)
		return 0;
	if (dir->count == SESSION_DIR_MAX_FILES) {
		dir->truncated = true;
		return 1;
	}
	CLEANUP(session_file_clear)
	struct session_file file = { .name = xstrdup(name) };
	if (!take_over(&file, listing)) {
		int rc = look(&file, listing, err);
		if (rc == ERR_NOT_FOUND)
			return 0; /* the application was faster */
		if (rc < 0)
			return rc;
	}
	ARRAY_GROW(dir->files, dir->count, dir->capacity);
	dir->files[dir->count++] = file;
	file.name = NULL;
	return 0;
}

static void count_state(
	struct session_dir *dir, const struct session_file *file, int64_t now)
{
	const char *state = session_file_state(file, now);
	if (!strcmp(state, "live")) {
		dir->live++;
		if (!dir->next_expiry || file->expires_at < dir->next_expiry)
			dir->next_expiry = file->expires_at;
	} else if (!strcmp(state, "expired")) {
		dir->expired++;
	} else if (!strcmp(state, "never")) {
		dir->never++;
	} else {
		dir->unknown++;
	}
}

static void count_session(
	struct session_dir *dir, const struct session_file *file, int64_t now)
{
	int64_t written = file->st.st_mtim.tv_sec;
	if (!dir->sessions || written < dir->oldest)
		dir->oldest = written;
	if (!dir->sessions || written > dir->newest)
		dir->newest = written;
	dir->sessions++;
	dir->bytes += (uint64_t)file->st.st_size;
	count_state(dir, file, now);
}

static void count_mode(struct session_dir *dir, const struct session_file *file)
{
	if (!session_file_wide_bits(file))
		return;
	dir->wide_files++;
	dir->widest_mode |= file->st.st_mode & PERMISSIONS;
}

static void reset_counts(struct session_dir *dir)
{
	*dir = (struct session_dir){
		.exists = dir->exists,
		.truncated = dir->truncated,
		.mode = dir->mode,
		.files = dir->files,
		.count = dir->count,
		.capacity = dir->capacity,
	};
}

void session_dir_count(struct session_dir *dir, int64_t now)
{
	reset_counts(dir);
	for (size_t i = 0; i < dir->count; i++) {
		const struct session_file *file = &dir->files[i];
		dir->unread += file->unread;
		count_mode(dir, file);
		if (file->kind == SESSION_FILE_COMPANION)
			dir->companions++;
		else if (file->kind == SESSION_FILE_TRANSIENT)
			dir->transients++;
		else if (file->kind == SESSION_FILE_OTHER)
			dir->others++;
		else
			count_session(dir, file, now);
	}
}

int session_dir_read(struct session_dir *dir, struct session_reader *reader,
	const char *path, const char *inside, const struct session_dir *before,
	int64_t now, struct err *err)
{
	session_dir_clear(dir);
	CLEANUP(fd_close) int folder = -1;
	int rc = folder_open(&folder, path, err);
	if (rc < 0)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	struct stat st;
	if (fstat(folder, &st) < 0)
		return err_errno(err, "%s", path);
	dir->exists = true;
	dir->mode = st.st_mode & PERMISSIONS;
	struct listing listing = { dir, reader, before, inside, folder };
	rc = folder_each(folder, take_name, &listing, err);
	if (rc < 0)
		return err_prefix(err, "%s", path);
	if (dir->count)
		qsort(dir->files, dir->count, sizeof(*dir->files),
			compare_names);
	session_dir_count(dir, now);
	return 0;
}
