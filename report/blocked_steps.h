/*
 * The commands that lead out of a refused commit or push: what to take out,
 * how to keep it out, how to accept it, how to pass by. They are meant to be
 * copied, and stand in the order in which they are to be run.
 */
#ifndef REPORT_BLOCKED_STEPS_H
#define REPORT_BLOCKED_STEPS_H

#include "report/human_blocked.h"
#include "report/page.h"
#include "report/store_group.h"

#define BLOCKED_FEW_GROUPS 3 /* that are named; the others are counted */

/** Prints them for the first `count` groups, which are those that block. */
void blocked_steps(const struct page *page, const struct blocked_opts *opts,
	const struct group *groups, size_t count);

#endif
