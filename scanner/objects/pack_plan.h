/*
 * What has to be built of a pack, as a forest: entries in the order of their
 * offsets, and for each those wanted or needed entries that are deltas of it.
 *
 * Invariants after pack_plan_new(): every needed entry is a root (no delta, a
 * delta whose base is not in this pack, or an entry that does not parse) or
 * the child of exactly one needed entry, and nothing is its own ancestor. The
 * last child of an entry is the one with the most descendants: who lets go of
 * an entry when he goes to its last child holds at most log2(count) + 1
 * entries at any time, however deep the forest is.
 */
#ifndef SCANNER_OBJECTS_PACK_PLAN_H
#define SCANNER_OBJECTS_PACK_PLAN_H

#include "scanner/objects/pack.h"

/** Flags of an entry. */
enum plan_flag {
	PLAN_WANTED = 1 << 0, /* to be handed out */
	PLAN_NEEDED = 1 << 1, /* wanted, or an ancestor of one that is */
	PLAN_ROOT = 1 << 2,   /* to be built without a base of this plan */
	PLAN_CIRCLE = 1 << 3, /* a root whose deltas lead back to itself */
};

/** Constant after pack_plan_new(), shared by threads. */
struct pack_plan {
	const struct pack *pack;
	uint32_t count;            /* entries: those of the index */
	const uint32_t *positions; /* place of each entry in the index;
				      borrowed from the pack */
	unsigned char *flags;
	uint32_t *first_child; /* count + 1 places in `children` */
	uint32_t *children;
};

/**
 * Plans for the objects at these positions of the pack's index, a bit each, by
 * the bases of the pack, which must be known. Entries in a circle of deltas
 * become roots. Caller frees.
 */
struct pack_plan *pack_plan_new(
	const struct pack *pack, const unsigned char *wanted);
void pack_plan_free(struct pack_plan *plan);

#endif
