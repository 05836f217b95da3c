/*
 * Trees that a search of history could not read: each is told once, with the
 * smallest of the paths where it was met, so that what is told does not depend
 * on who met it first.
 */
#ifndef SCANNER_UNREADABLE_H
#define SCANNER_UNREADABLE_H

#include "base/err.h"
#include "scanner/finding.h"
#include "scanner/oid_map.h"

struct unreadable_tree;

/** All zero is empty. */
struct unreadable {
	struct oid_map keys; /* ids with the reason mixed in */
	struct unreadable_tree *items;
	uint32_t capacity;
};

void unreadable_clear(struct unreadable *unreadable);

/** Notes a tree at a path, "" for a root; `rc` is what reading it gave, or
 * ERR_LIMIT when a bound was hit there. Any other error is passed up. */
int unreadable_add(struct unreadable *unreadable, const struct oid *tree,
	const char *path, int rc) MUST_CHECK;

/** Adds what another one has. */
void unreadable_unite(
	struct unreadable *unreadable, const struct unreadable *other);

/** Makes `skipped` entries of the result. */
void unreadable_tell(
	const struct unreadable *unreadable, struct scan_result *result);

#endif
