#include "scanner/objects/pack_index.h"

#include "scanner/objects/be.h"

#include <string.h>

#define FANOUT_SIZE   (256 * 4)
#define TRAILER_SIZE  (2 * OID_SIZE)
#define LARGE_OFFSET  UINT32_C(0x80000000)
#define V1_ENTRY_SIZE (4 + OID_SIZE)
#define V2_HEADER     8
#define V2_ENTRY_SIZE (OID_SIZE + 4 + 4) /* id, CRC-32, offset */

static uint32_t fanout_at(const struct pack_index *index, unsigned slot)
{
	return be_get32(index->fanout + 4 * slot);
}

static int read_fanout(
	struct pack_index *index, const char *path, struct err *err)
{
	uint32_t previous = 0;
	for (unsigned slot = 0; slot < 256; slot++) {
		uint32_t here = fanout_at(index, slot);
		if (here < previous)
			return err_set(err, ERR_CORRUPT,
				"%s: fan-out table falls at %u", path, slot);
		previous = here;
	}
	index->count = previous;
	return 0;
}

static int open_v1(struct pack_index *index, const char *path, struct err *err)
{
	const struct map *map = &index->map;
	if (map->len < FANOUT_SIZE + TRAILER_SIZE)
		return err_set(err, ERR_CORRUPT, "%s: too short", path);
	index->version = 1;
	index->fanout = map->bytes;
	int rc = read_fanout(index, path, err);
	if (rc < 0)
		return rc;
	uint64_t size = FANOUT_SIZE + TRAILER_SIZE +
		(uint64_t)index->count * V1_ENTRY_SIZE;
	if (map->len != size)
		return err_set(err, ERR_CORRUPT, "%s: wrong size", path);
	index->offsets = map->bytes + FANOUT_SIZE;
	index->ids = index->offsets + 4;
	index->id_stride = V1_ENTRY_SIZE;
	return 0;
}

static int open_v2(struct pack_index *index, const char *path, struct err *err)
{
	const struct map *map = &index->map;
	if (map->len < V2_HEADER + FANOUT_SIZE + TRAILER_SIZE)
		return err_set(err, ERR_CORRUPT, "%s: too short", path);
	index->version = be_get32(map->bytes + 4);
	if (index->version != 2)
		return err_set(err, ERR_UNSUPPORTED,
			"%s: index version %u is not known", path,
			index->version);
	index->fanout = map->bytes + V2_HEADER;
	int rc = read_fanout(index, path, err);
	if (rc < 0)
		return rc;
	uint64_t least = V2_HEADER + FANOUT_SIZE + TRAILER_SIZE +
		(uint64_t)index->count * V2_ENTRY_SIZE;
	/* the large offsets are what is left; at most one an object */
	if (map->len < least || (map->len - least) % 8 ||
		(map->len - least) / 8 > index->count)
		return err_set(err, ERR_CORRUPT, "%s: wrong size", path);
	index->large_count = (uint32_t)((map->len - least) / 8);
	index->ids = index->fanout + FANOUT_SIZE;
	index->id_stride = OID_SIZE;
	index->offsets = index->ids + (size_t)index->count * (OID_SIZE + 4);
	index->large = index->offsets + (size_t)index->count * 4;
	return 0;
}

int pack_index_open(struct pack_index *out, const char *path, struct err *err)
{
	static const unsigned char magic[] = { 0xff, 't', 'O', 'c' };
	*out = (struct pack_index){ 0 };
	CLEANUP(pack_index_clear) struct pack_index index = { 0 };
	int rc = map_open(&index.map, path, err);
	if (rc < 0)
		return rc;
	bool has_magic = index.map.len >= sizeof(magic) &&
		!memcmp(index.map.bytes, magic, sizeof(magic));
	rc = has_magic ? open_v2(&index, path, err)
		       : open_v1(&index, path, err);
	if (rc < 0)
		return rc;
	index.pack_checksum = index.map.bytes + index.map.len - TRAILER_SIZE;
	*out = index;
	index = (struct pack_index){ 0 };
	return 0;
}

void pack_index_clear(struct pack_index *index)
{
	map_clear(&index->map);
	*index = (struct pack_index){ 0 };
}

/*
 * Ids are hashes, so their place can be guessed from their first bytes: two
 * guesses leave some tens of candidates of a million. What is left is halved,
 * which also bounds the steps where ids were chosen to defeat the guess.
 */
static uint32_t guess(const struct pack_index *index, uint32_t low,
	uint32_t high, const struct oid *oid)
{
	uint64_t first = be_get32(pack_index_oid(index, low)->bytes);
	uint64_t last = be_get32(pack_index_oid(index, high - 1)->bytes);
	uint64_t value = be_get32(oid->bytes);
	if (value <= first || last <= first)
		return low;
	if (value >= last)
		return high - 1;
	return low +
		(uint32_t)((value - first) * (high - 1 - low) / (last - first));
}

bool pack_index_find(uint32_t *position, const struct pack_index *index,
	const struct oid *oid)
{
	unsigned slot = oid->bytes[0];
	uint32_t low = slot ? fanout_at(index, slot - 1) : 0;
	uint32_t high = fanout_at(index, slot);
	for (unsigned step = 0; low < high; step++) {
		uint32_t middle = step < 2 ? guess(index, low, high, oid)
					   : low + (high - low) / 2;
		int order = oid_compare(oid, pack_index_oid(index, middle));
		if (order == 0) {
			*position = middle;
			return true;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return false;
}

bool pack_index_misleads(const struct pack_index *index)
{
	uint32_t begin = 0;
	for (unsigned slot = 0; slot < 256; slot++) {
		uint32_t end = fanout_at(index, slot);
		if (begin < end &&
			(pack_index_oid(index, begin)->bytes[0] != slot ||
				pack_index_oid(index, end - 1)->bytes[0] !=
					slot))
			return true;
		begin = end;
	}
	return false;
}

uint64_t pack_index_offset(const struct pack_index *index, uint32_t position)
{
	if (index->version == 1)
		return be_get32(
			index->offsets + (size_t)position * V1_ENTRY_SIZE);
	uint32_t offset = be_get32(index->offsets + (size_t)position * 4);
	if (!(offset & LARGE_OFFSET))
		return offset;
	offset &= ~LARGE_OFFSET;
	if (offset >= index->large_count)
		return PACK_OFFSET_NONE;
	return be_get64(index->large + (size_t)offset * 8);
}
