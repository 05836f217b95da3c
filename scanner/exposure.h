/*
 * Since when, by whom, until when, and from which refs: worked out for the
 * findings alone, from the changes that the walk recorded.
 *
 * A finding is a path and the set of blobs that bear it. A commit brings it
 * when its tree has the path with one of them and no parent's has; it changes
 * it when the blob is another of them; it removes it when all parents had it
 * and the commit has not, or when it is a merge, one of its parents had it, and
 * nobody removed it since it was brought.
 */
#ifndef SCANNER_EXPOSURE_H
#define SCANNER_EXPOSURE_H

#include "base/err.h"
#include "scanner/finding.h"
#include "scanner/history.h"
#include "scanner/history_walk.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One finding to be traced; blobs are sorted numbers, borrowed. */
struct trace {
	uint32_t path;
	const uint32_t *blobs;
	size_t blob_count;
	struct finding *finding; /* exposure, blob and at_tip are set in it */
};

/** Notes that a tip of this kind (enum holder_kind; negative: the end of a
 * range) has the finding in its tree. */
void exposure_add_tip(struct finding *finding, int kind);

/** What findings are traced in. */
struct exposure_input {
	const struct history *history;
	const struct changes *changes;
	const struct objects *objects; /* with the commits that are named */
	bool tips_marked; /* what stands at a tip need not be looked for */
};

/** Fills the exposure of each trace. Texts go to the result's arena. */
int exposure_trace(struct trace *traces, size_t count,
	const struct exposure_input *input, struct scan_result *result,
	struct err *err) MUST_CHECK;

#endif
