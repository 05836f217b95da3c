/*
 * Replacing a file so that at every moment, and after a crash, either the old
 * or the new content stands there whole: a temporary file in the same folder,
 * fsync, rename. A kill may leave the temporary file behind, nothing else.
 */
#ifndef BASE_FILE_REPLACE_H
#define BASE_FILE_REPLACE_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

/**
 * Makes `bytes` the content of `name` in the open folder `dir`, keeping mode,
 * and owner and group as far as they may be set. `before` is the file as it
 * was when its content was read, NULL when there was none: if it has changed
 * since, nothing is written and ERR_IO says so. `label` is for messages.
 */
int file_replace(int dir, const char *name, const void *bytes, size_t len,
	const struct stat *before, const char *label,
	struct err *err) MUST_CHECK;

/** Writes all bytes, however many calls that takes. -1 with errno set. */
int write_fully(int fd, const void *bytes, size_t len) MUST_CHECK;

/** True when both describe the same file, untouched in between. */
bool stat_is_same(const struct stat *a, const struct stat *b);

#endif
