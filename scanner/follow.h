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
};

/**
 * Adds the changes of the paths to `changes`, in order of commits. 1: the lists
 * would take too much memory; `changes` may hold a part then.
 */
int follow_paths(struct changes *changes, const struct follow_input *input,
	struct err *err) MUST_CHECK;

#endif
