/*
 * In which pack or file an object lies, and how many bytes it takes there.
 */
#ifndef REMEDY_STORAGE_H
#define REMEDY_STORAGE_H

#include "base/err.h"
#include "scanner/oid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One copy of an object. */
struct stored {
	const char *folder; /* object folder; borrowed from the storage */
	bool borrowed;      /* of an alternate, not the repository's own */
	const char *pack;   /* path of the .pack file; NULL: a loose object */
	bool kept;          /* the pack has a .keep file */
	uint64_t bytes;     /* on disk */
};

struct storage;

/** Opens the packs of some object folders (NULL-ended, the own one first). A
 * pack that cannot be read here sets *unread. Caller frees. */
int storage_open(struct storage **out, const char *const *folders, bool *unread,
	struct err *err) MUST_CHECK;
void storage_free(struct storage *storage);
DEFINE_CLEANUP(storage_freep, struct storage, storage_free)

/** Calls `sink` with every copy of the object. */
void storage_find(struct storage *storage, const struct oid *oid,
	void (*sink)(const struct stored *copy, void *ctx), void *ctx);

/** Bytes of the repository's own packs and loose objects. */
uint64_t storage_size(const struct storage *storage);

#endif
