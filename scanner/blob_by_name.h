/*
 * One blob by the name that a user gives it. libgit2 answers what a ref and
 * the start of an id stand for; commits, tags, trees and the blob are read by
 * our own reader, so that no object of a hostile repository reaches libgit2.
 */
#ifndef SCANNER_BLOB_BY_NAME_H
#define SCANNER_BLOB_BY_NAME_H

#include "base/buf.h"
#include "base/err.h"
#include "scanner/oid.h"
#include "scanner/repo.h"
#include "scanner/revision.h"

/**
 * Appends the blob's content to `out`, whose limit bounds it, and sets *oid.
 * A name is, of gitrevisions(7):
 *
 *   <rev>:<path>   a file in a commit, tag or tree; <path> from its top
 *   :<path>        a file in the index
 *   <rev>          that is a blob: an object id, or its start
 *
 * where <rev> is a ref, an object id, or at least four digits that only one id
 * begins with, followed by any of ^, ^<n>, ~, ~<n> and ^{}.
 * ERR_NOT_FOUND when there is none, ERR_UNSUPPORTED when it is no blob.
 */
int blob_by_name(struct buf *out, struct oid *oid, struct repo *repo,
	const char *name, struct err *err) MUST_CHECK;

/** The id alone of the object of any type that lookup->name stands for; tags
 * are not followed. */
int object_by_name(struct oid *oid, struct revision_lookup *lookup,
	struct err *err) MUST_CHECK;

#endif
