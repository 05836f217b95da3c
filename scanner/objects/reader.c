/*
 * One object at a time. A chain of deltas is followed upwards to an object
 * that is cached or no delta, then built downwards, and every object on the
 * way stays in the cache for its siblings.
 */
#include "scanner/objects/store.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/objects/base_cache.h"
#include "scanner/objects/delta.h"
#include "scanner/objects/git2_packs.h"
#include "scanner/objects/loose.h"

#include <assert.h>
#include <nettle/sha1.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define CACHE_SIZE ((size_t)32 << 20)
#define MAX_LOOKS  16 /* a partial clone misses many objects */

/* A delta between an object that is asked for and its first ancestor. */
struct link {
	const struct pack *pack;
	struct pack_entry entry;
};

struct objects_reader {
	const struct objects *objects;
	struct pack_inflaters inflaters;
	struct base_cache *cache;
	struct link *chain;
	size_t chain_count;
	size_t chain_capacity;
	unsigned char *delta; /* an inflated delta */
	size_t delta_capacity;
	struct delta_copies copies;   /* of the last one that was applied */
	struct body *last;            /* what objects_read() lent out */
	const struct pack *last_pack; /* had the last object: ask it first */
	struct pack_list late;        /* packs that came after objects_open() */
	unsigned looks;               /* for packs that came later */
	struct git2_packs *git2;      /* NULL: not needed so far */
};

int objects_reader_new(struct objects_reader **out,
	const struct objects *objects, struct err *err)
{
	CLEANUP(objects_reader_freep)
	struct objects_reader *reader = xcalloc(1, sizeof(*reader));
	reader->objects = objects;
	int rc = pack_inflaters_init(&reader->inflaters, err);
	if (rc < 0)
		return rc;
	reader->cache = base_cache_new(CACHE_SIZE);
	*out = STEAL(reader);
	return 0;
}

void objects_reader_free(struct objects_reader *reader)
{
	if (!reader)
		return;
	body_release(reader->last);
	base_cache_free(reader->cache);
	pack_inflaters_clear(&reader->inflaters);
	git2_packs_free(reader->git2);
	pack_list_clear(&reader->late);
	free(reader->chain);
	free(reader->delta);
	free(reader->copies.items);
	free(reader);
}

void object_hash(struct oid *out, enum object_type type,
	const unsigned char *bytes, size_t len)
{
	static const char names[][8] = { "", "commit", "tree", "blob", "tag" };
	char header[32];
	int header_len =
		snprintf(header, sizeof(header), "%s %zu", names[type], len);
	struct sha1_ctx sha1;
	sha1_init(&sha1);
	sha1_update(&sha1, (size_t)header_len + 1, (const uint8_t *)header);
	sha1_update(&sha1, len, bytes);
	sha1_digest(&sha1, OID_SIZE, out->bytes);
}

int built_verify(
	const struct built *built, const struct oid *oid, struct err *err)
{
	struct oid found;
	object_hash(&found, built->type, built->body->bytes, built->body->len);
	if (oid_equal(&found, oid))
		return 0;
	char hex[OID_HEX_SIZE + 1];
	oid_to_hex(hex, oid);
	return err_set(err, ERR_CORRUPT, "%s: content has another id", hex);
}

static int too_large(const struct pack *pack, const struct pack_entry *entry,
	struct err *err)
{
	pack_corrupt(
		pack, entry->offset, "object, base or delta too large", err);
	err->code = ERR_LIMIT;
	return ERR_LIMIT;
}

static int inflate_delta(struct delta *out, struct objects_reader *reader,
	const struct pack *pack, const struct pack_entry *entry,
	struct err *err)
{
	size_t size = (size_t)entry->size;
	if (size > SIZE_MAX - PACK_INFLATE_ROOM)
		return too_large(pack, entry, err);
	size_t wanted = size + PACK_INFLATE_ROOM;
	if (wanted > reader->delta_capacity) {
		unsigned char *grown = realloc(reader->delta, wanted);
		if (!grown)
			return too_large(pack, entry, err);
		reader->delta = grown;
		reader->delta_capacity = wanted;
	}
	int rc = pack_inflate(
		reader->delta, pack, entry, &reader->inflaters, err);
	if (rc < 0)
		return rc;
	if (!delta_parse(out, reader->delta, size))
		return pack_corrupt(pack, entry->offset, "bad delta", err);
	return 0;
}

static int build_delta(struct body **out, struct objects_reader *reader,
	const struct pack *pack, const struct pack_entry *entry,
	const struct body *base, struct err *err)
{
	struct delta delta;
	assert(base);
	int rc = inflate_delta(&delta, reader, pack, entry, err);
	if (rc < 0)
		return rc;
	if (delta.result_size > reader->objects->max_object_size)
		return too_large(pack, entry, err);
	if (delta.base_size != base->len)
		return pack_corrupt(pack, entry->offset,
			"delta is for a base of another size", err);
	CLEANUP(body_releasep)
	struct body *body = body_new(delta.result_size, 0);
	if (!body)
		return too_large(pack, entry, err);
	if (!delta_apply(body->bytes, &delta, base->bytes, &reader->copies))
		return pack_corrupt(pack, entry->offset, "bad delta", err);
	*out = STEAL(body);
	return 0;
}

const struct delta_copies *reader_copies(const struct objects_reader *reader)
{
	return &reader->copies;
}

int reader_build(struct body **out, struct objects_reader *reader,
	const struct pack *pack, const struct pack_entry *entry,
	const struct body *base, struct err *err)
{
	if (entry->size > reader->objects->max_object_size)
		return too_large(pack, entry, err);
	if (pack_entry_is_delta(entry))
		return build_delta(out, reader, pack, entry, base, err);
	CLEANUP(body_releasep)
	struct body *body = body_new((size_t)entry->size, PACK_INFLATE_ROOM);
	if (!body)
		return too_large(pack, entry, err);
	int rc =
		pack_inflate(body->bytes, pack, entry, &reader->inflaters, err);
	if (rc < 0)
		return rc;
	*out = STEAL(body);
	return 0;
}

/* Walks over the packs that have an object, the last used one first. */
struct copies {
	size_t next;
	const struct pack *pack;
	uint64_t offset;
};

static bool take_copy(
	struct copies *copies, const struct pack *pack, const struct oid *oid)
{
	uint32_t position;
	if (!pack || !pack_index_find(&position, &pack->index, oid))
		return false;
	copies->pack = pack;
	copies->offset = pack_index_offset(&pack->index, position);
	return true;
}

static bool next_copy(struct copies *copies,
	const struct objects_reader *reader, const struct oid *oid)
{
	const struct pack_list *first = &reader->objects->packs;
	const struct pack_list *late = &reader->late;
	if (copies->next == 0) {
		copies->next = 1;
		if (take_copy(copies, reader->last_pack, oid))
			return true;
	}
	while (copies->next <= first->count + late->count) {
		size_t i = copies->next++ - 1;
		const struct pack *pack = i < first->count
			? first->packs[i]
			: late->packs[i - first->count];
		if (pack != reader->last_pack && take_copy(copies, pack, oid))
			return true;
	}
	return false;
}

static int read_loose(struct built *out, struct objects_reader *reader,
	const struct oid *oid, struct err *err)
{
	const struct objects *objects = reader->objects;
	int rc = ERR_NOT_FOUND;
	for (size_t i = 0; i < objects->folder_count; i++) {
		struct loose_header header = { 0 };
		struct err here = { 0 };
		int found = loose_read(&out->body, &header, objects->folders[i],
			oid, objects->max_object_size, &here);
		out->type = header.type;
		out->claimed = header.size;
		if (found == 0 || found == ERR_LIMIT) {
			*err = here;
			return found;
		}
		if (found != ERR_NOT_FOUND && rc == ERR_NOT_FOUND) {
			rc = found;
			*err = here;
		}
	}
	return rc;
}

static int read_foreign(struct built *out, struct objects_reader *reader,
	const struct oid *oid, struct err *err)
{
	const struct pack_list *packs = &reader->objects->packs;
	if (!packs->foreign_count)
		return ERR_NOT_FOUND;
	if (!reader->git2) {
		int rc = git2_packs_new(&reader->git2, packs->foreign,
			packs->foreign_count, err);
		if (rc < 0)
			return rc;
	}
	return git2_packs_read(&out->body, &out->type, &out->claimed,
		reader->git2, oid, reader->objects->max_object_size, err);
}

/* Pushes the delta and finds where its base begins: 0 when that is an entry,
 * 1 when the base was read whole into *out. */
static int follow(struct built *out, const struct pack **pack, uint64_t *offset,
	struct objects_reader *reader, const struct pack_entry *entry,
	struct err *err)
{
	if (reader->chain_count >= PACK_MAX_DEPTH)
		return pack_corrupt(*pack, entry->offset,
			"chain of deltas is too long or a circle", err);
	ARRAY_GROW(reader->chain, reader->chain_count, reader->chain_capacity);
	reader->chain[reader->chain_count++] =
		(struct link){ .pack = *pack, .entry = *entry };
	if (entry->type == PACK_OFS_DELTA) {
		*offset = entry->base_offset;
		return 0;
	}
	struct copies copies = { 0 };
	if (take_copy(&copies, *pack, entry->base) ||
		next_copy(&copies, reader, entry->base)) {
		*pack = copies.pack;
		*offset = copies.offset;
		return 0;
	}
	int rc = read_loose(out, reader, entry->base, err);
	if (rc == ERR_NOT_FOUND)
		rc = read_foreign(out, reader, entry->base, err);
	if (rc == ERR_NOT_FOUND)
		return pack_corrupt(
			*pack, entry->offset, "base is missing", err);
	return rc < 0 ? rc : 1;
}

/* Follows the chain up; *out is the first object that is no delta. */
static int climb(struct built *out, struct objects_reader *reader,
	const struct pack *pack, uint64_t offset, struct err *err)
{
	for (;;) {
		out->body =
			base_cache_get(reader->cache, pack, offset, &out->type);
		if (out->body)
			return 0;
		struct pack_entry entry;
		int rc = pack_entry_at(&entry, pack, offset, err);
		if (rc < 0)
			return rc;
		if (!pack_entry_is_delta(&entry)) {
			out->type = (enum object_type)entry.type;
			rc = reader_build(
				&out->body, reader, pack, &entry, NULL, err);
			if (rc < 0)
				return rc;
			base_cache_put(reader->cache, pack, offset, out->type,
				out->body);
			return 0;
		}
		rc = follow(out, &pack, &offset, reader, &entry, err);
		if (rc != 0)
			return rc < 0 ? rc : 0;
	}
}

static int descend(
	struct built *out, struct objects_reader *reader, struct err *err)
{
	while (reader->chain_count) {
		const struct link *link = &reader->chain[--reader->chain_count];
		struct body *body = NULL;
		int rc = reader_build(&body, reader, link->pack, &link->entry,
			out->body, err);
		if (rc < 0)
			return rc;
		body_release(out->body);
		out->body = body;
		base_cache_put(reader->cache, link->pack, link->entry.offset,
			out->type, body);
	}
	return 0;
}

static size_t claimed_at(const struct pack *pack, uint64_t offset)
{
	struct pack_entry entry;
	struct err ignored;
	if (pack_entry_at(&entry, pack, offset, &ignored) < 0)
		return 0;
	return pack_claimed_size(pack, &entry);
}

int reader_read_entry(struct built *out, struct objects_reader *reader,
	const struct pack *pack, uint64_t offset, struct err *err)
{
	*out = (struct built){ 0 };
	reader->chain_count = 0;
	int rc = climb(out, reader, pack, offset, err);
	if (rc == 0)
		rc = descend(out, reader, err);
	if (rc == 0)
		return 0;
	body_release(STEAL(out->body));
	if (rc == ERR_LIMIT)
		out->claimed = claimed_at(pack, offset);
	return rc;
}

/* Takes a copy that was read if it is what was asked for. */
static int accept_copy(struct built *out, const struct objects_reader *reader,
	const struct oid *oid, int rc, struct err *err)
{
	if (rc < 0 || !reader->objects->verify)
		return rc;
	rc = built_verify(out, oid, err);
	if (rc < 0)
		body_release(STEAL(out->body));
	return rc;
}

/* Whether a copy settles the question, or another may do better. */
static bool is_final(int rc)
{
	return rc == 0 || rc == ERR_LIMIT;
}

/* Keeps the first error that says more than that there is nothing. */
static void note(int *rc, struct err *err, int new_rc, const struct err *new)
{
	if (*rc == ERR_NOT_FOUND && new_rc != ERR_NOT_FOUND) {
		*rc = new_rc;
		*err = *new;
	}
}

static int read_packed(struct built *out, struct objects_reader *reader,
	const struct oid *oid, const struct pack *except, struct err *err)
{
	int rc = ERR_NOT_FOUND;
	struct copies copies = { 0 };
	while (next_copy(&copies, reader, oid)) {
		struct err here = { 0 };
		if (copies.pack == except)
			continue;
		int found = reader_read_entry(
			out, reader, copies.pack, copies.offset, &here);
		found = accept_copy(out, reader, oid, found, &here);
		if (is_final(found)) {
			reader->last_pack = copies.pack;
			*err = here;
			return found;
		}
		note(&rc, err, found, &here);
	}
	return rc;
}

/* Tries packs, then loose objects, then packs that only libgit2 knows. */
static int read_known(struct built *out, struct objects_reader *reader,
	const struct oid *oid, const struct pack *except, struct err *err)
{
	static int (*const ways[])(struct built *, struct objects_reader *,
		const struct oid *,
		struct err *) = { read_loose, read_foreign };
	int rc = read_packed(out, reader, oid, except, err);
	for (size_t i = 0; i < ARRAY_SIZE(ways) && !is_final(rc); i++) {
		struct err here = { 0 };
		int found = ways[i](out, reader, oid, &here);
		found = accept_copy(out, reader, oid, found, &here);
		if (is_final(found)) {
			*err = here;
			return found;
		}
		note(&rc, err, found, &here);
	}
	return rc;
}

/* gc may have moved the object to a pack that was not there before. */
static int look_again(struct objects_reader *reader, struct err *err)
{
	const struct objects *objects = reader->objects;
	reader->looks++;
	if (objects->libgit2_only)
		return 0;
	for (size_t i = 0; i < objects->folder_count; i++) {
		int rc = pack_list_scan(&reader->late, &objects->packs,
			objects->folders[i], false, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int not_found(const struct objects_reader *reader, const struct oid *oid,
	struct err *err)
{
	const struct err *broken = &reader->objects->packs.broken;
	char hex[OID_HEX_SIZE + 1];
	oid_to_hex(hex, oid);
	if (broken->code)
		return err_set(err, ERR_NOT_FOUND, "%s: no such object (%s)",
			hex, broken->msg);
	return err_set(err, ERR_NOT_FOUND, "%s: no such object", hex);
}

int reader_read_except(struct built *out, struct objects_reader *reader,
	const struct oid *oid, const struct pack *except, struct err *err)
{
	*out = (struct built){ 0 };
	int rc = read_known(out, reader, oid, except, err);
	if (rc == ERR_NOT_FOUND && reader->looks < MAX_LOOKS) {
		rc = look_again(reader, err);
		if (rc < 0)
			return rc;
		rc = read_known(out, reader, oid, except, err);
	}
	return rc == ERR_NOT_FOUND ? not_found(reader, oid, err) : rc;
}

int objects_read(struct object *out, struct objects_reader *reader,
	const struct oid *oid, struct err *err)
{
	struct built built;
	*out = (struct object){ .oid = oid };
	body_release(STEAL(reader->last));
	int rc = reader_read_except(&built, reader, oid, NULL, err);
	if (rc == ERR_LIMIT)
		out->len = built.claimed;
	if (rc < 0)
		return rc;
	assert(built.body);
	reader->last = built.body;
	out->type = built.type;
	out->bytes = built.body->bytes;
	out->len = built.body->len;
	return 0;
}
