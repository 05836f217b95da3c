/*
 * Names of which no scan has told the secrets, as people may see them: of the
 * directories that monitor watches, and of paths that somebody names. A scan
 * masks those of its findings itself (name_mask.h); this gives the same texts.
 */
#ifndef SCANNER_NAME_GUARD_H
#define SCANNER_NAME_GUARD_H

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "rules/ruleset.h"
#include "scanner/name_mask.h"
#include "scanner/path_table.h"

struct name_guard;

/** Borrows the rules. Caller frees. For one thread. */
int name_guard_new(struct name_guard **out, const struct ruleset *rules,
	struct err *err) MUST_CHECK;
void name_guard_free(struct name_guard *guard);
DEFINE_CLEANUP(name_guard_freep, struct name_guard, name_guard_free)

/** A mask of the secrets that the texts hold, each searched as a name; NULL
 * when there are none. What is masked lives in the arena. Caller frees. */
int name_guard_mask(struct name_mask **out, struct name_guard *guard,
	const struct path_table *texts, struct arena *arena,
	struct err *err) MUST_CHECK;

/** Appends the name, in which each secret is masked as in an excerpt. */
int name_guard_add(struct buf *out, struct name_guard *guard, const char *name,
	struct err *err) MUST_CHECK;

#endif
