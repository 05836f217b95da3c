/*
 * Whole files, read with a bound. A file that a repository brings may be a
 * symlink, a FIFO, or larger than memory: none of that is followed, waited
 * for, or read.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/buf.h"
#include "base/err.h"

#include <sys/stat.h>

/** What file_read() may meet and go through with. */
enum file_flags {
	FILE_FOLLOW = 1, /* a symlink is followed: for paths the user typed */
};

/**
 * Appends the content of a regular file to `out`, whose limit bounds it.
 * ERR_NOT_FOUND when nothing lies at `path`; ERR_UNSUPPORTED when it is not a
 * regular file; ERR_LIMIT when it is larger than the limit.
 */
int file_read(struct buf *out, const char *path, unsigned flags,
	struct err *err) MUST_CHECK;

/** Appends what is left to read from an open descriptor, a pipe for instance;
 * `name` is what messages call it. ERR_LIMIT as above. */
int file_read_fd(
	struct buf *out, int fd, const char *name, struct err *err) MUST_CHECK;

/**
 * As file_read() without flags, for a name in an open folder. `st` is that of
 * the file that was opened, also when reading it is refused for its size.
 */
int file_read_at(struct buf *out, struct stat *st, int folder, const char *name,
	struct err *err) MUST_CHECK;

#endif
