/*
 * Files on disk that become entries of a scan: each is read once for the id
 * that its bytes would have as a blob, and again when rules are asked.
 */
#ifndef SCANNER_DISK_FILES_H
#define SCANNER_DISK_FILES_H

#include "base/buf.h"
#include "scanner/entries.h"
#include "scanner/outside.h"

#include <stdint.h>

/** Where they go; all is borrowed but `content`. */
struct disk_files {
	struct entries *entries;
	struct outside *outside; /* its root is open */
	struct changes *changes;
	struct scan_result *result;
	const struct pathspec *pathspec; /* or NULL: all paths */
	int root;                        /* enum outside_root */
	unsigned place;                  /* enum place */
	struct buf content;              /* with the limit of one file */
	size_t count;                    /* files read */
	uint64_t bytes;                  /* in them */
};

/** Reads a file, or a symlink's target. One that cannot be read, or is too
 * large, becomes a `skipped` entry; what is neither is passed over. */
void disk_files_add(struct disk_files *files, const char *path);

/** Adds a `skipped` entry; `detail` may be NULL. */
void disk_files_skip(const struct disk_files *files, const char *path,
	int reason, const char *detail);

#endif
