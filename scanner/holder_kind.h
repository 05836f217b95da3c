/*
 * The kinds of things that keep objects in a repository, and in which place of
 * a scan that puts what they keep.
 */
#ifndef SCANNER_HOLDER_KIND_H
#define SCANNER_HOLDER_KIND_H

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
#define HOLDER_KIND_COUNT (HOLDER_LFS + 1)

/** "branch", "stash", … */
const char *holder_kind_name(int kind);

/** The same for the bit 1 << kind. */
const char *holder_kind_bit_name(unsigned bit);

/** The kind of a ref by its name. */
int holder_kind_of(const char *ref);

/** What only holders of this kind reach is in PLACE_STASH, PLACE_NOTE,
 * PLACE_REFLOG, or else in PLACE_HISTORY (finding.h). */
unsigned holder_kind_place(int kind);

#endif
