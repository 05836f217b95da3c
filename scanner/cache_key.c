#include "scanner/cache_key.h"

#include "base/buf.h"
#include "base/file.h"
#include "base/file_replace.h"
#include "base/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_NAME "key"

/** The user's cache folder; false when it is not known. XDG base directory
 * specification: a relative path does not count. */
static bool user_folder(char *out, size_t size)
{
	const char *xdg = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");
	int len = 0;
	if (xdg && *xdg == '/')
		len = snprintf(out, size, "%s", xdg);
	else if (home && *home == '/')
		len = snprintf(out, size, "%s/.cache", home);
	return len > 0 && (size_t)len < size;
}

/** Opens the folder of the user's key, which it makes if asked to. */
static int open_user_folder(int *out, bool make, struct err *err)
{
	char path[PATH_MAX];
	if (!user_folder(path, sizeof(path)))
		return err_set(err, ERR_NOT_FOUND,
			"neither XDG_CACHE_HOME nor HOME says where a key "
			"could lie");
	if (make)
		(void)mkdir(path, 0700);
	CLEANUP(fd_close)
	int parent = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (parent < 0 && errno == ENOENT)
		return err_set(err, ERR_NOT_FOUND, "%s: not there", path);
	if (parent < 0)
		return err_errno(err, "%s", path);
	if (make)
		(void)mkdirat(parent, "git-hygiene", 0700);
	return folder_open_at(out, parent, "git-hygiene", err);
}

static int read_key(
	uint8_t out[CACHE_KEY_SIZE], int folder, bool is_named, struct err *err)
{
	CLEANUP(buf_clear) struct buf bytes;
	struct stat st;
	buf_init(&bytes, CACHE_KEY_SIZE);
	int rc = file_read_at(&bytes, &st, folder, KEY_NAME, err);
	if (rc < 0)
		return rc;
	if (bytes.len != CACHE_KEY_SIZE)
		return err_set(err, ERR_CORRUPT,
			"the key of the cache has %zu "
			"bytes, not %d",
			bytes.len, CACHE_KEY_SIZE);
	if (!is_named && (st.st_uid != geteuid() || st.st_mode & 077))
		return err_set(err, ERR_UNSUPPORTED,
			"the key of the cache is not the user's alone");
	memcpy(out, bytes.bytes, CACHE_KEY_SIZE);
	explicit_bzero(bytes.bytes, bytes.len);
	return 0;
}

/** Makes a key, unless another process is first. */
static int make_key(int folder, struct err *err)
{
	uint8_t key[CACHE_KEY_SIZE];
	uint64_t number;
	char name[32];
	if (getrandom(key, sizeof(key), 0) != (ssize_t)sizeof(key) ||
		getrandom(&number, sizeof(number), 0) !=
			(ssize_t)sizeof(number))
		return err_errno(err, "no random bytes");
	snprintf(name, sizeof(name), "tmp-%016jx", (uintmax_t)number);
	CLEANUP(fd_close)
	int fd = openat(folder, name,
		O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_errno(err, "no key of the cache can be made");
	int rc = 0;
	if (write_fully(fd, key, sizeof(key)) < 0 ||
		(linkat(folder, name, folder, KEY_NAME, 0) < 0 &&
			errno != EEXIST))
		rc = err_errno(err, "no key of the cache can be made");
	explicit_bzero(key, sizeof(key));
	unlinkat(folder, name, 0);
	return rc;
}

int cache_key_read(
	uint8_t out[CACHE_KEY_SIZE], int dir, bool make, struct err *err)
{
	bool is_named = dir >= 0;
	int opened = -1;
	int rc = is_named ? 0 : open_user_folder(&opened, make, err);
	CLEANUP(fd_close) int own = opened;
	if (rc < 0)
		return rc;
	int folder = is_named ? dir : own;
	rc = read_key(out, folder, is_named, err);
	if (rc != ERR_NOT_FOUND || !make)
		return rc;
	rc = make_key(folder, err);
	return rc < 0 ? rc : read_key(out, folder, is_named, err);
}
