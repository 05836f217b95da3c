/*
 * Where a scan of history begins and how far it goes, by its options: all
 * refs, the ends of a range, or commits one by one.
 */
#ifndef SCANNER_SCAN_TIPS_H
#define SCANNER_SCAN_TIPS_H

#include "base/err.h"
#include "scanner/history.h"
#include "scanner/holder.h"
#include "scanner/scan.h"

#include <stddef.h>

/** What history_load() takes. All zero is none. */
struct scan_tips {
	struct holders holders;
	struct history_start *items;
	struct history_range
		range; /* borrows from all of them and the options */
};

/** Which places of commits the options ask for. Who asks for history means
 * what stashes and notes hold as well: those are refs, too. */
unsigned scan_wanted_places(const struct scan_opts *opts);

/** True when history is walked from the refs. */
bool scan_starts_at_refs(const struct scan_opts *opts);

/** Works them out; reflogs that cannot be read whole become `skipped` entries
 * of the result. Caller clears. */
int scan_tips_make(struct scan_tips *out, const struct scan_opts *opts,
	struct repo *repo, struct scan_result *result,
	struct err *err) MUST_CHECK;
void scan_tips_clear(struct scan_tips *tips);

/** One text, hashed, over all that decides which commits are looked at, so that
 * two reports can be told to be of the same state of a repository. Without
 * history that is HEAD, so that a hook does not read every ref. */
void scan_tips_digest(char out[65], const struct scan_tips *tips,
	const struct scan_opts *opts, const struct repo *repo);

#endif
