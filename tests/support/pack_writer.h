/*
 * Writes packs, indexes and loose objects for tests, wrong ones above all: the
 * size, type, base and id of an entry are what the test says, true or not.
 */
#ifndef TESTS_SUPPORT_PACK_WRITER_H
#define TESTS_SUPPORT_PACK_WRITER_H

#include "base/buf.h"
#include "scanner/objects/objects.h"

#include <stdint.h>

struct written_entry {
	struct oid oid;
	uint64_t offset;
};

struct pack_writer {
	struct buf pack;
	struct written_entry *entries;
	size_t count;
	size_t capacity;
};

/** What goes into an entry; `bytes` are content or delta. */
struct new_entry {
	unsigned type;
	const void *bytes;
	size_t len;
	size_t claimed;         /* size in the head; 0: len */
	uint64_t distance;      /* of an OFS_DELTA, back to its base */
	const struct oid *base; /* of a REF_DELTA */
	size_t cut;             /* bytes left off the zlib stream */
	const struct oid *oid;  /* NULL: one made up from the offset */
};

void pack_writer_init(struct pack_writer *writer);
void pack_writer_clear(struct pack_writer *writer);

/** Appends an entry; returns its offset. */
uint64_t pack_writer_add(
	struct pack_writer *writer, const struct new_entry *entry);

/** The id of the entry added as number `i`, counted from 0. */
struct oid pack_writer_oid(const struct pack_writer *writer, size_t i);

/** Writes <folder>/pack/<name>.pack and .idx, of version 2. */
void pack_writer_save(
	struct pack_writer *writer, const char *folder, const char *name);

/** The id that git gives to an object. */
struct oid object_id(enum object_type type, const void *bytes, size_t len);

/** A delta that inserts `text` before a copy of the whole base. */
void delta_of(struct buf *out, size_t base_len, const char *text);

/** Writes any bytes as the loose object `oid`, deflated. */
void write_loose(const char *folder, const struct oid *oid, const void *bytes,
	size_t len, const char *garbage);

/** An empty objects folder, with pack/ inside; caller frees the path. */
char *new_objects_folder(void);
void remove_folder(const char *folder);

#endif
