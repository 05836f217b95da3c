/*
 * From what is left to what keeps it. Bits flow from the holders' tips down to
 * the commits that brought it, 64 holders at a time, so that the cost is a
 * pass over the commits for 64 holders, however much is left.
 */
#include "base/alloc.h"
#include "base/array.h"
#include "remedy/purge_search.h"

#include <stdlib.h>
#include <string.h>

static struct purge_place *add_place(
	struct purge_search *search, const struct holder *holder)
{
	ARRAY_GROW(search->places, search->place_count, search->place_capacity);
	struct purge_place *place = &search->places[search->place_count++];
	*place = (struct purge_place){ .holder = *holder };
	return place;
}

static void keep_left(struct purge_place *place, size_t number)
{
	if (place->example_count < PLACE_EXAMPLES)
		place->examples[place->example_count++] = number;
	place->left_count++;
}

/** Which of the holders from `from` on keep it. */
static uint64_t holders_of(const struct purge_search *search,
	const struct purge_left *left, const uint64_t *masks, size_t from)
{
	uint64_t mask = 0;
	for (size_t i = 0; i < left->origin_count; i++) {
		const struct purge_origin *origin =
			&search->origins[left->first_origin + i];
		if (origin->commit != ORIGIN_NO_COMMIT)
			mask |= masks[origin->commit];
		else if (origin->holder >= from && origin->holder - from < 64)
			mask |= (uint64_t)1 << (origin->holder - from);
	}
	return mask;
}

/** Places of the holders from `from` on, up to 64 of them. */
static void add_holders(struct purge_search *search,
	const struct inventory *inventory, const uint64_t *masks, size_t from)
{
	const struct holders *holders = &inventory->holders;
	size_t first = search->place_count;
	for (size_t h = from; h < from + 64 && h < holders->count; h++)
		add_place(search, &holders->items[h]);
	for (size_t i = 0; i < search->left_count; i++) {
		uint64_t mask =
			holders_of(search, &search->left[i], masks, from);
		search->left[i].named = search->left[i].named || mask;
		for (; mask; mask &= mask - 1)
			keep_left(&search->places[first +
					  (size_t)__builtin_ctzll(mask)],
				i);
	}
	size_t kept = first;
	for (size_t p = first; p < search->place_count; p++)
		if (search->places[p].left_count)
			search->places[kept++] = search->places[p];
	search->place_count = kept;
}

/* Packs, loose files, alternates. */

struct store_context {
	struct purge_search *search;
	size_t first_store; /* in search->places */
	size_t left;        /* number of what is looked for */
};

static void keep_in_store(
	struct store_context *context, int kind, const char *name)
{
	struct purge_search *search = context->search;
	for (size_t i = context->first_store; i < search->place_count; i++) {
		struct purge_place *place = &search->places[i];
		if (place->holder.kind == kind &&
			!strcmp(place->holder.name, name)) {
			keep_left(place, context->left);
			return;
		}
	}
	const struct holder *holder =
		holders_add(&search->stores, kind, name, NULL);
	keep_left(add_place(search, holder), context->left);
}

/** Where a copy lies matters when nothing names the object, when the pack is
 * kept whatever names it, and when it is somebody else's. */
static void take_copy(const struct stored *copy, void *ctx)
{
	struct store_context *context = ctx;
	bool named = context->search->left[context->left].named;
	if (copy->borrowed)
		keep_in_store(context, HOLDER_ALTERNATE, copy->folder);
	else if (copy->kept)
		keep_in_store(context, HOLDER_KEPT_PACK, copy->pack);
	else if (!named && copy->pack)
		keep_in_store(context, HOLDER_PACK, copy->pack);
	else if (!named)
		keep_in_store(context, HOLDER_LOOSE, copy->folder);
}

static void add_stores(struct purge_search *search)
{
	struct store_context context = {
		.search = search,
		.first_store = search->place_count,
	};
	for (size_t i = 0; i < search->left_count; i++) {
		context.left = i;
		if (search->left[i].what == LEFT_LFS)
			keep_in_store(
				&context, HOLDER_LFS, search->left[i].path);
		else if (search->left[i].what != LEFT_REF)
			storage_find(search->storage, &search->left[i].oid,
				take_copy, &context);
	}
}

static int compare_places(const void *a, const void *b)
{
	const struct purge_place *left = a;
	const struct purge_place *right = b;
	return strcmp(left->holder.key, right->holder.key);
}

void purge_places_make(
	struct purge_search *search, const struct inventory *inventory)
{
	if (!search->left_count)
		return;
	CLEANUP(freep)
	uint64_t *masks = xcalloc(inventory->history.count, sizeof(*masks));
	for (size_t h = 0; h < inventory->holders.count; h += 64) {
		inventory_reach(masks, inventory, h);
		add_holders(search, inventory, masks, h);
	}
	add_stores(search);
	if (search->place_count)
		qsort(search->places, search->place_count,
			sizeof(*search->places), compare_places);
}
