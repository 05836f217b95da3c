/*
 * The changes of some paths alone, as history_walk() records them for all: one
 * walk over the commits, in memory, from a survey. Only folders on the way to
 * the paths are compared, and of them only the names on the way.
 *
 * What a tree has of those names is a list that shares all but what changed
 * with the list of its base, so that neither many commits nor many paths in
 * one folder cost more than what they changed.
 */
#ifndef SCANNER_FOLLOW_H
#define SCANNER_FOLLOW_H

#include "base/err.h"
#include "scanner/history.h"
#include "scanner/history_walk.h"
#include "scanner/objects/objects.h"
#include "scanner/reach.h"
#include "scanner/survey.h"

#include <stdbool.h>
#include <stdint.h>

/** Where to follow; all is borrowed. */
struct follow_input {
	const struct history *history;
	struct survey *survey;
	const struct reach *reach; /* of that survey and history */
	const struct objects *objects;
	const bool *paths; /* by number in the changes: to be followed */
	struct scan_result *result; /* told which commits have too many parents
				       to say all that they changed */

	/* told what stands at these paths at some tip of each kind (enum
	 * holder_kind, but reflogs), more than once where it stands at several
	 */
	void (*at_tip)(uint32_t path, uint32_t blob, int kind, void *ctx);
	void *ctx;
};

/**
 * Adds the changes of the paths to `changes`, in order of commits. *tips_told
 * is false when a tip has trees that are no sets of names: not all of at_tip()
 * was told then. 1: the lists would take too much memory; `changes` may hold a
 * part then.
 */
int follow_paths(struct changes *changes, bool *tips_told,
	const struct follow_input *input, struct err *err) MUST_CHECK;

#endif
