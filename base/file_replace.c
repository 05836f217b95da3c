#include "base/file_replace.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#define TEMPORARY_TRIES 16

int write_fully(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;
	while (len) {
		ssize_t done = write(fd, at, len);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -1;
		at += done;
		len -= (size_t)done;
	}
	return 0;
}

bool stat_is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
		a->st_size == b->st_size && a->st_mode == b->st_mode &&
		a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
		a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/* Creates "<name>.<8 hex digits>"; with `before` nobody else may read it until
 * it has the mode of the file. */
static int create_temporary(char *temporary, size_t size, int dir,
	const char *name, const struct stat *before)
{
	mode_t mode = before ? 0600 : 0666;
	for (int i = 0; i < TEMPORARY_TRIES; i++) {
		unsigned number;
		if (getrandom(&number, sizeof(number), 0) !=
			(ssize_t)sizeof(number))
			return -1;
		snprintf(temporary, size, "%s.%08x", name, number);
		int fd = openat(dir, temporary,
			O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			mode);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

static int copy_owner_and_mode(int fd, const struct stat *before)
{
	if (!before)
		return 0;
	struct stat st;
	if (fstat(fd, &st) < 0)
		return -1;
	/* only root may give files away: the content matters more */
	if ((st.st_uid != before->st_uid &&
		    fchown(fd, before->st_uid, (gid_t)-1) < 0 &&
		    errno != EPERM) ||
		(st.st_gid != before->st_gid &&
			fchown(fd, (uid_t)-1, before->st_gid) < 0 &&
			errno != EPERM))
		return -1;
	return fchmod(fd, before->st_mode & 07777);
}

static int fill(int fd, const void *bytes, size_t len,
	const struct stat *before, const char *label, struct err *err)
{
	int failed = write_fully(fd, bytes, len) < 0 ||
		copy_owner_and_mode(fd, before) < 0 || fsync(fd) < 0;
	return failed ? err_errno(err, "%s: cannot be written", label) : 0;
}

static int check_unchanged(int dir, const char *name, const struct stat *before,
	const char *label, struct err *err)
{
	struct stat now;
	bool exists = fstatat(dir, name, &now, AT_SYMLINK_NOFOLLOW) == 0;
	if (!exists && errno != ENOENT)
		return err_errno(err, "%s", label);
	if (exists != (before != NULL) ||
		(exists && !stat_is_same(&now, before)))
		return err_set(err, ERR_IO,
			"%s: somebody else has changed it meanwhile; nothing "
			"was written",
			label);
	return 0;
}

int file_replace(int dir, const char *name, const void *bytes, size_t len,
	const struct stat *before, const char *label, struct err *err)
{
	char temporary[256];
	int fd = create_temporary(
		temporary, sizeof(temporary), dir, name, before);
	if (fd < 0)
		return err_errno(
			err, "%s: no temporary file can be made", label);
	int rc = fill(fd, bytes, len, before, label, err);
	if (close(fd) < 0 && rc == 0)
		rc = err_errno(err, "%s: cannot be written", label);
	if (rc == 0)
		rc = check_unchanged(dir, name, before, label, err);
	if (rc == 0 && renameat(dir, temporary, dir, name) < 0)
		rc = err_errno(err, "%s: cannot be replaced", label);
	if (rc < 0) {
		unlinkat(dir, temporary, 0);
		return rc;
	}
	(void)fsync(dir); /* some file systems cannot sync a folder */
	return 0;
}
