/*
 * Offline proof: whether a key of the repository, or one that is published,
 * signed a cookie of the repository, and whether a session id names a session
 * file of it. What is proved is certain, and the findings are linked.
 *
 * Keys and values meet wherever they stand: in any file, in any commit. The
 * number of trials is bounded; what was not tried becomes a `skipped` entry.
 */
#ifndef SCANNER_PROOF_H
#define SCANNER_PROOF_H

#include "scanner/finding.h"
#include "scanner/join.h"

/** Trials of a key on a value, a long value counting for several. */
#define PROOF_MAX_TRIALS ((size_t)1000000)

/** Links findings and raises their confidence. Call it behind
 * joined_finish(), before the findings are sorted. */
void proof_run(const struct joined *joined, struct scan_result *result);

#endif
