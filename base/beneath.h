/*
 * Files below a folder that somebody else filled. A path is walked one
 * component at a time, and none of them is followed if it is a symlink: what
 * is opened lies below the folder.
 */
#ifndef BASE_BENEATH_H
#define BASE_BENEATH_H

#include "base/buf.h"
#include "base/err.h"

#include <sys/stat.h>

/** For CLEANUP on a descriptor; -1 is none. */
void close_fdp(const int *fd);

/** Opens the folder `path` below `root` ("" is `root` itself); the caller
 * closes it. ERR_NOT_FOUND when there is no such folder, ERR_UNSUPPORTED when
 * a symlink is on the way. */
int beneath_open_dir(
	int *out, int root, const char *path, struct err *err) MUST_CHECK;

/**
 * Appends the content of the regular file `name` of the open folder `dir`, and
 * fills *st. `label` is what messages call it. Errors as of file_read().
 */
int beneath_read(struct buf *out, struct stat *st, int dir, const char *name,
	const char *label, struct err *err) MUST_CHECK;

#endif
