#include "base/file.h"

#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

int file_read_fd(struct buf *out, int fd, const char *name, struct err *err)
{
	for (;;) {
		/* at the limit nothing but the end may follow */
		char more;
		bool full = out->limit && out->len == out->limit;
		if (!full && buf_reserve(out, 1) < 0)
			return err_set(err, ERR_LIMIT, "%s: too large", name);
		size_t room = full ? 1 : out->capacity - out->len - 1;
		char *to = full ? &more : out->bytes + out->len;
		ssize_t got = read(fd, to, room);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_errno(err, "%s", name);
		if (got == 0)
			return 0;
		if (full)
			return err_set(err, ERR_LIMIT,
				"%s: larger than %zu bytes", name, out->limit);
		out->len += (size_t)got;
		out->bytes[out->len] = '\0';
	}
}

static int read_file(struct buf *out, struct stat *st, int folder,
	const char *path, int mode, struct err *err)
{
	mode |= O_RDONLY | O_CLOEXEC | O_NONBLOCK;
	CLEANUP(fd_close) int fd = openat(folder, path, mode);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_set(err, ERR_NOT_FOUND, "%s: no such file", path);
	if (fd < 0 && errno == ELOOP)
		return err_set(
			err, ERR_UNSUPPORTED, "%s: is a symbolic link", path);
	if (fd < 0 && errno == ENXIO) /* a socket */
		return err_set(
			err, ERR_UNSUPPORTED, "%s: not a regular file", path);
	if (fd < 0 || fstat(fd, st) < 0)
		return err_errno(err, "%s", path);
	if (!S_ISREG(st->st_mode))
		return err_set(
			err, ERR_UNSUPPORTED, "%s: not a regular file", path);
	return file_read_fd(out, fd, path, err);
}

int file_read(
	struct buf *out, const char *path, unsigned flags, struct err *err)
{
	struct stat st;
	int mode = flags & FILE_FOLLOW ? 0 : O_NOFOLLOW;
	return read_file(out, &st, AT_FDCWD, path, mode, err);
}

int file_read_at(struct buf *out, struct stat *st, int folder, const char *name,
	struct err *err)
{
	return read_file(out, st, folder, name, O_NOFOLLOW, err);
}
