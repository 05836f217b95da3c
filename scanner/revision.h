/*
 * Revisions as a user names them: <rev> of gitrevisions(7), which is a ref, an
 * object id, or at least four digits that only one id begins with, followed by
 * any of ^, ^<n>, ~, ~<n> and ^{}. libgit2 answers what a ref and the start of
 * an id stand for; commits, tags and trees are read by our own reader.
 */
#ifndef SCANNER_REVISION_H
#define SCANNER_REVISION_H

#include "base/err.h"
#include "scanner/objects/objects.h"
#include "scanner/repo.h"

#include <stddef.h>

/** What is looked up, and with what; all is borrowed. */
struct revision_lookup {
	struct repo *repo;
	struct objects_reader *reader;
	const char *name;    /* all that the user wrote, for messages */
	const char *unknown; /* what to say when nothing has that name, or
				NULL: "no ref or object of that name" */
};

/** ERR_NOT_FOUND, "'<name>': <why>". */
int revision_fail(
	const struct revision_lookup *lookup, const char *why, struct err *err);

/** The object that <rev> names; its spelling has `len` bytes. ERR_NOT_FOUND
 * when there is none. */
int revision_find(struct oid *out, struct revision_lookup *lookup,
	const char *text, size_t len, struct err *err) MUST_CHECK;

/** Follows tags; `oid` is then the id of what they name in the end. The object
 * is that of the reader's last call. */
int revision_peel_tags(struct object *object, struct revision_lookup *lookup,
	struct oid *oid, struct err *err) MUST_CHECK;

/** The tree that the object names or is, whose id `oid` is then; that of the
 * reader's last call. */
int revision_open_tree(struct object *tree, struct revision_lookup *lookup,
	struct oid *oid, struct err *err) MUST_CHECK;

#endif
