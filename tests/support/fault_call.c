/*
 * Preloaded into the program under test (LD_PRELOAD): lets one call fail, the
 * n-th of its kind from the begin of main() on.
 *
 *	FAULT_CALL=malloc|open|read|write|rename|fsync
 *	FAULT_AT=n
 *	FAULT_MARK=path		a file that is made when the call fails
 *
 * Allocations fail with ENOMEM, all else with EIO; of allocations those of the
 * program alone: libgit2 1.5 crashes while it starts when it gets none. The
 *allocator of glibc is called by its other name: dlsym() allocates. Not for
 *programs built with a sanitizer, which have an allocator of their own: define
 *FAULT_NO_MALLOC.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static bool armed;
static long calls;

/* The function that this one stands before. */
#define REAL(name, type) ((type)dlsym(RTLD_NEXT, name))

static void mark(void)
{
	const char *path = getenv("FAULT_MARK");
	if (path)
		syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT, 0600);
}

/* True when this call is to fail. Threads are told apart well enough: a call
 * too many or too few only changes which one it is. */
static bool fault(const char *kind, int reason)
{
	const char *wanted = getenv("FAULT_CALL");
	const char *at = getenv("FAULT_AT");
	if (!armed || !wanted || !at || strcmp(wanted, kind) != 0 ||
		__atomic_add_fetch(&calls, 1, __ATOMIC_SEQ_CST) !=
			strtol(at, NULL, 10))
		return false;
	mark();
	errno = reason;
	return true;
}

/* The first thing that main() does; what libraries do before is not counted. */
int sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	armed = true;
	return REAL("sigprocmask", int (*)(int, const sigset_t *, sigset_t *))(
		how, set, old);
}

#ifndef FAULT_NO_MALLOC
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *pointer, size_t size);

/* True when an allocation is to fail that returns to `caller`. */
static bool fault_for(const void *caller)
{
	Dl_info info;
	return armed && dladdr(caller, &info) && info.dli_fname &&
		!strstr(info.dli_fname, ".so") && fault("malloc", ENOMEM);
}

#define CALLER __builtin_return_address(0)

void *malloc(size_t size)
{
	return fault_for(CALLER) ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fault_for(CALLER) ? NULL : __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size)
{
	return fault_for(CALLER) ? NULL : __libc_realloc(pointer, size);
}

void *reallocarray(void *pointer, size_t count, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(count, size, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	return fault_for(CALLER) ? NULL : __libc_realloc(pointer, bytes);
}
#endif

/* The mode of a file that is to be made. */
static mode_t mode_of(int flags, va_list args)
{
	return flags & O_CREAT ? va_arg(args, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	mode_t mode = mode_of(flags, args);
	va_end(args);
	__extension__ typedef int open_fn(const char *, int, ...);
	return fault("open", EIO) ? -1
				  : REAL("open", open_fn *)(path, flags, mode);
}

int openat(int dir, const char *path, int flags, ...)
{
	va_list args;
	va_start(args, flags);
	mode_t mode = mode_of(flags, args);
	va_end(args);
	__extension__ typedef int openat_fn(int, const char *, int, ...);
	return fault("open", EIO)
		? -1
		: REAL("openat", openat_fn *)(dir, path, flags, mode);
}

ssize_t read(int fd, void *bytes, size_t len)
{
	return fault("read", EIO)
		? -1
		: REAL("read", ssize_t(*)(int, void *, size_t))(fd, bytes, len);
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	return fault("write", EIO)
		? -1
		: REAL("write", ssize_t(*)(int, const void *, size_t))(
			  fd, bytes, len);
}

int fsync(int fd)
{
	return fault("fsync", EIO) ? -1 : REAL("fsync", int (*)(int))(fd);
}

int rename(const char *from, const char *to)
{
	return fault("rename", EIO)
		? -1
		: REAL("rename", int (*)(const char *, const char *))(from, to);
}

int renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return fault("rename", EIO)
		? -1
		: REAL("renameat",
			  int (*)(int, const char *, int, const char *))(
			  from_dir, from, to_dir, to);
}
