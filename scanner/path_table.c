#include "scanner/path_table.h"

#include "base/alloc.h"
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

void path_table_clear(struct path_table *table)
{
	arena_clear(&table->arena);
	free(table->entries);
	free(table->slots);
	*table = (struct path_table){ 0 };
}

/** 64-bit multiply-and-fold over eight bytes at a time, cut to 32 bits. */
static uint32_t hash_path(const char *path, size_t len)
{
	uint64_t hash = 0x9E3779B97F4A7C15ULL ^ len;
	uint64_t word;
	for (; len >= sizeof(word); len -= sizeof(word)) {
		memcpy(&word, path, sizeof(word));
		hash = (hash ^ word) * 0xD6E8FEB86659FD93ULL;
		hash ^= hash >> 32;
		path += sizeof(word);
	}
	word = 0;
	for (size_t i = 0; i < len; i++)
		word = word << 8 | (unsigned char)path[i];
	hash = (hash ^ word) * 0xD6E8FEB86659FD93ULL;
	return (uint32_t)(hash ^ hash >> 32);
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
	uint32_t hash = hash_path(path, len);
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
	size_t slot = find_slot(table, path, len, hash_path(path, len));
	return table->slots[slot] ? table->slots[slot] - 1 : PATH_NONE;
}
