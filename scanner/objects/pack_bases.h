/*
 * Which entry of a pack each entry was made from, and which type of object it
 * is: read once from the heads of all entries, in the order of their offsets,
 * which is what to plan any reading of many objects takes.
 */
#ifndef SCANNER_OBJECTS_PACK_BASES_H
#define SCANNER_OBJECTS_PACK_BASES_H

#include "base/cleanup.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct pack;

#define PACK_NO_BASE UINT32_MAX

/** Tables by entry, an entry being the number of an object by its offset. */
struct pack_bases {
	uint32_t count;       /* entries: those of the index */
	uint32_t *positions;  /* in the index */
	uint64_t *offsets;    /* in the pack, as the index has them */
	uint32_t *bases;      /* entry, or PACK_NO_BASE: it is no delta, its
				 base lies elsewhere, or it does not parse */
	unsigned char *types; /* enum object_type; 0: that of a base elsewhere,
				 or what cannot be told */
	bool forward;         /* every base comes before what is made from it */
	bool misleads;        /* pack_index_misleads() */
};

/**
 * Reads the heads on `jobs` threads. Bases are as the pack says: they may lead
 * in a circle. Fails only for want of threads. Caller frees.
 */
int pack_bases_new(struct pack_bases **out, const struct pack *pack,
	unsigned jobs, struct err *err) MUST_CHECK;
void pack_bases_free(struct pack_bases *bases);
DEFINE_CLEANUP(pack_bases_freep, struct pack_bases, pack_bases_free)

#endif
