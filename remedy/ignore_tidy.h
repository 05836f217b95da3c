/*
 * Lines of a .gitignore that other lines make superfluous.
 *
 * A line is reported when the text of another says that it fits whatever the
 * first fits, or a folder above it, and no negation can come between the two.
 * It is removed only when, moreover, no decision on any known path changes:
 * tracked, on disk, anywhere in history, and made up from the lines. The caller
 * has to know all of these paths.
 */
#ifndef REMEDY_IGNORE_TIDY_H
#define REMEDY_IGNORE_TIDY_H

#include "base/err.h"
#include "remedy/ignore_plan.h"
#include "scanner/path_table.h"

/** Fills `redundant` of every file of the plan. */
int ignore_tidy_find(struct ignore_plan *plan, struct err *err) MUST_CHECK;

/** Marks those lines to be dropped that can be; `paths` are the known ones. The
 * proof of the plan must be made again. */
int ignore_tidy_apply(struct ignore_plan *plan, const struct path_table *paths,
	struct err *err) MUST_CHECK;

#endif
