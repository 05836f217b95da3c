/*
 * Packs read through libgit2: those of a version that our reader does not
 * know, and all of them where libgit2 is the reference. Loose objects never
 * come this way: libgit2 1.5.1 writes past its buffer when one inflates to
 * more than its header says. One for each thread: an object database of
 * libgit2 that threads share makes them wait for each other.
 */
#ifndef SCANNER_OBJECTS_GIT2_PACKS_H
#define SCANNER_OBJECTS_GIT2_PACKS_H

#include "scanner/objects/body.h"
#include "scanner/objects/objects.h"

struct git2_packs;

/** Opens the packs beside these index files, as far as libgit2 knows them.
 * Caller frees. */
int git2_packs_new(struct git2_packs **out, char *const *index_paths,
	size_t count, struct err *err) MUST_CHECK;
void git2_packs_free(struct git2_packs *packs);

/**
 * Reads one object; *out is the caller's. *size is set on success and on
 * ERR_LIMIT, when it is larger than `limit`. ERR_NOT_FOUND, ERR_CORRUPT for
 * all else that libgit2 has to say.
 */
int git2_packs_read(struct body **out, enum object_type *type, size_t *size,
	struct git2_packs *packs, const struct oid *oid, size_t limit,
	struct err *err) MUST_CHECK;

#endif
