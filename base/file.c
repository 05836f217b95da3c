#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

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

int file_read(
	struct buf *out, const char *path, unsigned flags, struct err *err)
{
	int mode = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
	if (!(flags & FILE_FOLLOW))
		mode |= O_NOFOLLOW;
	CLEANUP(close_fd) int fd = open(path, mode);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_set(err, ERR_NOT_FOUND, "%s: no such file", path);
	if (fd < 0 && errno == ELOOP)
		return err_set(
			err, ERR_UNSUPPORTED, "%s: is a symbolic link", path);
	if (fd < 0)
		return err_errno(err, "%s", path);
	struct stat st;
	if (fstat(fd, &st) < 0)
		return err_errno(err, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(
			err, ERR_UNSUPPORTED, "%s: not a regular file", path);
	return file_read_fd(out, fd, path, err);
}
