#include "scanner/objects/objects.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/objects/loose.h"
#include "scanner/objects/store.h"

#include <stdlib.h>
#include <string.h>

int objects_open(
	struct objects **out, const struct objects_opts *opts, struct err *err)
{
	CLEANUP(objects_freep)
	struct objects *objects = xcalloc(1, sizeof(*objects));
	objects->max_object_size = opts->max_object_size;
	objects->verify = opts->verify;
	objects->libgit2_only = opts->libgit2_only;
	while (opts->dirs[objects->folder_count])
		objects->folder_count++;
	objects->folders =
		xcalloc(objects->folder_count, sizeof(*objects->folders));
	for (size_t i = 0; i < objects->folder_count; i++) {
		objects->folders[i] = xstrdup(opts->dirs[i]);
		int rc = pack_list_scan(&objects->packs, NULL,
			objects->folders[i], opts->libgit2_only, err);
		if (rc < 0)
			return rc;
	}
	*out = STEAL(objects);
	return 0;
}

void objects_free(struct objects *objects)
{
	if (!objects)
		return;
	pack_list_clear(&objects->packs);
	for (size_t i = 0; i < objects->folder_count; i++)
		free(objects->folders[i]);
	free(objects->folders);
	free(objects);
}

static bool is_packed(const struct objects *objects, const struct oid *oid)
{
	uint32_t position;
	for (size_t i = 0; i < objects->packs.count; i++)
		if (pack_index_find(
			    &position, &objects->packs.packs[i]->index, oid))
			return true;
	return false;
}

static bool is_loose(const struct objects *objects, const struct oid *oid)
{
	struct loose_header header;
	struct err ignored;
	for (size_t i = 0; i < objects->folder_count; i++)
		if (loose_peek(&header, objects->folders[i], oid, &ignored) ==
			0)
			return true;
	return false;
}

const struct err *objects_broken(const struct objects *objects)
{
	const struct err *broken = &objects->packs.broken;
	return broken->code ? broken : NULL;
}

const char *objects_misled(const struct objects *objects)
{
	for (size_t i = 0; i < objects->packs.count; i++) {
		const struct pack *pack = objects->packs.packs[i];
		if (pack->bases && pack->bases->misleads)
			return pack->path;
	}
	return NULL;
}

void objects_have(bool *present, const struct objects *objects,
	const struct oid *wanted, size_t count)
{
	for (size_t i = 0; i < count; i++)
		present[i] = is_packed(objects, &wanted[i]) ||
			is_loose(objects, &wanted[i]);
}

/* A list of names that grows. */
struct names {
	struct object_name *items;
	size_t count;
	size_t capacity;
};

static void names_clear(struct names *names)
{
	free(names->items);
}

static void add_name(
	struct names *names, const struct oid *oid, unsigned char type)
{
	ARRAY_GROW(names->items, names->count, names->capacity);
	names->items[names->count++] =
		(struct object_name){ .oid = *oid, .type = type };
}

static int list_pack(
	struct names *names, struct pack *pack, unsigned jobs, struct err *err)
{
	int rc = pack_know_bases(pack, jobs, err);
	if (rc < 0)
		return rc;
	const struct pack_bases *bases = pack->bases;
	struct object_name *items = xreallocarray(names->items,
		names->count + bases->count, sizeof(*names->items));
	names->items = items;
	items += names->count;
	for (uint32_t i = 0; i < bases->count; i++)
		items[i].oid = *pack_index_oid(&pack->index, i);
	for (uint32_t i = 0; i < bases->count; i++)
		items[bases->positions[i]].type = bases->types[i];
	names->count += bases->count;
	names->capacity = names->count;
	return 0;
}

struct loose_listing {
	struct names *names;
	const char *folder;
};

static int list_loose(const struct oid *oid, void *ctx, struct err *err)
{
	struct loose_listing *listing = ctx;
	struct loose_header header = { 0 };
	(void)err;
	struct err ignored;
	if (loose_peek(&header, listing->folder, oid, &ignored) < 0)
		header.type = 0;
	add_name(listing->names, oid, (unsigned char)header.type);
	return 0;
}

/* By id; of the same id, those whose type is known come first. */
static int by_oid_and_type(const void *a, const void *b)
{
	const struct object_name *left = a;
	const struct object_name *right = b;
	int order = oid_compare(&left->oid, &right->oid);
	return order ? order : right->type - left->type;
}

static bool is_sorted(const struct names *names)
{
	for (size_t i = 1; i < names->count; i++)
		if (by_oid_and_type(&names->items[i - 1], &names->items[i]) > 0)
			return false;
	return true;
}

static void sort_and_dedupe(struct names *names)
{
	if (!names->count)
		return;
	if (!is_sorted(names)) /* one pack is */
		qsort(names->items, names->count, sizeof(names->items[0]),
			by_oid_and_type);
	size_t kept = 1;
	for (size_t i = 1; i < names->count; i++) {
		if (!oid_equal(
			    &names->items[i].oid, &names->items[kept - 1].oid))
			names->items[kept++] = names->items[i];
	}
	names->count = kept;
}

int objects_list(struct object_name **out, size_t *count,
	const struct objects *objects, unsigned jobs, struct err *err)
{
	CLEANUP(names_clear) struct names names = { 0 };
	for (size_t i = 0; i < objects->packs.count; i++) {
		int rc = list_pack(&names, objects->packs.packs[i], jobs, err);
		if (rc < 0)
			return rc;
	}
	for (size_t i = 0; i < objects->folder_count; i++) {
		struct loose_listing listing = { &names, objects->folders[i] };
		int rc = loose_each(
			objects->folders[i], list_loose, &listing, err);
		if (rc < 0)
			return rc;
	}
	sort_and_dedupe(&names);
	*count = names.count;
	*out = STEAL(names.items);
	return 0;
}
