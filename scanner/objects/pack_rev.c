#include "scanner/objects/pack_rev.h"

#include "base/alloc.h"
#include "scanner/objects/be.h"

#include <stdio.h>
#include <string.h>

#define HEADER_SIZE  12 /* "RIDX", version, hash function */
#define TRAILER_SIZE (2 * OID_SIZE)

#define VERSION     1
#define HASH_OF_OID 1 /* SHA-1 */

static char *rev_path(const struct pack *pack)
{
	size_t len = strlen(pack->path) - strlen(".pack");
	size_t size = len + sizeof(".rev");
	char *path = xmalloc(size);
	snprintf(path, size, "%.*s.rev", (int)len, pack->path);
	return path;
}

static bool is_of_pack(const struct map *map, const struct pack *pack)
{
	return map->len ==
		HEADER_SIZE + (size_t)pack->index.count * sizeof(uint32_t) +
			TRAILER_SIZE &&
		!memcmp(map->bytes, "RIDX", 4) &&
		be_get32(map->bytes + 4) == VERSION &&
		be_get32(map->bytes + 8) == HASH_OF_OID;
}

/* Offsets that always rise are those of as many entries: each is there once. */
static bool read_entries(struct placed *entries, const struct pack_index *index,
	const unsigned char *at)
{
	for (uint32_t i = 0; i < index->count; i++, at += sizeof(uint32_t)) {
		struct placed *entry = &entries[i];
		entry->position = be_get32(at);
		if (entry->position >= index->count)
			return false;
		entry->offset = pack_index_offset(index, entry->position);
		if (i && entry->offset <= entries[i - 1].offset)
			return false;
	}
	return true;
}

bool pack_rev_read(struct placed *entries, const struct pack *pack)
{
	CLEANUP(freep) char *path = rev_path(pack);
	CLEANUP(map_clear) struct map map = { 0 };
	struct err ignored;
	return map_open(&map, path, &ignored) == 0 && is_of_pack(&map, pack) &&
		read_entries(entries, &pack->index, map.bytes + HEADER_SIZE);
}
