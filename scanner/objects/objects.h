/*
 * The object store of a repository: packs, loose objects, and those of its
 * alternates, read raw. Attributes, filters, textconv, replace refs and grafts
 * have no say here. Every size is checked before memory is asked for it.
 *
 * Two ways to read: one object by id (struct objects_reader, one a thread), or
 * many in whatever order is cheapest, from several threads (objects_each()).
 */
#ifndef SCANNER_OBJECTS_OBJECTS_H
#define SCANNER_OBJECTS_OBJECTS_H

#include "base/err.h"
#include "scanner/oid.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Types as git numbers them, gitformat-pack(5) "Object types". */
enum object_type {
	OBJECT_COMMIT = 1,
	OBJECT_TREE = 2,
	OBJECT_BLOB = 3,
	OBJECT_TAG = 4,
};

/**
 * What a sink of objects_each() wants to know of an object when it is given one
 * that was made from it. First member of a struct of the sink's own, in one
 * piece of memory with it.
 */
struct object_note {
	size_t size; /* bytes of memory in all, to keep a bound by */
	void (*free)(struct object_note *note);
};

/** Bytes [at, at + len) of an object that stand in its base at `from`. */
struct object_copy {
	size_t at;
	size_t from;
	size_t len;
};

/** How an object was made from another: what is in no copy was inserted. */
struct object_delta {
	const struct object_note *base;   /* what the sink kept of that one */
	const struct object_copy *copies; /* by `at`; neither empty nor touching
					     in both objects */
	size_t copy_count;
};

/** An object; the bytes are borrowed until the reader's next call. */
struct object {
	const struct oid *oid; /* the caller's */
	enum object_type type;
	const unsigned char *bytes;
	size_t len;

	/* for a sink of objects_each(); else 0 and NULL */
	size_t place;                     /* among the wanted */
	const struct object_delta *delta; /* or NULL: nothing is known of it */
	struct object_note **note; /* where to leave one for the objects that
				      will be made from this; NULL: for none.
				      It is freed after the last of them */
};

/** The id that git gives to such an object. */
void object_hash(struct oid *out, enum object_type type,
	const unsigned char *bytes, size_t len);

struct objects_opts {
	/* object folders, the repository's own first, then alternates as found
	 * by the caller; NULL-ended */
	const char *const *dirs;
	size_t max_object_size; /* larger ones fail with ERR_LIMIT */
	bool libgit2_only;      /* packs through libgit2: the reference */
	bool verify; /* hash what was read; ERR_CORRUPT if it differs */
};

/** One of objects_list(). */
struct object_name {
	struct oid oid;
	uint8_t type; /* enum object_type; 0: known only once it is read */
};

/** The store: opened once, shared by the readers of all threads. To list it or
 * to read many of its objects is for one thread at a time: tables of the packs
 * are made then and kept. */
struct objects;

/** Opens the folders. Caller frees. */
int objects_open(struct objects **out, const struct objects_opts *opts,
	struct err *err) MUST_CHECK;
void objects_free(struct objects *objects);
DEFINE_CLEANUP(objects_freep, struct objects, objects_free)

/**
 * Names every object of the packs and the loose ones, sorted by id, none
 * twice; heads of packs are read on `jobs` threads. Caller frees. Packs that
 * only libgit2 understands are left out.
 */
int objects_list(struct object_name **out, size_t *count,
	const struct objects *objects, unsigned jobs,
	struct err *err) MUST_CHECK;

/** Why a pack could not be opened, whose objects are not listed then; NULL: all
 * are open. Of several, one. */
const struct err *objects_broken(const struct objects *objects);

/** The path of a pack whose index leads git past some of its objects, while
 * objects_list() and objects_each() went through the index and have them; NULL:
 * none of those does. Of several, one; borrowed. */
const char *objects_misled(const struct objects *objects);

/** Sets present[i] where the store has wanted[i], by the indexes of packs and
 * the names of loose objects alone. One that only libgit2 could find is told
 * to be missing. */
void objects_have(bool *present, const struct objects *objects,
	const struct oid *wanted, size_t count);

/** One thread's way in: owns buffers, handles and a small cache. */
struct objects_reader;

int objects_reader_new(struct objects_reader **out,
	const struct objects *objects, struct err *err) MUST_CHECK;
void objects_reader_free(struct objects_reader *reader);
DEFINE_CLEANUP(objects_reader_freep, struct objects_reader, objects_reader_free)

/**
 * Reads one object. ERR_NOT_FOUND when no folder has it, ERR_CORRUPT when the
 * bytes of every copy do not follow the format, ERR_LIMIT when it, or an object
 * that it is a delta of, is too large. On ERR_LIMIT out->len is the size it
 * claims, 0 when that cannot be told. The first misses look for packs that
 * came after objects_open().
 */
int objects_read(struct object *out, struct objects_reader *reader,
	const struct oid *oid, struct err *err) MUST_CHECK;

/**
 * Takes one object of objects_each(), on one of its threads. `status` is 0, or
 * what objects_read() would have returned: then only object->oid, its place
 * and, after ERR_LIMIT, object->len are set, and err->msg says why. The bytes
 * are borrowed for the call. 0 go on, 1 ends the run, negative ends it with an
 * error. A note that one thread leaves may be given to another, and is constant
 * from then on.
 */
typedef int object_sink(
	const struct object *object, int status, void *ctx, struct err *err);

/**
 * Pushes each of the `count` objects named by `wanted` (no id twice) once, in
 * any order. `contexts` holds one context for each of the `jobs` threads; a
 * sink call gets the one of its thread. Returns after all threads have ended.
 */
int objects_each(const struct objects *objects, const struct oid *wanted,
	size_t count, unsigned jobs, object_sink *sink, void *const *contexts,
	struct err *err) MUST_CHECK;

#endif
