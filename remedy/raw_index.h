/*
 * The bytes of a Git index, gitformat-index(5), versions 2 to 4: read by
 * scanner/index_file, checked more strictly because they are to be written
 * again, and written without some of the entries.
 *
 * What stays is copied, not interpreted: the other entries keep their stat
 * data and flags. Of the extensions, the cache tree is kept and marked where it
 * no longer holds, as git does, and resolve-undo is kept; those that only speed
 * git up and would be stale (untracked cache, fsmonitor, offset tables) are
 * left out, and git makes them anew.
 */
#ifndef REMEDY_RAW_INDEX_H
#define REMEDY_RAW_INDEX_H

#include "base/arena.h"
#include "base/buf.h"
#include "scanner/index_file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** An entry; `fixed` is borrowed from the bytes, `path` from the arena. */
struct index_entry {
	const unsigned char *fixed; /* stat data, id, flags */
	size_t fixed_len;
	const char *path;
	size_t path_len;
	struct oid oid;
	uint32_t mode;
	bool extended; /* has the flags of version 3 */
	bool skip_worktree;
};

/** All zero is empty. */
struct raw_index {
	struct arena arena;
	struct index_file file;
	struct index_entry *entries;
	size_t count;
	/* contents of the extensions that are kept; NULL without */
	const unsigned char *cache_tree, *resolve_undo;
	size_t cache_tree_len, resolve_undo_len;
};

void raw_index_clear(struct raw_index *index);

/**
 * Reads an index; the bytes must outlive it. ERR_CORRUPT when they do not
 * follow the format or their checksum; ERR_UNSUPPORTED, with what to do, for a
 * split or sparse index, for unmerged paths, and for an extension or version
 * that must be understood and is not.
 */
int raw_index_parse(struct raw_index *out, const unsigned char *bytes,
	size_t len, struct err *err) MUST_CHECK;

/** Appends the index without the entries for which `gone`, by number, is true.
 */
void raw_index_render(
	struct buf *out, const struct raw_index *index, const bool *gone);

#endif
