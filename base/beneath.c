#include "base/beneath.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

void close_fdp(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int open_step(int *dir, const char *name, struct err *err)
{
	int fd = openat(*dir, name,
		O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0 && errno == ENOENT)
		return err_set(err, ERR_NOT_FOUND, "%s: no such folder", name);
	struct stat st;
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR) &&
		fstatat(*dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return S_ISLNK(st.st_mode)
			? err_set(err, ERR_UNSUPPORTED,
				  "%s: is a symbolic link", name)
			: err_set(err, ERR_NOT_FOUND, "%s: no folder", name);
	if (fd < 0)
		return err_errno(err, "%s", name);
	close(*dir);
	*dir = fd;
	return 0;
}

int beneath_open_dir(int *out, int root, const char *path, struct err *err)
{
	int dir = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_errno(err, "%s", *path ? path : ".");
	while (*path) {
		char name[NAME_MAX + 1];
		size_t len = strcspn(path, "/");
		int rc = 0;
		if (len > NAME_MAX || !len)
			rc = err_set(err, ERR_NOT_FOUND, "%s: no folder", path);
		if (rc == 0) {
			memcpy(name, path, len);
			name[len] = '\0';
			rc = open_step(&dir, name, err);
		}
		if (rc < 0) {
			close(dir);
			return rc;
		}
		path += len + (path[len] == '/');
	}
	*out = dir;
	return 0;
}

int beneath_read(struct buf *out, struct stat *st, int dir, const char *name,
	const char *label, struct err *err)
{
	CLEANUP(close_fdp)
	int fd = openat(
		dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT)
		return err_set(err, ERR_NOT_FOUND, "%s: no such file", label);
	if (fd < 0 && errno == ELOOP)
		return err_set(
			err, ERR_UNSUPPORTED, "%s: is a symbolic link", label);
	if (fd < 0 && errno == ENXIO) /* a socket */
		return err_set(
			err, ERR_UNSUPPORTED, "%s: not a regular file", label);
	if (fd < 0 || fstat(fd, st) < 0)
		return err_errno(err, "%s", label);
	if (!S_ISREG(st->st_mode))
		return err_set(
			err, ERR_UNSUPPORTED, "%s: not a regular file", label);
	return file_read_fd(out, fd, label, err);
}
