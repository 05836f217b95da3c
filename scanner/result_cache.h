/*
 * The result of a scan, kept whole and given again while nothing has changed
 * that decides it (cache_state.h).
 *
 * Whether a session has expired is judged by the time of a scan. So with a
 * result is kept from when until when it is the same: between the last expiry
 * before that time and the next one behind it. Whether git ignores a path
 * depends on the worktree, and is asked again.
 */
#ifndef SCANNER_RESULT_CACHE_H
#define SCANNER_RESULT_CACHE_H

#include "base/buf.h"
#include "rules/ruleset.h"
#include "scanner/cache_file.h"
#include "scanner/content_scan.h"
#include "scanner/finding.h"

#include <stdbool.h>
#include <stdint.h>

/** The times `now` for which a result is the same: first to last. */
struct result_span {
	int64_t first, last;
};

/** By all that was found in contents, whether or not it became a finding. */
void result_span_make(
	struct result_span *out, const struct hits *hits, int64_t now);

/** Writes what a scan found; `out` has a limit. */
void result_cache_encode(struct buf *out, const struct scan_result *result,
	const struct result_span *span);

/** Reads it into a result whose arena, rules, sources, now and repository are
 * set; false, with nothing added, when the bytes are not as they were written,
 * are of other rules, or do not hold at result->now. */
bool result_cache_decode(
	struct scan_result *result, const struct cache_body *body);

#endif
