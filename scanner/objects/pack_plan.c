#include "scanner/objects/pack_plan.h"

#include "base/alloc.h"

#include <string.h>

#define NONE UINT32_MAX

#define DIGIT_BITS 11
#define DIGITS     (1U << DIGIT_BITS)

/* An entry while the pack is put into order. */
struct placed {
	uint64_t offset;
	uint32_t position;
};

/* What only the planning needs. */
struct planning {
	struct pack_plan *plan;
	uint64_t *offsets; /* ascending */
	uint32_t *bases;   /* entry of the base, or NONE */
	uint32_t needed;   /* how many entries are */
	uint32_t *buckets; /* first entry at or after bucket << shift */
	unsigned shift;
	size_t bucket_count;
};

static void sort_by_digit(struct placed *to, const struct placed *from,
	uint32_t count, unsigned shift)
{
	uint32_t starts[DIGITS] = { 0 };
	for (uint32_t i = 0; i < count; i++)
		starts[from[i].offset >> shift & (DIGITS - 1)]++;
	uint32_t next = 0;
	for (unsigned digit = 0; digit < DIGITS; digit++) {
		uint32_t here = starts[digit];
		starts[digit] = next;
		next += here;
	}
	for (uint32_t i = 0; i < count; i++)
		to[starts[from[i].offset >> shift & (DIGITS - 1)]++] = from[i];
}

/* Entries by offset, as a radix sort: a comparing one takes longer than all
 * the rest of the planning. Caller frees. */
static struct placed *sort_entries(const struct pack_index *index)
{
	uint32_t count = index->count;
	CLEANUP(freep)
	struct placed *entries = xcalloc(count, sizeof(*entries));
	CLEANUP(freep) struct placed *other = xcalloc(count, sizeof(*other));
	uint64_t highest = 0;
	for (uint32_t i = 0; i < count; i++) {
		entries[i].offset = pack_index_offset(index, i);
		entries[i].position = i;
		highest |= entries[i].offset;
	}
	for (unsigned shift = 0; shift < 64 && highest >> shift;
		shift += DIGIT_BITS) {
		sort_by_digit(other, entries, count, shift);
		struct placed *swap = entries;
		entries = other;
		other = swap;
	}
	return STEAL(entries);
}

static void make_buckets(struct planning *planning)
{
	const struct pack_plan *plan = planning->plan;
	uint64_t end = plan->pack->end;
	planning->shift = 0;
	while ((end >> planning->shift) > plan->count)
		planning->shift++;
	planning->bucket_count = (size_t)(end >> planning->shift) + 1;
	planning->buckets =
		xcalloc(planning->bucket_count + 1, sizeof(*planning->buckets));
	uint32_t entry = 0;
	for (size_t i = 0; i <= planning->bucket_count; i++) {
		while (entry < plan->count &&
			planning->offsets[entry] >> planning->shift < i)
			entry++;
		planning->buckets[i] = entry;
	}
}

static void put_in_order(struct planning *planning)
{
	struct pack_plan *plan = planning->plan;
	CLEANUP(freep)
	struct placed *entries = sort_entries(&plan->pack->index);
	for (uint32_t i = 0; i < plan->count; i++) {
		planning->offsets[i] = entries[i].offset;
		plan->positions[i] = entries[i].position;
	}
	make_buckets(planning);
}

/* The entry that begins at an offset, or NONE. */
static uint32_t entry_at(const struct planning *planning, uint64_t offset)
{
	size_t bucket = (size_t)(offset >> planning->shift);
	if (bucket >= planning->bucket_count)
		return NONE;
	uint32_t low = planning->buckets[bucket];
	uint32_t high = planning->buckets[bucket + 1];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (planning->offsets[middle] < offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < planning->plan->count && planning->offsets[low] == offset)
		return low;
	return NONE;
}

static uint32_t find_base(const struct planning *planning, uint32_t entry)
{
	const struct pack *pack = planning->plan->pack;
	struct pack_entry head;
	struct err ignored;
	if (pack_entry_at(&head, pack, planning->offsets[entry], &ignored) < 0)
		return NONE;
	if (head.type == PACK_OFS_DELTA)
		return entry_at(planning, head.base_offset);
	uint32_t position;
	if (head.type != PACK_REF_DELTA ||
		!pack_index_find(&position, &pack->index, head.base))
		return NONE;
	return entry_at(planning, pack_index_offset(&pack->index, position));
}

/* Marks an entry and its ancestors, each once over all calls. */
static void need(struct planning *planning, uint32_t entry)
{
	struct pack_plan *plan = planning->plan;
	while (!(plan->flags[entry] & PLAN_NEEDED)) {
		plan->flags[entry] |= PLAN_NEEDED;
		planning->needed++;
		uint32_t base = find_base(planning, entry);
		planning->bases[entry] = base;
		if (base == NONE) {
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
			planning->bases[i] != NONE)
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

/* Moves the child with the largest family to the end of each entry's. */
static void put_heavy_last(struct planning *planning)
{
	struct pack_plan *plan = planning->plan;
	uint32_t count;
	CLEANUP(freep) uint32_t *order = order_from_roots(plan, &count);
	cut_circles(planning, order, count);
	CLEANUP(freep) uint32_t *sizes = xcalloc(plan->count, sizeof(*sizes));
	for (uint32_t i = count; i-- > 0;) {
		uint32_t entry = order[i];
		sizes[entry]++;
		if (planning->bases[entry] != NONE)
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

static struct pack_plan *new_plan(const struct pack *pack)
{
	struct pack_plan *plan = xcalloc(1, sizeof(*plan));
	plan->pack = pack;
	plan->count = pack->index.count;
	plan->positions = xcalloc(plan->count, sizeof(*plan->positions));
	plan->flags = xcalloc(plan->count, 1);
	plan->first_child =
		xcalloc((size_t)plan->count + 1, sizeof(*plan->first_child));
	return plan;
}

static void planning_clear(struct planning *planning)
{
	free(planning->offsets);
	free(planning->bases);
	free(planning->buckets);
}

struct pack_plan *pack_plan_new(
	const struct pack *pack, const unsigned char *wanted)
{
	struct pack_plan *plan = new_plan(pack);
	CLEANUP(planning_clear)
	struct planning planning = {
		.plan = plan,
		.offsets = xcalloc(plan->count, sizeof(uint64_t)),
		.bases = xcalloc(plan->count, sizeof(uint32_t)),
	};
	put_in_order(&planning);
	for (uint32_t i = 0; i < plan->count; i++) {
		uint32_t position = plan->positions[i];
		if (wanted[position / 8] & 1U << position % 8) {
			plan->flags[i] |= PLAN_WANTED;
			need(&planning, i);
		}
	}
	fill_children(&planning);
	put_heavy_last(&planning);
	return plan;
}

void pack_plan_free(struct pack_plan *plan)
{
	if (!plan)
		return;
	free(plan->positions);
	free(plan->flags);
	free(plan->first_child);
	free(plan->children);
	free(plan);
}

unsigned char *pack_plan_types(const struct pack_plan *plan)
{
	const struct pack *pack = plan->pack;
	uint32_t count;
	CLEANUP(freep) uint32_t *order = order_from_roots(plan, &count);
	unsigned char *types = xcalloc(plan->count, 1);
	for (uint32_t i = 0; i < count; i++) {
		uint32_t entry = order[i];
		uint32_t position = plan->positions[entry];
		struct pack_entry head;
		struct err ignored;
		if ((plan->flags[entry] & PLAN_ROOT) &&
			pack_entry_at(&head, pack,
				pack_index_offset(&pack->index, position),
				&ignored) == 0 &&
			!pack_entry_is_delta(&head))
			types[position] = (unsigned char)head.type;
		uint32_t child = plan->first_child[entry];
		for (; child < plan->first_child[entry + 1]; child++)
			types[plan->positions[plan->children[child]]] =
				types[position];
	}
	return types;
}
