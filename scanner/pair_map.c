#include "scanner/pair_map.h"

#include "base/alloc.h"

#include <stdlib.h>

#define MIN_SLOTS 64

/** An all zero slot is free: a pair is stored as its number plus one. */
struct pair_slot {
	uint32_t low, high;
	uint32_t number;
};

void pair_map_clear(struct pair_map *map)
{
	free(map->slots);
	*map = (struct pair_map){ 0 };
}

static uint64_t join(uint32_t left, uint32_t right)
{
	return ((uint64_t)left << 32 | right) + 1;
}

static uint64_t slot_pair(const struct pair_slot *slot)
{
	return (uint64_t)slot->high << 32 | slot->low;
}

static size_t first_slot(const struct pair_map *map, uint64_t pair)
{
	uint64_t hash = pair * 0x9E3779B97F4A7C15ULL;
	return (size_t)(hash ^ hash >> 32) & (map->slot_count - 1);
}

/** The slot that holds the pair, or the free one where it belongs. */
static struct pair_slot *find_slot(const struct pair_map *map, uint64_t pair)
{
	size_t mask = map->slot_count - 1;
	for (size_t at = first_slot(map, pair);; at = (at + 1) & mask) {
		struct pair_slot *slot = &map->slots[at];
		uint64_t found = slot_pair(slot);
		if (!found || found == pair)
			return slot;
	}
}

static void set_slot_count(struct pair_map *map, size_t slot_count)
{
	struct pair_map grown = {
		.slot_count = slot_count,
		.count = map->count,
	};
	grown.slots = xcalloc(grown.slot_count, sizeof(*grown.slots));
	for (size_t i = 0; i < map->slot_count; i++) {
		uint64_t pair = slot_pair(&map->slots[i]);
		if (pair)
			*find_slot(&grown, pair) = map->slots[i];
	}
	free(map->slots);
	*map = grown;
}

void pair_map_reserve(struct pair_map *map, uint32_t count)
{
	size_t slot_count = MIN_SLOTS;
	while (slot_count < (size_t)count * 2)
		slot_count *= 2;
	if (slot_count > map->slot_count)
		set_slot_count(map, slot_count);
}

uint32_t pair_map_add(
	struct pair_map *map, uint32_t left, uint32_t right, bool *is_new)
{
	if (map->slot_count < ((size_t)map->count + 1) * 2)
		pair_map_reserve(map, map->count + 1);
	uint64_t pair = join(left, right);
	struct pair_slot *slot = find_slot(map, pair);
	*is_new = !slot_pair(slot);
	if (*is_new)
		*slot = (struct pair_slot){
			.low = (uint32_t)pair,
			.high = (uint32_t)(pair >> 32),
			.number = map->count++,
		};
	return slot->number;
}

void pair_map_load(const struct pair_map *map, uint32_t left, uint32_t right)
{
	if (map->slot_count)
		__builtin_prefetch(
			&map->slots[first_slot(map, join(left, right))]);
}

uint32_t pair_map_find(
	const struct pair_map *map, uint32_t left, uint32_t right)
{
	if (!map->slot_count)
		return PAIR_NONE;
	const struct pair_slot *slot = find_slot(map, join(left, right));
	return slot_pair(slot) ? slot->number : PAIR_NONE;
}
