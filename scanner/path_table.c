#include "scanner/path_table.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

void path_table_clear(struct path_table *table)
{
	arena_clear(&table->arena);
	free(table->entries);
	free(table->slots);
	*table = (struct path_table){ 0 };
}

static uint32_t hash_path(
	const struct path_table *table, const char *path, size_t len)
{
	const uint64_t odd = 0xD6E8FEB86659FD93ULL;
	uint64_t hash = table->seed ^ len;
	uint64_t word;
	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, path, sizeof(word));
		hash = hash_mix(hash ^ word, odd);
		path += sizeof(word);
	}
	word = 0;
	for (size_t i = 0; i < len; i++)
		word = word << 8 | (unsigned char)path[i];
	return (uint32_t)hash_mix(hash ^ word, odd);
}

static size_t find_slot(const struct path_table *table, const char *path,
	size_t len, uint32_t hash)
{
	size_t slot = hash & (table->slot_count - 1);
	while (table->slots[slot]) {
		const struct path_entry *entry =
			&table->entries[table->slots[slot] - 1];
		if (entry->hash == hash && entry->len == len &&
			!memcmp(entry->text, path, len))
			break;
		slot = (slot + 1) & (table->slot_count - 1);
	}
	return slot;
}

static void grow_slots(struct path_table *table)
{
	free(table->slots);
	if (!table->slot_count)
		table->seed = hash_seed();
	table->slot_count = table->slot_count ? table->slot_count * 2 : 64;
	table->slots = xcalloc(table->slot_count, sizeof(*table->slots));
	for (uint32_t i = 0; i < table->count; i++) {
		size_t slot = table->entries[i].hash & (table->slot_count - 1);
		while (table->slots[slot])
			slot = (slot + 1) & (table->slot_count - 1);
		table->slots[slot] = i + 1;
	}
}

uint32_t path_table_add(struct path_table *table, const char *path, size_t len)
{
	if (table->slot_count < ((size_t)table->count + 1) * 2)
		grow_slots(table);
	uint32_t hash = hash_path(table, path, len);
	size_t slot = find_slot(table, path, len, hash);
	if (table->slots[slot])
		return table->slots[slot] - 1;
	ARRAY_GROW(table->entries, table->count, table->capacity);
	table->entries[table->count] = (struct path_entry){
		.text = arena_memdupz(&table->arena, path, len),
		.len = (uint32_t)len,
		.hash = hash,
	};
	table->slots[slot] = ++table->count;
	return table->count - 1;
}

uint32_t path_table_find(
	const struct path_table *table, const char *path, size_t len)
{
	if (!table->slot_count)
		return PATH_NONE;
	size_t slot = find_slot(table, path, len, hash_path(table, path, len));
	return table->slots[slot] ? table->slots[slot] - 1 : PATH_NONE;
}
