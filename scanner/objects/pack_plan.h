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
	PLAN_NEEDED = 1 << 0, /* wanted, or an ancestor of one that is */
	PLAN_ROOT = 1 << 1,   /* to be built without a base of this plan */
	PLAN_CIRCLE = 1 << 2, /* a root whose deltas lead back to itself */
};

#define PLAN_NO_PLACE UINT32_MAX

/** Constant after pack_plan_new(), shared by threads. */
struct pack_plan {
	const struct pack *pack;
	uint32_t count;          /* entries: those of the index */
	const uint64_t *offsets; /* by entry; borrowed from the pack */
	uint32_t *places;        /* by entry, among what the run wants; or
				    PLAN_NO_PLACE */
	unsigned char *flags;
	uint32_t *first_child; /* count + 1 places in `children` */
	uint32_t *children;
};

/**
 * Plans for those objects of the pack that have a place, given by position in
 * its index, or PLAN_NO_PLACE. The bases of the pack must be known. Entries in
 * a circle of deltas become roots. Caller frees.
 */
struct pack_plan *pack_plan_new(
	const struct pack *pack, const uint32_t *places);
void pack_plan_free(struct pack_plan *plan);

#endif
