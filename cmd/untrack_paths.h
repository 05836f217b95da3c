/* The paths that are to leave the index. */
#ifndef CMD_UNTRACK_PATHS_H
#define CMD_UNTRACK_PATHS_H

#include "base/arena.h"
#include "scanner/finding.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** A path, and how people see it. */
struct untrack_path {
	const char *path;
	const char *shown; /* a secret in it is masked */
};

/** All zero is empty. */
struct untrack_paths {
	struct arena arena;
	struct untrack_path *items;
	size_t count, capacity;
	const char **paths; /* of all items, once sorted; and how each is
				shown */
	const char **shown;
};

void untrack_paths_clear(struct untrack_paths *paths);

/** Adds one; both texts are copied. */
void untrack_paths_add(
	struct untrack_paths *paths, const char *path, const char *shown);

/** Adds the findings that are tracked, do not belong there, and count. */
void untrack_paths_add_findings(
	struct untrack_paths *paths, const struct scan_result *result);

/** Sorts by path and drops equal ones; nothing is added after that. */
void untrack_paths_sort(struct untrack_paths *paths);

/** True for one of them; they are sorted. */
bool untrack_paths_has(const struct untrack_paths *paths, const char *path);

/** Prints one a line, as people see it, escaped for the terminal, and
 * flushes. */
void untrack_paths_print(const struct untrack_paths *paths, FILE *out);

#endif
