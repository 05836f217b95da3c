/*
 * Contents that stand outside of the object store: files of the worktree and of
 * the .git folder, and a commit message. Each has the id that its bytes would
 * have as a blob, so that rules see it once, wherever else it stands.
 *
 * No symlink is followed on the way to a file; one that stands at its end has
 * its target as content, as in git. Filters are not run: the id is that of the
 * bytes as they are on disk.
 */
#ifndef SCANNER_OUTSIDE_H
#define SCANNER_OUTSIDE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "scanner/oid.h"

#include <stddef.h>
#include <stdint.h>

/** Where files lie; no path leads from one to the other. */
enum outside_root {
	OUTSIDE_WORKTREE,
	OUTSIDE_GIT_DIR, /* the one that worktrees share */
	OUTSIDE_ROOT_COUNT,
};

/** Before all paths of OUTSIDE_GIT_DIR, also where that has another name. */
#define OUTSIDE_GIT_DIR_PREFIX ".git/"

/** One content. */
struct outside_item {
	struct oid oid;
	int root;         /* enum outside_root */
	const char *path; /* from the worktree's top; NULL: it is `bytes` */
	const unsigned char *bytes; /* borrowed */
	size_t len;
};

struct outside {
	struct arena arena; /* of the paths */
	struct outside_item *items;
	size_t count, capacity;
	int roots[OUTSIDE_ROOT_COUNT]; /* descriptors, or -1 */
};

void outside_init(struct outside *outside);

/** Also closes the roots. */
void outside_clear(struct outside *outside);

/** Adds the file at `path` with what it held when it was read. */
void outside_add_file(struct outside *outside, int root, const char *path,
	const struct oid *oid);

/** Adds bytes in memory; returns their id. */
const struct oid *outside_add_bytes(
	struct outside *outside, const unsigned char *bytes, size_t len);

/**
 * Reads a file below a root, or a symlink's target, into `out`, which is
 * emptied before and whose limit bounds it. ERR_NOT_FOUND when neither stands
 * there, ERR_LIMIT when it is larger, ERR_IO when it cannot be read.
 */
int outside_read_file(struct buf *out, const struct outside *outside, int root,
	const char *path, struct err *err) MUST_CHECK;

/**
 * Gives the bytes of an item, borrowed from it or from `buf`. As above, and
 * ERR_NOT_FOUND when the file has other bytes by now. From any thread.
 */
int outside_read(const unsigned char **bytes, size_t *len, struct buf *buf,
	const struct outside *outside, const struct outside_item *item,
	struct err *err) MUST_CHECK;

#endif
