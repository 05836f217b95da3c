/*
 * The inside of the object store, for the files of this folder: what is shared
 * by all threads, and what bulk reading needs of a reader.
 */
#ifndef SCANNER_OBJECTS_STORE_H
#define SCANNER_OBJECTS_STORE_H

#include "scanner/objects/body.h"
#include "scanner/objects/delta.h"
#include "scanner/objects/objects.h"
#include "scanner/objects/pack_list.h"

#include <stdint.h>

/** Constant after objects_open(). */
struct objects {
	char **folders;
	size_t folder_count;
	struct pack_list packs;
	size_t max_object_size;
	bool verify;
	bool libgit2_only;
};

/** An object that was built: `body` belongs to who asked for it. */
struct built {
	struct body *body;
	enum object_type type;
	size_t claimed; /* after ERR_LIMIT: the size that it claims */
};

/**
 * Reads an object from anywhere but `except` (NULL: anywhere). Errors as
 * objects_read(); ERR_NOT_FOUND only when no copy exists, otherwise the error
 * of the first copy.
 */
int reader_read_except(struct built *out, struct objects_reader *reader,
	const struct oid *oid, const struct pack *except,
	struct err *err) MUST_CHECK;

/** Reads the object that begins at an offset of a pack. */
int reader_read_entry(struct built *out, struct objects_reader *reader,
	const struct pack *pack, uint64_t offset, struct err *err) MUST_CHECK;

/**
 * One step of a chain: inflates an entry of `pack`, which for a delta is then
 * applied to `base`. Sizes are checked against the limit of the store before
 * memory is asked for. ERR_CORRUPT, ERR_LIMIT.
 */
int reader_build(struct body **out, struct objects_reader *reader,
	const struct pack *pack, const struct pack_entry *entry,
	const struct body *base, struct err *err) MUST_CHECK;

/** What the delta copied that reader_build() applied last; borrowed until it
 * is called again. */
const struct delta_copies *reader_copies(const struct objects_reader *reader);

/** ERR_CORRUPT when the object does not have that id. */
int built_verify(const struct built *built, const struct oid *oid,
	struct err *err) MUST_CHECK;

#endif
