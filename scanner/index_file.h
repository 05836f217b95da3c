/*
 * Git's index read in place, gitformat-index(5): versions 2 to 4, with the
 * cache-tree extension. The file is mapped, not loaded: an index of 100,000
 * files is gone through in a millisecond or two, where libgit2 takes fifty.
 *
 * The checksum at its end is looked at only when asked for: git itself does
 * not, and leaves it zero under index.skipHash. Every read is checked against
 * the end of the file.
 */
#ifndef SCANNER_INDEX_FILE_H
#define SCANNER_INDEX_FILE_H

#include "base/buf.h"
#include "base/err.h"
#include "scanner/cache_tree.h"
#include "scanner/objects/map.h"
#include "scanner/oid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One entry. `path` is NUL-ended and borrowed until the next one. */
struct repo_index_entry {
	const char *path;
	size_t path_len;
	struct oid oid;
	uint32_t mode;
	int stage; /* 0, or 1 to 3 in a conflict */
	bool intent_to_add;
	bool skip_worktree; /* outside of the sparse checkout */
	/* the part before the path as it stands in the file, borrowed from it;
	 * NULL where libgit2 has read the index */
	const unsigned char *fixed;
	size_t fixed_len;
};

/** All zero is no index: it has no entries. Constant once opened. */
struct index_file {
	struct map map;
	const unsigned char *bytes;
	size_t len;         /* of the whole file */
	size_t entries_end; /* the extensions begin there */
	uint32_t version;
	uint32_t count;
	struct cache_tree cache_tree;
};

/**
 * Maps and checks. No file at `path` is an index without entries. ERR_CORRUPT
 * for bytes that do not follow the format, ERR_UNSUPPORTED for a version or a
 * mandatory extension (a split or a sparse index) that is not known here.
 * Caller clears.
 */
int index_file_open(
	struct index_file *out, const char *path, struct err *err) MUST_CHECK;

/** The same on bytes in memory, which are borrowed. */
int index_file_parse(struct index_file *out, const unsigned char *bytes,
	size_t len, struct err *err) MUST_CHECK;
void index_file_clear(struct index_file *index);

/** ERR_CORRUPT when the checksum at the end is there and does not hold. */
int index_file_verify(
	const struct index_file *index, struct err *err) MUST_CHECK;

/**
 * Takes an entry. 0 go on; n > 0: pass over the n entries that follow, unread;
 * negative is passed up.
 */
typedef int index_sink(
	const struct repo_index_entry *entry, void *ctx, struct err *err);

/** Pushes all entries in the order of the file, which is that of paths, then
 * stages, where nobody tampered with it. */
int index_file_each(const struct index_file *index, index_sink *sink, void *ctx,
	struct err *err) MUST_CHECK;

#endif
