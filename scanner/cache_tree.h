/*
 * The cache-tree extension of an index, gitformat-index(5) "Cache tree": for
 * a folder whose entries have not changed since its tree was written, the id of
 * that tree and the number of entries below it.
 *
 * It is taken at its word, as git takes it: `git commit` writes that tree
 * without a look at the entries, so what it says is what is committed.
 */
#ifndef SCANNER_CACHE_TREE_H
#define SCANNER_CACHE_TREE_H

#include "base/err.h"
#include "scanner/oid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One folder. */
struct cache_tree_node {
	const char *name; /* borrowed from the file; "" for the root */
	size_t name_len;
	const unsigned char *oid; /* of its tree; NULL: entries have changed */
	uint32_t entry_count;     /* below it, where `oid` is set */
	uint32_t first_child, child_count; /* in `nodes` */
};

/** nodes[0] is the root. All zero knows nothing. */
struct cache_tree {
	struct cache_tree_node *nodes;
	size_t count, capacity;
};

/** Reads the extension's bytes, which are borrowed. False when they do not
 * follow the format; the tree is empty then. Caller clears. */
bool cache_tree_parse(
	struct cache_tree *out, const unsigned char *bytes, size_t len);
void cache_tree_clear(struct cache_tree *tree);

/** The folder of that name below `parent` (NULL: unknown); NULL if it is not
 * known. */
const struct cache_tree_node *cache_tree_child(const struct cache_tree *tree,
	const struct cache_tree_node *parent, const char *name, size_t len);

#endif
