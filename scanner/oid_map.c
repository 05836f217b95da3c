#include "scanner/oid_map.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/hash.h"

#include <stdlib.h>

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

static void grow_slots(struct oid_map *map)
{
	free(map->slots);
	if (!map->slot_count)
		map->seed = hash_seed();
	map->slot_count = map->slot_count ? map->slot_count * 2 : 64;
	map->slots = xcalloc(map->slot_count, sizeof(*map->slots));
	for (uint32_t i = 0; i < map->count; i++)
		map->slots[find_slot(map, &map->oids[i])] = i + 1;
}

uint32_t oid_map_add(struct oid_map *map, const struct oid *oid, bool *is_new)
{
	if (map->slot_count < ((size_t)map->count + 1) * 2)
		grow_slots(map);
	size_t slot = find_slot(map, oid);
	bool absent = !map->slots[slot];
	if (is_new)
		*is_new = absent;
	if (!absent)
		return map->slots[slot] - 1;
	ARRAY_GROW(map->oids, map->count, map->capacity);
	map->oids[map->count] = *oid;
	map->slots[slot] = ++map->count;
	return map->count - 1;
}

uint32_t oid_map_find(const struct oid_map *map, const struct oid *oid)
{
	if (!map->slot_count)
		return OID_MAP_NONE;
	uint32_t number = map->slots[find_slot(map, oid)];
	return number ? number - 1 : OID_MAP_NONE;
}
