/*
 * Loose objects, gitformat-loose(5) in newer versions of git: a zlib stream of
 * "<type> <size>\0" and the content. No more than the size in the header is
 * ever written, whatever the stream holds, and no symlink is followed.
 */
#ifndef SCANNER_OBJECTS_LOOSE_H
#define SCANNER_OBJECTS_LOOSE_H

#include "scanner/objects/body.h"
#include "scanner/objects/objects.h"

/** What a loose object says of itself. */
struct loose_header {
	enum object_type type;
	size_t size;
};

/**
 * Reads one object from an objects folder; *out is the caller's. The header
 * is set on success and on ERR_LIMIT, when the object is larger than `limit`.
 * ERR_NOT_FOUND, ERR_CORRUPT, ERR_UNSUPPORTED (no regular file), ERR_IO.
 */
int loose_read(struct body **out, struct loose_header *header,
	const char *folder, const struct oid *oid, size_t limit,
	struct err *err) MUST_CHECK;

/** Reads no more than the header; errors as loose_read(). */
int loose_peek(struct loose_header *out, const char *folder,
	const struct oid *oid, struct err *err) MUST_CHECK;

/** Takes the id of a file that is named like an object; 0 or negative. */
typedef int loose_sink(const struct oid *oid, void *ctx, struct err *err);

/** Pushes the ids of all loose objects of a folder, in no order. */
int loose_each(const char *folder, loose_sink *sink, void *ctx,
	struct err *err) MUST_CHECK;

#endif
