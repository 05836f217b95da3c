/*
 * The cache tree of an index, gitformat-index(5) "Cache tree": for each folder
 * the id of its tree object, as long as nothing below has changed.
 */
#ifndef REMEDY_CACHE_TREE_H
#define REMEDY_CACHE_TREE_H

#include "base/buf.h"
#include "scanner/path_table.h"

#include <stdbool.h>

/** Appends the extension's content with the ids of the `changed` folders ("" is
 * the top) taken out. False, and nothing is appended, when the content does not
 * follow the format: git does without it. */
bool cache_tree_invalidate(struct buf *out, const unsigned char *bytes,
	size_t len, const struct path_table *changed);

#endif
