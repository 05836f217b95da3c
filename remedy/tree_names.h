/*
 * Names that stand in trees of no commit: git writes such trees for what is
 * staged, stashed or replaced, and keeps them until it collects garbage.
 */
#ifndef REMEDY_TREE_NAMES_H
#define REMEDY_TREE_NAMES_H

#include "base/cleanup.h"
#include "base/err.h"
#include "remedy/inventory.h"
#include "scanner/path_table.h"

#include <stdint.h>

struct tree_names;

/**
 * Reads every tree of the inventory, whether or not something names it, and
 * adds to `list` the names of entries that no path of a commit or index has.
 * Trees that cannot be read are recorded in `skips`. Caller frees; the
 * inventory is borrowed.
 */
int tree_names_new(struct tree_names **out, struct path_table *list,
	const struct inventory *inventory, const struct scan_opts *opts,
	struct scan_result *skips, struct err *err) MUST_CHECK;
void tree_names_free(struct tree_names *names);
DEFINE_CLEANUP(tree_names_freep, struct tree_names, tree_names_free)

/** Told of a tree with an entry of the name of that number in the list. */
typedef void tree_name_sink(const struct oid *tree, uint32_t name, void *ctx);

/** Tells of every tree that itself has one of the names, added to the list,
 * that are wanted there; of trees that are stored as the same but for other
 * entries, of one. */
int tree_names_find(const struct tree_names *names, const char *const *wanted,
	tree_name_sink *sink, void *ctx, struct err *err) MUST_CHECK;

#endif
