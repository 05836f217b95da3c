/*
 * Trees in memory, the least recently used ones dropped beyond a budget. A
 * tree that somebody holds stays. One cache a thread.
 */
#ifndef SCANNER_TREE_CACHE_H
#define SCANNER_TREE_CACHE_H

#include "base/err.h"
#include "scanner/objects/objects.h"

#include <stdbool.h>
#include <stddef.h>

/** A tree's bytes; valid from tree_cache_get() to tree_cache_put(). */
struct tree {
	struct oid oid;
	unsigned char *bytes;
	size_t len;
	bool corrupt; /* the bytes end with something that is no entry */
	unsigned held;
	struct tree *newer, *older; /* all trees by last use */
	struct tree *next;          /* in the same bucket */
};

struct tree_cache;

/** A cache that reads through `reader` (borrowed) and keeps about `budget`
 * bytes. Caller frees. */
struct tree_cache *tree_cache_new(struct objects_reader *reader, size_t budget);
void tree_cache_free(struct tree_cache *cache);
DEFINE_CLEANUP(tree_cache_freep, struct tree_cache, tree_cache_free)

/** Gives the tree of that id, read if need be; git's empty tree exists always.
 * Errors are those of objects_read(), and ERR_CORRUPT for another type. */
int tree_cache_get(struct tree **out, struct tree_cache *cache,
	const struct oid *oid, struct err *err) MUST_CHECK;

/** Gives the tree back; NULL is allowed. */
void tree_cache_put(struct tree_cache *cache, struct tree *tree);

#endif
