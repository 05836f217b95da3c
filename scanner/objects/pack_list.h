/*
 * The packs of some object folders. Those that the reader understands are
 * open; the index paths of those of another version are kept for libgit2; of
 * those that could not be opened the first message is kept, for whoever misses
 * an object.
 */
#ifndef SCANNER_OBJECTS_PACK_LIST_H
#define SCANNER_OBJECTS_PACK_LIST_H

#include "scanner/objects/pack.h"

/** All zero is an empty list. */
struct pack_list {
	struct pack **packs; /* the largest first */
	size_t count;
	size_t capacity;
	char **foreign; /* index paths */
	size_t foreign_count;
	size_t foreign_capacity;
	struct err broken; /* code 0: none is */
};

void pack_list_clear(struct pack_list *list);

/**
 * Adds the packs of "<folder>/pack" that are neither in the list nor in
 * `known`, which may be NULL. With `as_foreign` all go to libgit2. A folder
 * without packs, or none at all, adds nothing.
 */
int pack_list_scan(struct pack_list *list, const struct pack_list *known,
	const char *folder, bool as_foreign, struct err *err) MUST_CHECK;

#endif
