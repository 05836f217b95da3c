#include "remedy/storage.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "scanner/objects/loose.h"
#include "scanner/objects/pack_list.h"
#include "scanner/oid_map.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** A pack and where its entries begin: an entry ends where the next begins. */
struct stored_pack {
	const struct pack *pack;
	uint64_t *offsets; /* sorted; made when first asked for */
	bool kept;
};

struct stored_folder {
	char *path;
	struct pack_list list;
	struct stored_pack *packs;
};

/** The copies of one object: storage.copies[first..end). */
struct known_object {
	size_t first, end;
};

struct storage {
	struct stored_folder *folders;
	size_t count;
	/* what was asked for: an object can stand at thousands of paths */
	struct oid_map oids;
	struct known_object *known; /* by number in it */
	size_t known_count, known_capacity;
	struct stored *copies;
	size_t copy_count, copy_capacity;
};

static bool has_keep_file(const char *pack)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_add(&path, pack, strlen(pack) - strlen(".pack"));
	buf_add_text(&path, ".keep");
	return access(path.bytes, F_OK) == 0;
}

static int open_folder(struct stored_folder *folder, const char *path,
	bool *unread, struct err *err)
{
	folder->path = xstrdup(path);
	int rc = pack_list_scan(&folder->list, NULL, path, false, err);
	if (rc < 0)
		return rc;
	*unread = *unread || folder->list.foreign_count ||
		folder->list.broken.code;
	folder->packs = xcalloc(folder->list.count, sizeof(*folder->packs));
	for (size_t i = 0; i < folder->list.count; i++) {
		folder->packs[i].pack = folder->list.packs[i];
		folder->packs[i].kept =
			has_keep_file(folder->list.packs[i]->path);
	}
	return 0;
}

int storage_open(struct storage **out, const char *const *folders, bool *unread,
	struct err *err)
{
	CLEANUP(storage_freep)
	struct storage *storage = xcalloc(1, sizeof(*storage));
	size_t count = 0;
	while (folders[count])
		count++;
	storage->folders = xcalloc(count, sizeof(*storage->folders));
	*unread = false;
	for (; storage->count < count; storage->count++) {
		struct stored_folder *folder =
			&storage->folders[storage->count];
		int rc = open_folder(
			folder, folders[storage->count], unread, err);
		if (rc < 0) {
			storage->count++; /* what it has is freed too */
			return rc;
		}
	}
	*out = STEAL(storage);
	return 0;
}

void storage_free(struct storage *storage)
{
	if (!storage)
		return;
	for (size_t i = 0; i < storage->count; i++) {
		struct stored_folder *folder = &storage->folders[i];
		for (size_t p = 0; p < folder->list.count; p++)
			if (folder->packs)
				free(folder->packs[p].offsets);
		free(folder->packs);
		pack_list_clear(&folder->list);
		free(folder->path);
	}
	free(storage->folders);
	oid_map_clear(&storage->oids);
	free(storage->known);
	free(storage->copies);
	free(storage);
}

static int compare_offsets(const void *a, const void *b)
{
	const uint64_t *left = a;
	const uint64_t *right = b;
	return *left < *right ? -1 : *left > *right;
}

static void sort_offsets(struct stored_pack *stored)
{
	const struct pack_index *index = &stored->pack->index;
	stored->offsets =
		xcalloc((size_t)index->count + 1, sizeof(*stored->offsets));
	for (uint32_t i = 0; i < index->count; i++)
		stored->offsets[i] = pack_index_offset(index, i);
	stored->offsets[index->count] = stored->pack->end;
	qsort(stored->offsets, (size_t)index->count + 1,
		sizeof(*stored->offsets), compare_offsets);
}

/** Bytes from an entry's offset to the next entry's. */
static uint64_t entry_size(struct stored_pack *stored, uint64_t offset)
{
	if (!stored->offsets)
		sort_offsets(stored);
	size_t low = 0;
	size_t high = (size_t)stored->pack->index.count + 1;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (stored->offsets[middle] <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low <= stored->pack->index.count ? stored->offsets[low] - offset
						: 0;
}

static bool find_loose(
	struct stored *copy, const char *folder, const struct oid *oid)
{
	char hex[OID_HEX_SIZE + 1];
	oid_to_hex(hex, oid);
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s/%.2s/%s", folder, hex, hex + 2);
	struct stat st;
	if (lstat(path.bytes, &st) < 0 || !S_ISREG(st.st_mode))
		return false;
	copy->pack = NULL;
	copy->kept = false;
	copy->bytes = (uint64_t)st.st_size;
	return true;
}

static bool find_packed(
	struct stored *copy, struct stored_pack *stored, const struct oid *oid)
{
	uint32_t position;
	if (!pack_index_find(&position, &stored->pack->index, oid))
		return false;
	copy->pack = stored->pack->path;
	copy->kept = stored->kept;
	copy->bytes = entry_size(
		stored, pack_index_offset(&stored->pack->index, position));
	return true;
}

static void add_copy(struct storage *storage, const struct stored *copy)
{
	ARRAY_GROW(
		storage->copies, storage->copy_count, storage->copy_capacity);
	storage->copies[storage->copy_count++] = *copy;
}

static void look_for(struct storage *storage, const struct oid *oid)
{
	for (size_t i = 0; i < storage->count; i++) {
		struct stored_folder *folder = &storage->folders[i];
		struct stored copy = {
			.folder = folder->path,
			.borrowed = i > 0,
		};
		if (find_loose(&copy, folder->path, oid))
			add_copy(storage, &copy);
		for (size_t p = 0; p < folder->list.count; p++)
			if (find_packed(&copy, &folder->packs[p], oid))
				add_copy(storage, &copy);
	}
}

void storage_find(struct storage *storage, const struct oid *oid,
	void (*sink)(const struct stored *copy, void *ctx), void *ctx)
{
	bool is_new;
	uint32_t number = oid_map_add(&storage->oids, oid, &is_new);
	if (is_new) {
		struct known_object found = { .first = storage->copy_count };
		look_for(storage, oid);
		found.end = storage->copy_count;
		ARRAY_GROW(storage->known, storage->known_count,
			storage->known_capacity);
		storage->known[storage->known_count++] = found;
	}
	const struct known_object *known = &storage->known[number];
	for (size_t i = known->first; i < known->end; i++)
		sink(&storage->copies[i], ctx);
}

struct loose_sum {
	const char *folder;
	uint64_t bytes;
};

static int add_loose(const struct oid *oid, void *ctx, struct err *err)
{
	(void)err;
	struct loose_sum *sum = ctx;
	struct stored copy;
	if (find_loose(&copy, sum->folder, oid))
		sum->bytes += copy.bytes;
	return 0;
}

uint64_t storage_size(const struct storage *storage)
{
	const struct stored_folder *own = &storage->folders[0];
	struct loose_sum sum = { .folder = own->path };
	for (size_t i = 0; i < own->list.count; i++)
		sum.bytes += own->packs[i].pack->end;
	struct err ignored;
	if (loose_each(own->path, add_loose, &sum, &ignored) < 0)
		return 0; /* 0 stands for "not known" */
	return sum.bytes;
}
