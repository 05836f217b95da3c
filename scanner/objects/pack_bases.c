#include "scanner/objects/pack_bases.h"

#include "base/alloc.h"
#include "scanner/objects/pack.h"
#include "scanner/objects/pack_rev.h"
#include "scanner/pool.h"

#include <stdatomic.h>
#include <stdlib.h>

#define DIGIT_BITS 11
#define DIGITS     (1U << DIGIT_BITS)

#define RUN_LENGTH 4096 /* entries that a thread takes at a time */
#define AHEAD      16   /* heads are far apart: fetched before their turn */

/* What only the reading needs. */
struct reading {
	struct pack_bases *out;
	const struct pack *pack;
	uint32_t *buckets; /* first entry at or after bucket << shift */
	unsigned shift;
	size_t bucket_count;
	atomic_uint_fast32_t next; /* entry that no thread has taken */
};

static void reading_clear(struct reading *reading)
{
	free(reading->buckets);
}

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

/* Entries by offset: as git has left them in order, or by a radix sort; a
 * comparing one takes longer than all the rest of the planning. Caller frees.
 */
static struct placed *sort_entries(const struct pack *pack)
{
	const struct pack_index *index = &pack->index;
	uint32_t count = index->count;
	CLEANUP(freep)
	struct placed *entries = xcalloc(count, sizeof(*entries));
	if (pack_rev_read(entries, pack))
		return STEAL(entries);
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

static void make_buckets(struct reading *reading)
{
	uint32_t count = reading->out->count;
	uint64_t end = reading->pack->end;
	while ((end >> reading->shift) > count)
		reading->shift++;
	reading->bucket_count = (size_t)(end >> reading->shift) + 1;
	reading->buckets =
		xcalloc(reading->bucket_count + 1, sizeof(*reading->buckets));
	uint32_t entry = 0;
	for (size_t i = 0; i <= reading->bucket_count; i++) {
		while (entry < count &&
			reading->out->offsets[entry] >> reading->shift < i)
			entry++;
		reading->buckets[i] = entry;
	}
}

static void put_in_order(struct reading *reading)
{
	struct pack_bases *out = reading->out;
	CLEANUP(freep)
	struct placed *entries = sort_entries(reading->pack);
	for (uint32_t i = 0; i < out->count; i++) {
		reading->out->offsets[i] = entries[i].offset;
		out->positions[i] = entries[i].position;
	}
	make_buckets(reading);
}

/* The entry that begins at an offset, or PACK_NO_BASE. */
static uint32_t entry_at(const struct reading *reading, uint64_t offset)
{
	size_t bucket = (size_t)(offset >> reading->shift);
	if (bucket >= reading->bucket_count)
		return PACK_NO_BASE;
	uint32_t low = reading->buckets[bucket];
	uint32_t high = reading->buckets[bucket + 1];
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (reading->out->offsets[middle] < offset)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < reading->out->count && reading->out->offsets[low] == offset)
		return low;
	return PACK_NO_BASE;
}

static void read_head(struct reading *reading, uint32_t entry)
{
	struct pack_bases *out = reading->out;
	const struct pack *pack = reading->pack;
	struct pack_entry head;
	struct err ignored;
	uint32_t position;
	out->bases[entry] = PACK_NO_BASE;
	if (pack_entry_at(&head, pack, reading->out->offsets[entry], &ignored) <
		0)
		return;
	if (!pack_entry_is_delta(&head))
		out->types[entry] = (unsigned char)head.type;
	else if (head.type == PACK_OFS_DELTA)
		out->bases[entry] = entry_at(reading, head.base_offset);
	else if (pack_index_find(&position, &pack->index, head.base))
		out->bases[entry] = entry_at(
			reading, pack_index_offset(&pack->index, position));
}

static void fetch(const struct reading *reading, uint32_t entry)
{
	if (entry < reading->out->count &&
		reading->out->offsets[entry] < reading->pack->end)
		__builtin_prefetch(reading->pack->map.bytes +
			reading->out->offsets[entry]);
}

static int read_heads(unsigned number, void *ctx, struct err *err)
{
	(void)number;
	(void)err;
	struct reading *reading = ctx;
	uint32_t count = reading->out->count;
	for (;;) {
		uint_fast32_t from =
			atomic_fetch_add(&reading->next, RUN_LENGTH);
		if (from >= count)
			return 0;
		for (uint_fast32_t i = from; i < from + RUN_LENGTH && i < count;
			i++) {
			fetch(reading, (uint32_t)i + AHEAD);
			read_head(reading, (uint32_t)i);
		}
	}
}

/* Most bases stand before what is made from them, so one go through the pack
 * tells most types. */
static void pass_types_down(struct pack_bases *bases)
{
	bases->forward = true;
	for (uint32_t i = 0; i < bases->count; i++) {
		uint32_t base = bases->bases[i];
		if (base == PACK_NO_BASE)
			continue;
		bases->types[i] = bases->types[base];
		bases->forward = bases->forward && base < i;
	}
}

/* Follows bases that stand behind, each entry once. In a circle nothing has a
 * type. */
static void follow_types(struct pack_bases *bases)
{
	CLEANUP(freep) unsigned char *seen = xcalloc(bases->count, 1);
	CLEANUP(freep)
	uint32_t *way = xcalloc(bases->count, sizeof(*way));
	for (uint32_t i = 0; i < bases->count; i++) {
		uint32_t steps = 0;
		uint32_t at = i;
		while (!bases->types[at] && !seen[at] &&
			bases->bases[at] != PACK_NO_BASE) {
			seen[at] = 1;
			way[steps++] = at;
			at = bases->bases[at];
		}
		while (steps)
			bases->types[way[--steps]] = bases->types[at];
	}
}

int pack_bases_new(struct pack_bases **out, const struct pack *pack,
	unsigned jobs, struct err *err)
{
	CLEANUP(pack_bases_freep)
	struct pack_bases *bases = xcalloc(1, sizeof(*bases));
	uint32_t count = pack->index.count;
	bases->count = count;
	bases->positions = xcalloc(count, sizeof(*bases->positions));
	bases->offsets = xcalloc(count, sizeof(*bases->offsets));
	bases->bases = xcalloc(count, sizeof(*bases->bases));
	bases->types = xcalloc(count, 1);
	CLEANUP(reading_clear)
	struct reading reading = {
		.out = bases,
		.pack = pack,
	};
	put_in_order(&reading);
	int rc = pool_run(
		count > RUN_LENGTH ? jobs : 1, read_heads, &reading, err);
	if (rc < 0)
		return rc;
	bases->misleads = pack_index_misleads(&pack->index);
	pass_types_down(bases);
	if (!bases->forward)
		follow_types(bases);
	*out = STEAL(bases);
	return 0;
}

void pack_bases_free(struct pack_bases *bases)
{
	if (!bases)
		return;
	free(bases->positions);
	free(bases->offsets);
	free(bases->bases);
	free(bases->types);
	free(bases);
}
