#include "scanner/oid_map.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/hash.h"

#include <stdlib.h>

#define MIN_SLOTS 64
#define AHEAD     16

void oid_map_clear(struct oid_map *map)
{
	free(map->oids);
	free(map->slots);
	*map = (struct oid_map){ 0 };
}

static size_t first_slot(const struct oid_map *map, const struct oid *oid)
{
	uint64_t words[3]; /* the last two overlap */
	memcpy(words, oid->bytes, 2 * sizeof(words[0]));
	memcpy(&words[2], oid->bytes + OID_SIZE - sizeof(words[2]),
		sizeof(words[2]));
	uint64_t hash = hash_mix(words[0] ^ map->seed, words[1] ^ ~map->seed);
	hash = hash_mix(hash ^ words[2], 0x9E3779B97F4A7C15ULL);
	return (size_t)hash & (map->slot_count - 1);
}

/** The slot that holds the id, or the empty one where it belongs. */
static size_t find_slot(const struct oid_map *map, const struct oid *oid)
{
	size_t slot = first_slot(map, oid);
	while (map->slots[slot] &&
		!oid_equal(&map->oids[map->slots[slot] - 1], oid))
		slot = (slot + 1) & (map->slot_count - 1);
	return slot;
}

/** Gives all ids from map->indexed on their slots. They are told apart, so
 * that none needs to be compared with another; where they belong is far apart
 * in memory, and fetched before their turn. */
static void fill_slots(struct oid_map *map)
{
	for (; map->indexed < map->count; map->indexed++) {
		uint32_t ahead = map->indexed + AHEAD;
		if (ahead < map->count)
			__builtin_prefetch(&map->slots[first_slot(
				map, &map->oids[ahead])]);
		size_t slot = first_slot(map, &map->oids[map->indexed]);
		while (map->slots[slot])
			slot = (slot + 1) & (map->slot_count - 1);
		map->slots[slot] = map->indexed + 1;
	}
}

/** Makes room for so many ids, none of which needs to be there yet. */
static void grow_slots(struct oid_map *map, size_t count)
{
	free(map->slots);
	if (!map->slot_count)
		map->seed = hash_seed();
	map->slot_count = map->slot_count ? map->slot_count : MIN_SLOTS;
	while (map->slot_count < count * 2)
		map->slot_count *= 2;
	map->slots = xcalloc(map->slot_count, sizeof(*map->slots));
	map->indexed = 0;
	fill_slots(map);
}

uint32_t oid_map_add(struct oid_map *map, const struct oid *oid, bool *is_new)
{
	if (map->slot_count < ((size_t)map->count + 1) * 2)
		grow_slots(map, (size_t)map->count + 1);
	size_t slot = find_slot(map, oid);
	bool absent = !map->slots[slot];
	if (is_new)
		*is_new = absent;
	if (!absent)
		return map->slots[slot] - 1;
	ARRAY_GROW(map->oids, map->count, map->capacity);
	map->oids[map->count] = *oid;
	map->slots[slot] = ++map->count;
	map->indexed = map->count;
	return map->count - 1;
}

void oid_map_append(struct oid_map *map, const struct oid *oid)
{
	ARRAY_GROW(map->oids, map->count, map->capacity);
	map->oids[map->count++] = *oid;
}

void oid_map_index(struct oid_map *map)
{
	if (map->slot_count < (size_t)map->count * 2)
		grow_slots(map, map->count);
	else
		fill_slots(map);
}

uint32_t oid_map_find(const struct oid_map *map, const struct oid *oid)
{
	if (!map->slot_count)
		return OID_MAP_NONE;
	uint32_t number = map->slots[find_slot(map, oid)];
	return number ? number - 1 : OID_MAP_NONE;
}
