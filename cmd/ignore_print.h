/* What `ignore` says: entries with their reasons, the proof, the difference. */
#ifndef CMD_IGNORE_PRINT_H
#define CMD_IGNORE_PRINT_H

#include "remedy/ignore_plan.h"

#include <stdio.h>

struct ignore_print {
	FILE *out;
	bool utf8; /* the terminal shows it */
};

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

/** Targets that are not ignored now, one line for each pattern. */
void ignore_print_open(
	const struct ignore_print *print, const struct ignore_plan *plan);

#endif
