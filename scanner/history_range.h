/*
 * Which commits of a history belong to a range. The others that are read on
 * the way are marked `left_out`.
 */
#ifndef SCANNER_HISTORY_RANGE_H
#define SCANNER_HISTORY_RANGE_H

#include "scanner/commit_loader.h"

/**
 * Reads what the commits that the loader has by now reach, and leaves out what
 * `cuts` (commits, or tags of them) reach. A cut that is not here cuts nothing.
 *
 * As git does, it goes back in time no further than the range: a commit whose
 * date is older than that of a parent can hide a way to a cut. The range is
 * then too large, never too small.
 */
int history_range_read(struct commit_loader *loader, const struct oid *cuts,
	size_t cut_count, struct err *err) MUST_CHECK;

/** Reads the commits that the loader has by now, and their parents, which are
 * left out unless they are among them. */
int history_range_read_listed(
	struct commit_loader *loader, struct err *err) MUST_CHECK;

#endif
