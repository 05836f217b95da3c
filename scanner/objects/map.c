#include "scanner/objects/map.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void close_fd(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

int map_open(struct map *out, const char *path, struct err *err)
{
	*out = (struct map){ 0 };
	CLEANUP(close_fd)
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return err_set(err, ERR_NOT_FOUND, "%s: no such file", path);
	if (fd < 0 && errno == ELOOP)
		return err_set(err, ERR_IO, "%s: is a symbolic link", path);
	if (fd < 0)
		return err_errno(err, "%s", path);
	struct stat st;
	if (fstat(fd, &st) < 0)
		return err_errno(err, "%s", path);
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_IO, "%s: not a regular file", path);
	if (st.st_size == 0)
		return 0;
	if ((uintmax_t)st.st_size > SIZE_MAX / 2)
		return err_set(err, ERR_LIMIT, "%s: too large to map", path);
	size_t len = (size_t)st.st_size;
	void *bytes = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return err_errno(err, "%s", path);
	*out = (struct map){ .bytes = bytes, .len = len };
	return 0;
}

void map_clear(struct map *map)
{
	/* munmap() takes the address back as it was given: not const */
	if (map->bytes)
		munmap((void *)(uintptr_t)map->bytes, map->len);
	*map = (struct map){ 0 };
}
