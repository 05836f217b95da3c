/*
 * What the sources give: which blob stands at which path, and in which
 * places. Each (path, blob) pair stands once.
 */
#ifndef SCANNER_ENTRIES_H
#define SCANNER_ENTRIES_H

#include "base/err.h"
#include "scanner/history_walk.h"
#include "scanner/repo.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A blob at a path; numbers as in struct changes. */
struct entry {
	uint32_t path;
	uint32_t blob;
	unsigned places; /* enum place */
};

/** Sorted by path, blob once entries_sort() has run. */
struct entries {
	struct entry *items;
	size_t count, capacity;
};

void entries_clear(struct entries *entries);

/** Adds a pair. */
void entries_add(
	struct entries *entries, uint32_t path, uint32_t blob, unsigned place);

/** Adds what history brought: every change with a blob. */
void entries_add_changes(struct entries *entries, const struct changes *changes,
	const struct history *history);

/** Adds an entry of the index in this place, numbering path and blob in
 * `changes`. A submodule becomes a `skipped` entry of the result; a path that
 * is only meant to be added has no content yet. */
void entries_add_tracked(struct entries *entries,
	const struct repo_index_entry *entry, unsigned place,
	struct changes *changes, struct scan_result *result);

/** Adds the index, what is in conflict also in PLACE_CONFLICT. One that cannot
 * be read becomes a `skipped` entry of the result. */
int entries_add_index(struct entries *entries, struct repo *repo,
	struct changes *changes, struct scan_result *result,
	struct err *err) MUST_CHECK;

/** The same for the index at a path, in this place. */
int entries_add_index_at(struct entries *entries, struct repo *repo,
	const char *path, unsigned place, struct changes *changes,
	struct scan_result *result, struct err *err) MUST_CHECK;

/** Sorts and unites equal pairs. */
void entries_sort(struct entries *entries);

/** Leaves each sorted entry the first of the places of commits that it is in,
 * if that is wanted, and drops those that are in no place then. What an index
 * has is not unreachable. */
void entries_settle(struct entries *entries, unsigned wanted);

#endif
