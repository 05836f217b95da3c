/*
 * Pairs of numbers given dense numbers, as oid_map does for ids: the first pair
 * that is added becomes 0, the next new one 1, and so on.
 */
#ifndef SCANNER_PAIR_MAP_H
#define SCANNER_PAIR_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAIR_NONE UINT32_MAX

struct pair_slot;

/** All zero is an empty map. */
struct pair_map {
	struct pair_slot *slots;
	size_t slot_count;
	uint32_t count;
};

void pair_map_clear(struct pair_map *map);

/** Makes room for so many pairs in all: they are not moved until then. */
void pair_map_reserve(struct pair_map *map, uint32_t count);

/** The number of the pair, added if it is new; *is_new tells. The two must not
 * both be UINT32_MAX. */
uint32_t pair_map_add(
	struct pair_map *map, uint32_t left, uint32_t right, bool *is_new);

/** Begins to load what these will look at. */
void pair_map_load(const struct pair_map *map, uint32_t left, uint32_t right);

/** The number of the pair, or PAIR_NONE. Safe from several threads. */
uint32_t pair_map_find(
	const struct pair_map *map, uint32_t left, uint32_t right);

#endif
