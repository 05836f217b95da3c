/*
 * Names of commits and other objects, gitrevisions(7): an id or its beginning,
 * a ref, and behind it any of ^ ^<n> ~ ~<n> ^{…}. Objects are read by our own
 * reader; only refs and the beginnings of ids are asked of libgit2.
 */
#ifndef SCANNER_REVISION_H
#define SCANNER_REVISION_H

#include "base/err.h"
#include "scanner/objects/objects.h"
#include "scanner/repo.h"

#include <stddef.h>

/** Where names are looked up; all borrowed. */
struct revision_lookup {
	struct repo *repo;
	struct objects_reader *reader;
	const char *name;    /* all that the user typed, for messages */
	const char *unknown; /* what to say of it when nothing has that name */
};

/** ERR_NOT_FOUND with the name and why. */
int revision_fail(
	const struct revision_lookup *lookup, const char *why, struct err *err);

/** The object that the first `len` bytes of `text` name. ERR_NOT_FOUND says
 * why there is none. */
int revision_find(struct oid *out, struct revision_lookup *lookup,
	const char *text, size_t len, struct err *err) MUST_CHECK;

/** As objects_read(), with the name in the message. */
int revision_read(struct object *out, struct revision_lookup *lookup,
	const struct oid *oid, struct err *err) MUST_CHECK;

/** Reads the object, through annotated tags to what they name. */
int revision_peel(struct object *object, struct revision_lookup *lookup,
	struct oid oid, struct err *err) MUST_CHECK;

#endif
