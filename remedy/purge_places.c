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

/* What is left, ordered so that the paths of one object follow each other. */
struct object_order {
	size_t *numbers; /* in search->left */
	size_t *objects; /* of each of `numbers`; from 1 */
};

static void object_order_clear(struct object_order *order)
{
	free(order->numbers);
	free(order->objects);
}

static int compare_objects(const void *a, const void *b, void *ctx)
{
	const struct purge_left *left = ctx;
	const size_t *first = a;
	const size_t *second = b;
	int order = oid_compare(&left[*first].oid, &left[*second].oid);
	return order ? order : (*first > *second) - (*first < *second);
}

/* A file of Git LFS is an object by itself, and so is the name of a ref. */
static bool is_same_object(
	const struct purge_left *left, const struct purge_left *other)
{
	return !oid_is_zero(&left->oid) && oid_equal(&left->oid, &other->oid);
}

static void order_by_object(
	struct object_order *out, const struct purge_search *search)
{
	size_t count = search->left_count;
	out->numbers = xcalloc(count, sizeof(*out->numbers));
	out->objects = xcalloc(count, sizeof(*out->objects));
	for (size_t i = 0; i < count; i++)
		out->numbers[i] = i;
	qsort_r(out->numbers, count, sizeof(*out->numbers), compare_objects,
		search->left);
	size_t object = 0;
	for (size_t i = 0; i < count; i++) {
		const struct purge_left *left = &search->left[out->numbers[i]];
		object += !i ||
			!is_same_object(
				left, &search->left[out->numbers[i - 1]]);
		out->objects[i] = object;
	}
}

static size_t count_objects(
	const struct purge_search *search, const struct object_order *order)
{
	size_t count = 0;
	for (size_t i = 0; i < search->left_count; i++)
		if (search->left[order->numbers[i]].what != LEFT_REF)
			count += !i ||
				order->objects[i] != order->objects[i - 1];
	return count;
}

/* Keeps the first ones in the order of search->left. */
static void add_example(struct purge_place *place, size_t number)
{
	if (place->example_count < PLACE_EXAMPLES)
		place->example_count++;
	else if (place->examples[PLACE_EXAMPLES - 1] < number)
		return;
	size_t at = place->example_count - 1;
	for (; at && place->examples[at - 1] > number; at--)
		place->examples[at] = place->examples[at - 1];
	place->examples[at] = number;
}

/* Comes in the order of the objects. */
static void keep_left(struct purge_place *place, size_t number, size_t object)
{
	add_example(place, number);
	if (place->last_object == object)
		return;
	place->last_object = object;
	place->object_count++;
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
	const struct object_order *order, const struct inventory *inventory,
	const uint64_t *masks, size_t from)
{
	const struct holders *holders = &inventory->holders;
	size_t first = search->place_count;
	for (size_t h = from; h < from + 64 && h < holders->count; h++)
		add_place(search, &holders->items[h]);
	for (size_t i = 0; i < search->left_count; i++) {
		size_t number = order->numbers[i];
		struct purge_left *left = &search->left[number];
		uint64_t mask = holders_of(search, left, masks, from);
		left->named = left->named || mask;
		for (; mask; mask &= mask - 1)
			keep_left(&search->places[first +
					  (size_t)__builtin_ctzll(mask)],
				number, order->objects[i]);
	}
	size_t kept = first;
	for (size_t p = first; p < search->place_count; p++)
		if (search->places[p].object_count)
			search->places[kept++] = search->places[p];
	search->place_count = kept;
}

/* Packs, loose files, alternates. */

struct store_context {
	struct purge_search *search;
	size_t first_store; /* in search->places */
	size_t left;        /* number of what is looked for */
	size_t object;      /* that it is */
};

static void keep_in_store(
	struct store_context *context, int kind, const char *name)
{
	struct purge_search *search = context->search;
	for (size_t i = context->first_store; i < search->place_count; i++) {
		struct purge_place *place = &search->places[i];
		if (place->holder.kind == kind &&
			!strcmp(place->holder.name, name)) {
			keep_left(place, context->left, context->object);
			return;
		}
	}
	const struct holder *holder =
		holders_add(&search->stores, kind, name, NULL);
	keep_left(add_place(search, holder), context->left, context->object);
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

static void add_stores(
	struct purge_search *search, const struct object_order *order)
{
	struct store_context context = {
		.search = search,
		.first_store = search->place_count,
	};
	for (size_t i = 0; i < search->left_count; i++) {
		context.left = order->numbers[i];
		context.object = order->objects[i];
		const struct purge_left *left = &search->left[context.left];
		if (left->what == LEFT_LFS)
			keep_in_store(&context, HOLDER_LFS, left->path);
		else if (left->what != LEFT_REF)
			storage_find(search->storage, &left->oid, take_copy,
				&context);
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
	CLEANUP(object_order_clear) struct object_order order = { 0 };
	order_by_object(&order, search);
	search->object_count = count_objects(search, &order);
	CLEANUP(freep)
	uint64_t *masks = xcalloc(inventory->history.count, sizeof(*masks));
	for (size_t h = 0; h < inventory->holders.count; h += 64) {
		inventory_reach(masks, inventory, h);
		add_holders(search, &order, inventory, masks, h);
	}
	add_stores(search, &order);
	if (search->place_count)
		qsort(search->places, search->place_count,
			sizeof(*search->places), compare_places);
}
