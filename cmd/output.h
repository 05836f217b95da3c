/*
 * A result file that is whole or not there: written beside its place with
 * mode 0600 and renamed at the end. A device or pipe is written directly.
 */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include "base/err.h"

#include <stdio.h>

/** All zero is closed. */
struct output {
	FILE *file;
	char *path;
	char *temporary; /* NULL when `path` itself is written */
};

/** Opens the file at `path` for writing. */
int output_open(
	struct output *output, const char *path, struct err *err) MUST_CHECK;

/** Flushes, syncs and renames into place. */
int output_commit(struct output *output, struct err *err) MUST_CHECK;

/** Closes; what was not committed is removed. */
void output_clear(struct output *output);

#endif
