/*
 * Many objects of packs, each entry inflated once: a family of deltas is built
 * from its root outwards, from the parent that is still in memory. Threads
 * take roots from the front of the packs; when none are left, one that still
 * has a large family gives half of the branches it has yet to visit to one
 * that waits.
 */
#ifndef SCANNER_OBJECTS_PACK_EACH_H
#define SCANNER_OBJECTS_PACK_EACH_H

#include "scanner/objects/pack_plan.h"
#include "scanner/objects/store.h"

/** Objects to push: those that plans want, and single ones. */
struct bulk {
	const struct objects *objects;
	const struct oid *wanted;
	struct pack_plan **plans;
	size_t plan_count;
	const uint32_t *singles; /* places of what is read one by one: loose */
	size_t single_count;     /* ones and few of a large pack */
	unsigned jobs;
	object_sink *sink;
	void *const *contexts; /* one a job */
};

/** Pushes them; see objects_each(). */
int bulk_run(const struct bulk *bulk, struct err *err) MUST_CHECK;

#endif
