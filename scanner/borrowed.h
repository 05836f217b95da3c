/*
 * Objects that lie in no folder of the repository's own, but in one that
 * another repository lends it (gitrepository-layout(5) "alternates"). What
 * nothing here names may be named there.
 */
#ifndef SCANNER_BORROWED_H
#define SCANNER_BORROWED_H

#include "base/err.h"
#include "scanner/entries.h"
#include "scanner/oid_map.h"

/** Moves entries of PLACE_UNREACHABLE whose blob (by number in `blobs`) is
 * borrowed to PLACE_ALTERNATE. `dirs` are all object folders, the own first;
 * NULL-ended. */
int entries_mark_borrowed(struct entries *entries, const struct oid_map *blobs,
	const char *const *dirs, unsigned jobs, struct err *err) MUST_CHECK;

#endif
