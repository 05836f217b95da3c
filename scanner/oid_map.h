/*
 * Object ids given dense numbers: the first id that is added becomes 0, the
 * next new one 1, and so on. Lookups are by open addressing. Ids are hashes,
 * but a tree may name any, so they are hashed once more.
 */
#ifndef SCANNER_OID_MAP_H
#define SCANNER_OID_MAP_H

#include "scanner/oid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OID_MAP_NONE UINT32_MAX

/** All zero is an empty map. oids[0..count) may be read. */
struct oid_map {
	struct oid *oids;
	uint32_t count, capacity;
	uint32_t indexed; /* of these; all but after oid_map_append() */
	uint32_t *slots;  /* number + 1, or 0 */
	size_t slot_count;
	uint64_t seed;
};

void oid_map_clear(struct oid_map *map);

/** The number of `oid`, added if it is new; *is_new (may be NULL) tells. */
uint32_t oid_map_add(struct oid_map *map, const struct oid *oid, bool *is_new);

/** Adds an id that the map has not as its next number. Until oid_map_index()
 * has run nothing may be looked up, or added in another way. */
void oid_map_append(struct oid_map *map, const struct oid *oid);
void oid_map_index(struct oid_map *map);

/** The number of `oid`, or OID_MAP_NONE. Safe from several threads. */
uint32_t oid_map_find(const struct oid_map *map, const struct oid *oid);

#endif
