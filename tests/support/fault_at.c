/*
 * Preloaded into the program under test (LD_PRELOAD): ends it, or lets a call
 * fail, at the n-th call that changes a file system. Calls are counted from the
 * first file that is created on.
 *
 *	FAULT_KILL_AT=n	SIGKILL instead of the n-th such call
 *	FAULT_FAIL_AT=n	the n-th such call fails with ENOSPC
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

static bool armed;
static long calls;

static long number_of(const char *name)
{
	const char *text = getenv(name);
	return text ? strtol(text, NULL, 10) : 0;
}

/* True when this call is to fail. */
static bool fault(void)
{
	if (!armed)
		return false;
	calls++;
	if (calls == number_of("FAULT_KILL_AT"))
		kill(getpid(), SIGKILL);
	if (calls != number_of("FAULT_FAIL_AT"))
		return false;
	errno = ENOSPC;
	return true;
}

/* The function that this one stands before. */
#define REAL(name, type) ((type)dlsym(RTLD_NEXT, name))

int openat(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;
	if (flags & O_CREAT) {
		va_list args;
		va_start(args, flags);
		mode = va_arg(args, mode_t);
		va_end(args);
		armed = true;
		if (fault())
			return -1;
	}
	__extension__ typedef int openat_fn(int, const char *, int, ...);
	return REAL("openat", openat_fn *)(dir, path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	if (fd > STDERR_FILENO && fault())
		return -1;
	return REAL("write", ssize_t(*)(int, const void *, size_t))(
		fd, bytes, len);
}

int fsync(int fd)
{
	return fault() ? -1 : REAL("fsync", int (*)(int))(fd);
}

int fchmod(int fd, mode_t mode)
{
	return fault() ? -1 : REAL("fchmod", int (*)(int, mode_t))(fd, mode);
}

int futimens(int fd, const struct timespec times[2])
{
	return fault()
		? -1
		: REAL("futimens", int (*)(int, const struct timespec *))(
			  fd, times);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	if (fault())
		return -1;
	return REAL("renameat", int (*)(int, const char *, int, const char *))(
		from_dir, from, to_dir, to);
}

int unlinkat(int dir, const char *path, int flags)
{
	if (fault())
		return -1;
	return REAL("unlinkat", int (*)(int, const char *, int))(
		dir, path, flags);
}
