#include "scanner/objects/pack_plan.h"

#include "base/alloc.h"

#include <string.h>

/* What only the planning needs. */
struct planning {
	struct pack_plan *plan;
	const uint32_t *bases; /* entry of the base, or PACK_NO_BASE */
	uint32_t needed;       /* how many entries are */
};

/* Marks an entry and its ancestors, each once over all calls. */
static void need(struct planning *planning, uint32_t entry)
{
	struct pack_plan *plan = planning->plan;
	while (!(plan->flags[entry] & PLAN_NEEDED)) {
		plan->flags[entry] |= PLAN_NEEDED;
		planning->needed++;
		uint32_t base = planning->bases[entry];
		if (base == PACK_NO_BASE) {
			plan->flags[entry] |= PLAN_ROOT;
			return;
		}
		plan->first_child[base + 1]++;
		entry = base;
	}
}

/* Turns the numbers of children into places, and fills these. */
static void fill_children(struct planning *planning)
{
	struct pack_plan *plan = planning->plan;
	for (uint32_t i = 0; i < plan->count; i++)
		plan->first_child[i + 1] += plan->first_child[i];
	uint32_t total = plan->first_child[plan->count];
	plan->children = xcalloc(total, sizeof(*plan->children));
	CLEANUP(freep)
	uint32_t *next = xcalloc(plan->count, sizeof(*next));
	memcpy(next, plan->first_child, plan->count * sizeof(*next));
	for (uint32_t i = 0; i < plan->count; i++) {
		if ((plan->flags[i] & PLAN_NEEDED) &&
			planning->bases[i] != PACK_NO_BASE)
			plan->children[next[planning->bases[i]]++] = i;
	}
}

/* Every needed entry that a root leads to, parents before their children.
 * Caller frees. */
static uint32_t *order_from_roots(const struct pack_plan *plan, uint32_t *count)
{
	uint32_t *order = xcalloc(plan->count, sizeof(*order));
	uint32_t end = 0;
	for (uint32_t i = 0; i < plan->count; i++) {
		if (plan->flags[i] & PLAN_ROOT)
			order[end++] = i;
	}
	for (uint32_t at = 0; at < end; at++) {
		uint32_t child = plan->first_child[order[at]];
		for (; child < plan->first_child[order[at] + 1]; child++)
			order[end++] = plan->children[child];
	}
	*count = end;
	return order;
}

/*
 * What no root leads to hangs on a circle of deltas by id. None of it can be
 * built here: each entry becomes a root without children, and its reading
 * fails or finds another copy.
 */
static void cut_circles(struct planning *planning, const uint32_t *order,
	uint32_t reached_count)
{
	struct pack_plan *plan = planning->plan;
	if (reached_count == planning->needed)
		return;
	CLEANUP(freep) unsigned char *reached = xcalloc(plan->count, 1);
	for (uint32_t i = 0; i < reached_count; i++)
		reached[order[i]] = 1;
	uint32_t kept = 0;
	for (uint32_t i = 0; i < plan->count; i++) {
		uint32_t from = plan->first_child[i];
		uint32_t to = plan->first_child[i + 1];
		plan->first_child[i] = kept;
		for (; reached[i] && from < to; from++)
			plan->children[kept++] = plan->children[from];
		if (!reached[i] && (plan->flags[i] & PLAN_NEEDED))
			plan->flags[i] |= PLAN_ROOT | PLAN_CIRCLE;
	}
	plan->first_child[plan->count] = kept;
}

/* Moves the child with the largest family to the end of each entry's. Parents
 * come before their children by offset, or are put into that order. */
static void put_heavy_last(struct planning *planning)
{
	struct pack_plan *plan = planning->plan;
	uint32_t count = plan->count;
	CLEANUP(freep) uint32_t *order = NULL;
	if (!plan->pack->bases->forward) {
		order = order_from_roots(plan, &count);
		cut_circles(planning, order, count);
	}
	CLEANUP(freep) uint32_t *sizes = xcalloc(plan->count, sizeof(*sizes));
	for (uint32_t i = count; i-- > 0;) {
		uint32_t entry = order ? order[i] : i;
		if (!(plan->flags[entry] & PLAN_NEEDED))
			continue;
		sizes[entry]++;
		if (planning->bases[entry] != PACK_NO_BASE)
			sizes[planning->bases[entry]] += sizes[entry];
		uint32_t end = plan->first_child[entry + 1];
		for (uint32_t at = plan->first_child[entry]; at < end; at++) {
			uint32_t child = plan->children[at];
			uint32_t last = plan->children[end - 1];
			if (sizes[child] > sizes[last]) {
				plan->children[at] = last;
				plan->children[end - 1] = child;
			}
		}
	}
}

struct pack_plan *pack_plan_new(const struct pack *pack, const uint32_t *places)
{
	const struct pack_bases *bases = pack->bases;
	struct pack_plan *plan = xcalloc(1, sizeof(*plan));
	plan->pack = pack;
	plan->count = bases->count;
	plan->offsets = bases->offsets;
	plan->places = xcalloc(plan->count, sizeof(*plan->places));
	plan->flags = xcalloc(plan->count, 1);
	plan->first_child =
		xcalloc((size_t)plan->count + 1, sizeof(*plan->first_child));
	struct planning planning = { .plan = plan, .bases = bases->bases };
	for (uint32_t i = 0; i < plan->count; i++) {
		plan->places[i] = places[bases->positions[i]];
		if (plan->places[i] != PLAN_NO_PLACE)
			need(&planning, i);
	}
	fill_children(&planning);
	put_heavy_last(&planning);
	return plan;
}

void pack_plan_free(struct pack_plan *plan)
{
	if (!plan)
		return;
	free(plan->places);
	free(plan->flags);
	free(plan->first_child);
	free(plan->children);
	free(plan);
}
