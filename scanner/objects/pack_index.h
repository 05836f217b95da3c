/*
 * A pack index, gitformat-pack(5) "Version 1 pack-*.idx files" and "Version 2
 * pack-*.idx files": which objects a pack has, sorted by id, and where.
 *
 * Invariants after pack_index_open(): every table lies inside the file and the
 * fan-out never falls, so that no position below `count` reads past the end.
 * Ids and offsets themselves are as the file has them: a wrong one makes a
 * look-up miss or an entry that does not parse, nothing worse.
 */
#ifndef SCANNER_OBJECTS_PACK_INDEX_H
#define SCANNER_OBJECTS_PACK_INDEX_H

#include "scanner/objects/map.h"
#include "scanner/oid.h"

#include <stdbool.h>
#include <stdint.h>

/** pack_index_offset() of an entry whose 64-bit offset is not in the file. */
#define PACK_OFFSET_NONE UINT64_MAX

/** Open to read; constant after pack_index_open(), shared by threads. */
struct pack_index {
	struct map map;
	unsigned version;             /* 1 or 2 */
	uint32_t count;               /* objects in the pack */
	const unsigned char *fanout;  /* 256 numbers */
	const unsigned char *ids;     /* of position 0 */
	size_t id_stride;             /* from one id to the next */
	const unsigned char *offsets; /* version 2: 31-bit offsets */
	const unsigned char *large;   /* version 2: 64-bit offsets */
	uint32_t large_count;
	const unsigned char *pack_checksum; /* last 20 bytes of the pack */
};

/** Maps and checks. ERR_CORRUPT, ERR_UNSUPPORTED for another version. */
int pack_index_open(
	struct pack_index *out, const char *path, struct err *err) MUST_CHECK;
void pack_index_clear(struct pack_index *index);

/** Finds the position of an id by its value. */
bool pack_index_find(uint32_t *position, const struct pack_index *index,
	const struct oid *oid);

/** True when the fan-out leads past ids, so that neither git nor
 * pack_index_find() finds them. Looks at up to 512 ids all over the file. */
bool pack_index_misleads(const struct pack_index *index);

/** Where in the pack the object begins; not checked against the pack. */
uint64_t pack_index_offset(const struct pack_index *index, uint32_t position);

/** The id at a position below count, borrowed from the mapping. */
static inline const struct oid *pack_index_oid(
	const struct pack_index *index, uint32_t position)
{
	return (const struct oid *)(const void *)(index->ids +
		position * index->id_stride);
}

#endif
