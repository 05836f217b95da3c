/*
 * Which entries one .gitignore of a plan gets: the fewest that cover its own
 * targets and no other path below its folder. A repository can have tens of
 * thousands of these files, so none is to look at what belongs to another.
 */
#ifndef REMEDY_IGNORE_ENTRIES_H
#define REMEDY_IGNORE_ENTRIES_H

#include "base/err.h"
#include "remedy/ignore_plan.h"

#include <stddef.h>

/** Numbers of a plan's targets, those of one .gitignore in a row. */
struct targets_by_dir {
	const struct target_state *states; /* borrowed from the plan */
	size_t *numbers;
	size_t count;
};

/** Sorts them as the plan has them now. Caller clears. */
void targets_by_dir_sort(
	struct targets_by_dir *out, const struct ignore_plan *plan);
void targets_by_dir_clear(struct targets_by_dir *by_dir);

/** Finds the file's entries, which become its `cover`, with the rules as if no
 * block of ours were there; marks targets that no entry can cover. */
int ignore_entries_find(struct ignore_plan *plan, struct plan_file *file,
	const struct targets_by_dir *by_dir, struct err *err) MUST_CHECK;

#endif
