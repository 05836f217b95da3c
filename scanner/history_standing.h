/*
 * What keeps each commit of a history: the best of the holders that reach it.
 * The order is that of how many people can see it, from what a clone brings to
 * what git gc will delete.
 */
#ifndef SCANNER_HISTORY_STANDING_H
#define SCANNER_HISTORY_STANDING_H

#include "base/err.h"
#include "scanner/history.h"

/**
 * Works it out from the tips, in order of commits, for history_place().
 * Replacements (refs/replace) are taken from the tips, grafts from the
 * repository: both only hide commits from git log.
 */
int history_standing_make(
	struct history *history, struct repo *repo, struct err *err) MUST_CHECK;

/** Drops what was said of missing commits that are ancestors only of what
 * nothing reaches: git gc took them, and nothing is amiss. */
void history_standing_forget_lost(
	const struct history *history, struct scan_result *result);

#endif
