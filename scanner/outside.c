#include "scanner/outside.h"

#include "base/array.h"
#include "base/file.h"
#include "scanner/objects/objects.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

void outside_init(struct outside *outside)
{
	*outside = (struct outside){ 0 };
	for (int root = 0; root < OUTSIDE_ROOT_COUNT; root++)
		outside->roots[root] = -1;
}

void outside_clear(struct outside *outside)
{
	arena_clear(&outside->arena);
	free(outside->items);
	for (int root = 0; root < OUTSIDE_ROOT_COUNT; root++)
		close_fd(&outside->roots[root]);
	outside_init(outside);
}

static struct outside_item *add_item(struct outside *outside)
{
	ARRAY_GROW(outside->items, outside->count, outside->capacity);
	struct outside_item *item = &outside->items[outside->count++];
	*item = (struct outside_item){ 0 };
	return item;
}

void outside_add_file(struct outside *outside, int root, const char *path,
	const struct oid *oid)
{
	struct outside_item *item = add_item(outside);
	item->root = root;
	item->path = arena_strdup(&outside->arena, path);
	item->oid = *oid;
}

const struct oid *outside_add_bytes(
	struct outside *outside, const unsigned char *bytes, size_t len)
{
	struct outside_item *item = add_item(outside);
	item->bytes = bytes;
	item->len = len;
	object_hash(&item->oid, OBJECT_BLOB, bytes, len);
	return &item->oid;
}

static int not_there(const char *path, struct err *err)
{
	return err_set(err, ERR_NOT_FOUND, "%s: not a file", path);
}

/** False for a component that leads out of a root, or from the worktree into
 * `.git`: only a forged index has one. */
static bool is_plain(int root, const char *name, size_t len)
{
	static const char *const refused[] = { ".", "..", ".git" };
	size_t count = ARRAY_SIZE(refused) - (root == OUTSIDE_GIT_DIR);
	for (size_t i = 0; i < count; i++)
		if (strlen(refused[i]) == len &&
			!strncasecmp(name, refused[i], len))
			return false;
	return len && len <= NAME_MAX;
}

/** Opens the folder that holds the last component of `path`, one component
 * after the other; *name is that last component. -1 when there is none. */
static int open_folder(const struct outside *outside, int root,
	const char *path, const char **name)
{
	int folder = fcntl(outside->roots[root], F_DUPFD_CLOEXEC, 0);
	char component[NAME_MAX + 1];
	if (root == OUTSIDE_GIT_DIR)
		path += strlen(OUTSIDE_GIT_DIR_PREFIX);
	for (const char *slash; folder >= 0 && (slash = strchr(path, '/'));
		path = slash + 1) {
		size_t len = (size_t)(slash - path);
		if (!is_plain(root, path, len)) {
			close(folder);
			return -1;
		}
		memcpy(component, path, len);
		component[len] = '\0';
		int next = openat(folder, component,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(folder);
		folder = next;
	}
	*name = path;
	return folder;
}

static int read_symlink(struct buf *out, int folder, const char *name,
	const char *path, struct err *err)
{
	char target[PATH_MAX];
	ssize_t len = readlinkat(folder, name, target, sizeof(target));
	if (len < 0)
		return err_errno(err, "%s", path);
	return buf_add(out, target, (size_t)len);
}

int outside_read_file(struct buf *out, const struct outside *outside, int root,
	const char *path, struct err *err)
{
	buf_reset(out);
	buf_add(out, "", 0); /* not NULL for an empty file */
	const char *name;
	CLEANUP(close_fd) int folder = open_folder(outside, root, path, &name);
	struct stat st;
	if (folder < 0 || !is_plain(root, name, strlen(name)) ||
		fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return not_there(path, err);
	if (S_ISLNK(st.st_mode))
		return read_symlink(out, folder, name, path, err);
	if (!S_ISREG(st.st_mode))
		return not_there(path, err);
	if ((uintmax_t)st.st_size > out->limit)
		return err_set(
			err, ERR_LIMIT, "%jd bytes", (intmax_t)st.st_size);
	/* not to wait for a FIFO that took its place */
	CLEANUP(close_fd)
	int fd = openat(
		folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return err_errno(err, "%s", path);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return not_there(path, err);
	if (buf_reserve(out,
		    (size_t)st.st_size < out->limit ? (size_t)st.st_size
						    : out->limit) < 0)
		return err_set(
			err, ERR_LIMIT, "%jd bytes", (intmax_t)st.st_size);
	return file_read_fd(out, fd, path, err);
}

int outside_read(const unsigned char **bytes, size_t *len, struct buf *buf,
	const struct outside *outside, const struct outside_item *item,
	struct err *err)
{
	*bytes = item->bytes;
	*len = item->len;
	if (!item->path)
		return 0;
	int rc = outside_read_file(buf, outside, item->root, item->path, err);
	if (rc < 0)
		return rc;
	struct oid oid;
	*bytes = (const unsigned char *)buf->bytes;
	*len = buf->len;
	object_hash(&oid, OBJECT_BLOB, *bytes, *len);
	return oid_equal(&oid, &item->oid)
		? 0
		: err_set(err, ERR_NOT_FOUND, "%s: changed while it was read",
			  item->path);
}
