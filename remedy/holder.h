/*
 * What keeps objects in a repository: refs of every kind, stash entries,
 * reflogs, indexes, HEADs of worktrees; and, for objects that nothing names,
 * the pack or file they lie in.
 */
#ifndef REMEDY_HOLDER_H
#define REMEDY_HOLDER_H

#include "base/arena.h"
#include "base/err.h"
#include "scanner/entries.h"
#include "scanner/repo.h"

#include <stdbool.h>
#include <stddef.h>

enum holder_kind {
	HOLDER_HEAD, /* a detached HEAD */
	HOLDER_BRANCH,
	HOLDER_REMOTE_BRANCH,
	HOLDER_TAG,
	HOLDER_NOTE,
	HOLDER_STASH, /* one entry */
	HOLDER_PULL,  /* a host's ref for a pull or merge request */
	HOLDER_REPLACE,
	HOLDER_ORIGINAL, /* git filter-branch left it */
	HOLDER_REF,      /* any other ref */
	HOLDER_REFLOG,   /* one log */
	HOLDER_INDEX,
	HOLDER_WORKTREE, /* the detached HEAD of a linked worktree */
	HOLDER_LOOSE,    /* from here on: objects that nothing above names */
	HOLDER_PACK,
	HOLDER_KEPT_PACK, /* with a .keep file: git gc leaves it alone */
	HOLDER_ALTERNATE, /* another repository's objects: named or not */
	HOLDER_LFS,       /* Git LFS's own store */
};

/** "branch", "stash", … */
const char *holder_kind_name(int kind);

struct holder {
	int kind;
	const char *name;     /* "refs/heads/main", "stash@{1}", a log's ref,
				a path; "" for the main index */
	const char *worktree; /* path, for what belongs to a linked one */
	const char *key;      /* unique: name of its tips in the history */
	struct oid oid;       /* what a ref names; zero for others */
	size_t first_tip;     /* its tips in history.tips */
	size_t tip_count;
	struct entries entries; /* of an index */
};

/** All zero is empty; texts live in the arena. */
struct holders {
	struct arena arena;
	struct holder *items; /* as holders_find() leaves it: sorted by key */
	size_t count, capacity;
	struct repo_ref *tips; /* named by the holders' keys */
	size_t tip_count, tip_capacity;
	size_t ref_tip_count; /* the first ones: of refs, which must exist */
	const char **damaged; /* reflogs that could not be read whole */
	size_t damaged_count, damaged_capacity;
};

/** The kind of a ref by its name. */
int holder_kind_of(const char *ref);

/** Adds a holder; `name` and `worktree` (may be NULL) are copied. The pointer
 * is valid until the next call. */
struct holder *holders_add(struct holders *holders, int kind, const char *name,
	const char *worktree);

/** Lists refs, stash entries, reflogs and HEADs, of linked worktrees too; the
 * indexes are the inventory's to add. */
int holders_find(
	struct holders *out, struct repo *repo, struct err *err) MUST_CHECK;
void holders_clear(struct holders *holders);

/** Calls `sink` with the name, the folder of the .git folder's worktrees/, and
 * the path (NULL: unknown) of each linked worktree. */
void linked_worktrees_each(const struct repo *repo,
	int (*sink)(const char *name, const char *git_dir, const char *path,
		void *ctx),
	void *ctx);

#endif
