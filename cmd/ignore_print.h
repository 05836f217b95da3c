/* What `ignore` says: entries with their reasons, the proof, the difference. */
#ifndef CMD_IGNORE_PRINT_H
#define CMD_IGNORE_PRINT_H

#include "base/arena.h"
#include "remedy/ignore_plan.h"
#include "scanner/name_guard.h"

#include <stdio.h>

struct ignore_print {
	FILE *out;
	bool utf8; /* the terminal shows it */
	struct arena arena;
	struct name_mask *secrets; /* in anything that is printed, or NULL */
};

/** For a plan that was made, whose names and lines hold secrets: they are
 * masked, in a difference, too. Borrows the stream. Caller clears. */
int ignore_print_init(struct ignore_print *print, FILE *out, bool utf8,
	const struct ignore_plan *plan, struct name_guard *guard,
	struct err *err) MUST_CHECK;
void ignore_print_clear(struct ignore_print *print);

/** The entries of each file, as lines to put there, with comments that say
 * why; and which of its lines are superfluous. */
void ignore_print_entries(
	const struct ignore_print *print, const struct ignore_plan *plan);

/** How many findings are ignored, before and after, what else would become
 * ignored, and what is still not ignored and why. */
void ignore_print_proof(
	const struct ignore_print *print, const struct ignore_plan *plan);

/** The change of each file, as `diff -u` shows it. */
void ignore_print_diff(
	const struct ignore_print *print, const struct ignore_plan *plan);

/** Names the files that were written. */
void ignore_print_written(
	const struct ignore_print *print, const struct ignore_plan *plan);

/** Targets that are not ignored now, one line for each pattern. */
void ignore_print_open(
	const struct ignore_print *print, const struct ignore_plan *plan);

#endif
