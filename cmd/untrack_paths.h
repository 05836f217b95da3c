/* The paths that are to leave the index. */
#ifndef CMD_UNTRACK_PATHS_H
#define CMD_UNTRACK_PATHS_H

#include "base/arena.h"
#include "scanner/finding.h"

#include <stddef.h>
#include <stdio.h>

/** All zero is empty. */
struct untrack_paths {
	struct arena arena;
	const char **items; /* sorted and distinct once sorted */
	size_t count, capacity;
};

void untrack_paths_clear(struct untrack_paths *paths);

/** Adds one; it is copied. */
void untrack_paths_add(struct untrack_paths *paths, const char *path);

/** Adds the findings that are tracked, do not belong there, and count. */
void untrack_paths_add_findings(
	struct untrack_paths *paths, const struct scan_result *result);

void untrack_paths_sort(struct untrack_paths *paths);

/** Prints one a line, escaped for the terminal, and flushes. */
void untrack_paths_print(const struct untrack_paths *paths, FILE *out);

#endif
