/* Which rules' path part accepts which path: asked once for each path. */
#ifndef SCANNER_PATH_RULES_H
#define SCANNER_PATH_RULES_H

#include "rules/matcher.h"
#include "scanner/path_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Rules of path p: rules[start[p] .. start[p + 1]), ascending. */
struct path_rules {
	size_t *start;
	uint32_t *rules;
	size_t count, capacity;
};

/** Asks for all paths of the table for which `wanted` (by number) is set. */
void path_rules_make(struct path_rules *out, struct matcher *matcher,
	const struct path_table *paths, const bool *wanted);
void path_rules_clear(struct path_rules *path_rules);

/** True when the path part of the rule accepts the path. */
bool path_rules_has(
	const struct path_rules *path_rules, uint32_t path, uint32_t rule);

#endif
