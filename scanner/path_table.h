/*
 * Paths given dense numbers, each text stored once. Any bytes will do; they
 * are kept NUL-ended.
 */
#ifndef SCANNER_PATH_TABLE_H
#define SCANNER_PATH_TABLE_H

#include "base/arena.h"

#include <stddef.h>
#include <stdint.h>

#define PATH_NONE UINT32_MAX

struct path_entry {
	const char *text;
	uint32_t len;
	uint32_t hash;
};

/** All zero is an empty table. entries[0..count) may be read. */
struct path_table {
	struct arena arena;
	struct path_entry *entries;
	uint32_t count, capacity;
	uint32_t *slots; /* number + 1, or 0 */
	size_t slot_count;
	uint64_t seed;
};

void path_table_clear(struct path_table *table);

/** The number of the path, added if it is new. */
uint32_t path_table_add(struct path_table *table, const char *path, size_t len);

/** The number of the path, or PATH_NONE. */
uint32_t path_table_find(
	const struct path_table *table, const char *path, size_t len);

#endif
