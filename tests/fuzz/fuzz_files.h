/* Files for targets whose code reads from disk. */
#ifndef TESTS_FUZZ_FUZZ_FILES_H
#define TESTS_FUZZ_FUZZ_FILES_H

#include "base/buf.h"

#include <stddef.h>
#include <stdint.h>

/** An empty folder, in memory where the system has such a place. */
void fuzz_folder_make(struct buf *path);

/** Writes a file at a path below the folder, with the folders on the way. */
void fuzz_file_write(const struct buf *folder, const char *name,
	const uint8_t *bytes, size_t len);

/** Removes the folder and all in it, and frees the path. */
void fuzz_folder_remove(struct buf *path);

/** Cuts the input in two at its first 0xff, which belongs to neither; without
 * one, all of it is the first part. */
struct fuzz_halves {
	const uint8_t *first, *second;
	size_t first_len, second_len;
};
struct fuzz_halves fuzz_cut(const uint8_t *bytes, size_t len);

#endif
