#include "base/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPEN_FLAGS (O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#ifdef O_PATH /* needs no right to read the folders on the way */
#define ON_THE_WAY (OPEN_FLAGS | O_PATH)
#else
#define ON_THE_WAY (OPEN_FLAGS | O_RDONLY)
#endif

void fd_close(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static int refuse(const char *path, struct err *err)
{
	if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP)
		return err_set(
			err, ERR_NOT_FOUND, "%s: no such directory", path);
	return err_errno(err, "%s", path);
}

/* Walks down from `fd`, which is closed; -1 with errno set. */
static int walk_down(int fd, const char *at)
{
	while (fd >= 0 && *at) {
		char name[NAME_MAX + 1];
		size_t len = strcspn(at, "/");
		if (len > NAME_MAX) {
			close(fd);
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(name, at, len);
		name[len] = '\0';
		at += len;
		at += strspn(at, "/");
		int next = openat(
			fd, name, *at ? ON_THE_WAY : OPEN_FLAGS | O_RDONLY);
		int saved = errno;
		close(fd);
		errno = saved;
		fd = next;
	}
	return fd;
}

int folder_open(int *out, const char *path, struct err *err)
{
	const char *at = path + strspn(path, "/");
	int fd = open("/", *at ? ON_THE_WAY : OPEN_FLAGS | O_RDONLY);
	fd = walk_down(fd, at);
	if (fd < 0)
		return refuse(path, err);
	*out = fd;
	return 0;
}

int folder_open_at(int *out, int root, const char *path, struct err *err)
{
	int fd = openat(root, ".", *path ? ON_THE_WAY : OPEN_FLAGS | O_RDONLY);
	fd = walk_down(fd, path);
	if (fd < 0)
		return refuse(*path ? path : ".", err);
	*out = fd;
	return 0;
}

static int type_by_stat(int fd, const char *name)
{
	struct stat st;
	if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return FOLDER_ENTRY_OTHER; /* gone by now */
	if (S_ISREG(st.st_mode))
		return FOLDER_ENTRY_FILE;
	return S_ISDIR(st.st_mode) ? FOLDER_ENTRY_FOLDER : FOLDER_ENTRY_OTHER;
}

static int entry_type(int fd, const struct dirent *entry)
{
	switch (entry->d_type) {
	case DT_REG:
		return FOLDER_ENTRY_FILE;
	case DT_DIR:
		return FOLDER_ENTRY_FOLDER;
	case DT_UNKNOWN:
		return type_by_stat(fd, entry->d_name);
	default:
		return FOLDER_ENTRY_OTHER;
	}
}

static void closedirp(DIR *const *dir)
{
	if (*dir)
		closedir(*dir);
}

int folder_each(int fd, folder_sink *sink, void *ctx, struct err *err)
{
	int own = openat(fd, ".", OPEN_FLAGS | O_RDONLY);
	CLEANUP(closedirp) DIR *dir = own < 0 ? NULL : fdopendir(own);
	if (!dir) {
		fd_close(&own);
		return err_errno(err, "cannot list a directory");
	}
	for (;;) {
		errno = 0;
		const struct dirent *entry = readdir(dir);
		if (!entry)
			break;
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		int rc = sink(entry->d_name, entry_type(fd, entry), ctx, err);
		if (rc)
			return rc;
	}
	return errno ? err_errno(err, "cannot list a directory") : 0;
}
