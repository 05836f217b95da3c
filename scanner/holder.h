/*
 * What keeps objects in a repository: refs of every kind, stash entries,
 * reflogs, indexes, HEADs of worktrees; and, for objects that nothing names,
 * the pack or file they lie in.
 */
#ifndef SCANNER_HOLDER_H
#define SCANNER_HOLDER_H

#include "base/arena.h"
#include "base/err.h"
#include "scanner/entries.h"
#include "scanner/history.h"
#include "scanner/holder_kind.h"
#include "scanner/repo.h"

#include <stdbool.h>
#include <stddef.h>

struct holder {
	int kind;
	const char *name;     /* "refs/heads/main", "stash@{1}", a log's ref,
				a path; "" for the main index */
	const char *worktree; /* path, for what belongs to a linked one */
	const char *key;      /* unique; holders are sorted by it */
	struct oid oid;       /* what a ref names; zero for others */
	size_t first_tip;     /* its tips in history.tips */
	size_t tip_count;
	struct entries entries; /* of an index */
};

/** An object that a holder names; texts are borrowed from the holders. */
struct held_tip {
	const char *key;            /* of the holder */
	struct history_start start; /* with the name that git knows it by */
};

/** All zero is empty; texts live in the arena. */
struct holders {
	struct arena arena;
	struct holder *items; /* as holders_find() leaves it: sorted by key */
	size_t count, capacity;
	struct held_tip *tips;
	size_t tip_count, tip_capacity;
	size_t ref_tip_count; /* the first ones: of refs, which must exist */
	const char **damaged; /* reflogs that could not be read whole */
	size_t damaged_count, damaged_capacity;
};

/** Adds a holder; `name` and `worktree` (may be NULL) are copied. The pointer
 * is valid until the next call. */
struct holder *holders_add(struct holders *holders, int kind, const char *name,
	const char *worktree);

/** Lists refs, stash entries and HEADs, of linked worktrees too, and the other
 * reflogs if asked for; the indexes are the caller's to add. */
int holders_find(struct holders *out, struct repo *repo, bool with_logs,
	struct err *err) MUST_CHECK;
void holders_clear(struct holders *holders);

/** The starts of all tips, in their order, with room for `more`. Caller frees.
 */
struct history_start *holders_starts(
	const struct holders *holders, size_t more);

#endif
