/*
 * objects_each(): finds out which pack has which of the wanted objects, by one
 * merge of the sorted ids with each index, and plans them all. What no pack
 * has, and what is only a small part of its pack, is read one by one.
 */
#include "scanner/objects/objects.h"

#include "base/alloc.h"
#include "scanner/objects/pack_each.h"
#include "scanner/objects/store.h"

#include <stdlib.h>
#include <string.h>

/* To plan a pack takes time for each of its entries, wanted or not, but to read
 * an object by itself takes a thousand times as long, for all the bases of it:
 * less than one in so many is read one by one. */
#define PLAN_SHARE 1024

/* The wanted ids in order, and which of them a plan has. */
struct claims {
	const struct oid *wanted;
	size_t count;
	uint32_t *order;        /* NULL: `wanted` is sorted */
	unsigned char *claimed; /* a byte for each, in sorted order */
};

static void claims_clear(struct claims *claims)
{
	free(claims->order);
	free(claims->claimed);
}

/* The place among the wanted of one in sorted order. */
static uint32_t claims_place(const struct claims *claims, size_t i)
{
	return claims->order ? claims->order[i] : (uint32_t)i;
}

static const struct oid *claims_at(const struct claims *claims, size_t i)
{
	return &claims->wanted[claims_place(claims, i)];
}

static int by_oid(const void *a, const void *b, void *ctx)
{
	const struct oid *wanted = ctx;
	return oid_compare(
		&wanted[*(const uint32_t *)a], &wanted[*(const uint32_t *)b]);
}

static size_t slot_of(const struct oid *oid)
{
	return (size_t)oid->bytes[0] << 8 | oid->bytes[1];
}

/* Ids are hashes: by their first two bytes they are almost in order. */
static uint32_t *sort_ids(const struct oid *wanted, size_t count)
{
	enum { SLOTS = 1 << 16 };
	uint32_t *order = xcalloc(count, sizeof(*order));
	CLEANUP(freep) uint32_t *ends = xcalloc(SLOTS, sizeof(*ends));
	for (size_t i = 0; i < count; i++)
		ends[slot_of(&wanted[i])]++;
	for (size_t slot = 1; slot < SLOTS; slot++)
		ends[slot] += ends[slot - 1];
	for (size_t i = count; i-- > 0;)
		order[--ends[slot_of(&wanted[i])]] = (uint32_t)i;
	/* they are the starts now */
	for (size_t slot = 0; slot < SLOTS; slot++) {
		size_t end = slot + 1 < SLOTS ? ends[slot + 1] : count;
		size_t len = end - ends[slot];
		if (len > 1)
			qsort_r(order + ends[slot], len, sizeof(*order), by_oid,
				(void *)(uintptr_t)wanted);
	}
	return order;
}

static bool is_sorted(const struct oid *wanted, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (oid_compare(&wanted[i - 1], &wanted[i]) > 0)
			return false;
	}
	return true;
}

/* What one pack has of the objects that no other pack was planned for. */
struct share {
	uint32_t *places;  /* among the wanted, by position in its index */
	uint32_t *matches; /* numbers in the claims */
	uint32_t count;
};

static void share_clear(struct share *share)
{
	free(share->places);
	free(share->matches);
}

static void add_match(struct share *share, const struct claims *claims,
	size_t i, uint32_t position)
{
	if (claims->claimed[i])
		return;
	share->places[position] = claims_place(claims, i);
	share->matches[share->count++] = (uint32_t)i;
}

/* The first place from `low` on whose id is not below `oid`; near ones are
 * found in few steps. */
static size_t advance(
	const struct claims *claims, size_t low, const struct oid *oid)
{
	size_t step = 1;
	size_t high = low;
	while (high < claims->count &&
		oid_compare(claims_at(claims, high), oid) < 0) {
		low = high + 1;
		high += step;
		step *= 2;
	}
	if (high > claims->count)
		high = claims->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (oid_compare(claims_at(claims, middle), oid) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Looks for the shorter list in the longer one. */
static void match(struct share *share, const struct claims *claims,
	const struct pack_index *index)
{
	if (claims->count < index->count / 16) {
		for (size_t i = 0; i < claims->count; i++) {
			uint32_t at;
			if (pack_index_find(&at, index, claims_at(claims, i)))
				add_match(share, claims, i, at);
		}
		return;
	}
	size_t i = 0;
	for (uint32_t at = 0; at < index->count; at++) {
		const struct oid *oid = pack_index_oid(index, at);
		i = advance(claims, i, oid);
		if (i == claims->count)
			return;
		if (oid_equal(claims_at(claims, i), oid))
			add_match(share, claims, i++, at);
	}
}

/* What a run needs, and is freed after it. */
struct each {
	struct claims claims;
	struct pack_plan **plans;
	size_t plan_count;
	uint32_t *singles;
	size_t single_count;
};

static void each_clear(struct each *each)
{
	for (size_t i = 0; i < each->plan_count; i++)
		pack_plan_free(each->plans[i]);
	free(each->plans);
	free(each->singles);
	claims_clear(&each->claims);
}

/* A plan for what a pack has of the wanted; none when that is too little. */
static int claim(
	struct each *each, struct pack *pack, unsigned jobs, struct err *err)
{
	struct claims *claims = &each->claims;
	const struct pack_index *index = &pack->index;
	size_t most =
		claims->count < index->count ? claims->count : index->count;
	CLEANUP(share_clear)
	struct share share = {
		.places = xcalloc(index->count, sizeof(uint32_t)),
		.matches = xcalloc(most, sizeof(uint32_t)),
	};
	for (uint32_t at = 0; at < index->count; at++)
		share.places[at] = PLAN_NO_PLACE;
	match(&share, claims, index);
	if (share.count <= index->count / PLAN_SHARE)
		return 0;
	for (uint32_t i = 0; i < share.count; i++)
		claims->claimed[share.matches[i]] = 1;
	int rc = pack_know_bases(pack, jobs, err);
	if (rc == 0)
		each->plans[each->plan_count++] =
			pack_plan_new(pack, share.places);
	return rc;
}

static int plan_packs(struct each *each, const struct pack_list *packs,
	unsigned jobs, struct err *err)
{
	struct claims *claims = &each->claims;
	if (!is_sorted(claims->wanted, claims->count))
		claims->order = sort_ids(claims->wanted, claims->count);
	claims->claimed = xcalloc(claims->count, 1);
	each->plans = xcalloc(packs->count, sizeof(struct pack_plan *));
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < packs->count; i++)
		rc = claim(each, packs->packs[i], jobs, err);
	return rc;
}

static void collect_singles(struct each *each)
{
	const struct claims *claims = &each->claims;
	size_t left = 0;
	for (size_t i = 0; i < claims->count; i++)
		left += !claims->claimed[i];
	each->singles = xcalloc(left, sizeof(*each->singles));
	for (size_t i = 0; i < claims->count; i++) {
		if (!claims->claimed[i])
			each->singles[each->single_count++] =
				claims_place(claims, i);
	}
}

int objects_each(const struct objects *objects, const struct oid *wanted,
	size_t count, unsigned jobs, object_sink *sink, void *const *contexts,
	struct err *err)
{
	if (count >= UINT32_MAX)
		return err_set(err, ERR_LIMIT, "too many objects");
	CLEANUP(each_clear)
	struct each each = {
		.claims = { .wanted = wanted, .count = count },
	};
	int rc = plan_packs(&each, &objects->packs, jobs, err);
	if (rc < 0)
		return rc;
	collect_singles(&each);
	struct bulk bulk = {
		.objects = objects,
		.wanted = wanted,
		.plans = each.plans,
		.plan_count = each.plan_count,
		.singles = each.singles,
		.single_count = each.single_count,
		.jobs = jobs ? jobs : 1,
		.sink = sink,
		.contexts = contexts,
	};
	claims_clear(&each.claims);
	each.claims = (struct claims){ 0 };
	return bulk_run(&bulk, err);
}
