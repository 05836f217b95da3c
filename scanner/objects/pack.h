/*
 * A pack, gitformat-pack(5): its mapping, its index, and the way from an
 * offset to an entry and to the inflated bytes of that entry. Deltas are
 * parsed here and applied in delta.h; who follows them bounds their depth.
 */
#ifndef SCANNER_OBJECTS_PACK_H
#define SCANNER_OBJECTS_PACK_H

#include "scanner/objects/objects.h"
#include "scanner/objects/pack_bases.h"
#include "scanner/objects/pack_index.h"

#include <stdbool.h>
#include <stdint.h>

/** git itself writes chains of at most 4095 (git-pack-objects(1) --depth). */
#define PACK_MAX_DEPTH 10000

/** Types of an entry that are no types of an object. */
#define PACK_OFS_DELTA 6
#define PACK_REF_DELTA 7

/** Constant after pack_open() and pack_know_bases(), shared by threads. */
struct pack {
	char *path; /* of the .pack file */
	struct map map;
	struct pack_index index;
	uint64_t end;             /* where entries end and the trailer begins */
	struct pack_bases *bases; /* NULL: not known yet */
};

/** The head of an entry. For a delta `size` is that of its instructions. */
struct pack_entry {
	uint64_t offset;
	uint64_t data;          /* where its zlib stream begins */
	uint64_t size;          /* once inflated */
	unsigned type;          /* enum object_type or PACK_*_DELTA */
	uint64_t base_offset;   /* of PACK_OFS_DELTA: below `offset` */
	const struct oid *base; /* of PACK_REF_DELTA: borrowed from the pack */
};

/**
 * Opens the pack beside an index file. ERR_UNSUPPORTED when either has a
 * version that is not known, ERR_CORRUPT when they do not belong together.
 */
int pack_open(
	struct pack **out, const char *index_path, struct err *err) MUST_CHECK;
void pack_free(struct pack *pack);
DEFINE_CLEANUP(pack_freep, struct pack, pack_free)

/** Sees to it that pack->bases is there. Before threads share the pack. */
int pack_know_bases(
	struct pack *pack, unsigned jobs, struct err *err) MUST_CHECK;

/** Parses the head at an offset; ERR_CORRUPT. */
int pack_entry_at(struct pack_entry *out, const struct pack *pack,
	uint64_t offset, struct err *err) MUST_CHECK;

static inline bool pack_entry_is_delta(const struct pack_entry *entry)
{
	return entry->type >= PACK_OFS_DELTA;
}

struct libdeflate_decompressor;

/** What one thread inflates with. Streams that begin with the fixed codes of
 * RFC 1951 §3.2.6, as short ones do, go to one of their own, which has the
 * tables of these codes at hand as long as it sees no others. */
struct pack_inflaters {
	struct libdeflate_decompressor *fixed, *other;
};

int pack_inflaters_init(
	struct pack_inflaters *inflaters, struct err *err) MUST_CHECK;
void pack_inflaters_clear(struct pack_inflaters *inflaters);

/** Bytes behind its output that inflating may overwrite. libdeflate is slow for
 * what it writes last, within this of the end of the memory that it has; in a
 * pack that would be most streams. */
#define PACK_INFLATE_ROOM ((size_t)512)

/** Inflates exactly entry->size bytes to `out`, which has PACK_INFLATE_ROOM
 * bytes more; ERR_CORRUPT. */
int pack_inflate(unsigned char *out, const struct pack *pack,
	const struct pack_entry *entry, const struct pack_inflaters *inflaters,
	struct err *err) MUST_CHECK;

/**
 * The size that the object of an entry claims, from its first bytes alone; 0
 * when they do not parse.
 */
size_t pack_claimed_size(
	const struct pack *pack, const struct pack_entry *entry);

/** ERR_CORRUPT with pack, offset and what is wrong. */
int pack_corrupt(const struct pack *pack, uint64_t offset, const char *what,
	struct err *err);

#endif
