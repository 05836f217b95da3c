/*
 * All that a repository holds, whether or not something names it: every
 * object of every object folder, every commit with what it changed, the
 * indexes, and the holders. A search over it misses nothing; the holders say
 * where what it found is kept.
 */
#ifndef REMEDY_INVENTORY_H
#define REMEDY_INVENTORY_H

#include "base/err.h"
#include "scanner/history_walk.h"
#include "scanner/holder.h"
#include "scanner/scan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** All zero is empty. Constant once made. */
struct inventory {
	struct repo *repo; /* borrowed */
	struct objects *objects;
	struct object_name *names; /* every object, sorted by id */
	size_t name_count;
	struct history history;   /* of every commit, named or not */
	struct changes changes;   /* also numbers what the indexes hold */
	struct holders holders;   /* with tips and indexes filled in */
	struct scan_result skips; /* what could not be looked at */
	char refs_digest[65];     /* over all refs, as scan_result's */
	char objects_digest[65];  /* over the ids of all objects */
};

/** Takes it. `opts` gives threads, the size limit and progress. */
int inventory_take(struct inventory *out, struct repo *repo,
	const struct scan_opts *opts, struct err *err) MUST_CHECK;
void inventory_clear(struct inventory *inventory);

/** True when the object exists; *type (may be NULL) as in object_name. */
bool inventory_has(
	const struct inventory *inventory, const struct oid *oid, int *type);

/** The word of the user for it: told after `what`, every now and then. */
struct inventory_progress {
	const struct scan_opts *opts;
	const char *what;
};

/** A walk_progress callback; `ctx` is a struct inventory_progress. */
void inventory_tell(size_t done, size_t total, void *ctx);

/**
 * Which holders' tips reach which of some commits: sets bit h % 64 of
 * masks[c], for the holders from `from` on, up to 64 of them, in every commit
 * that one reaches. `masks` has one word for each commit.
 */
void inventory_reach(
	uint64_t *masks, const struct inventory *inventory, size_t from);

#endif
