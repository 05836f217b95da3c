/*
 * Some rules hold back where a certain file lies beside the path they matched.
 * A scan of a part of the repository (what is staged, a range) has not met
 * those files: here the index and the trees at the ends of the range are asked
 * for them, and for nothing else.
 */
#ifndef SCANNER_SIBLINGS_H
#define SCANNER_SIBLINGS_H

#include "rules/ruleset.h"
#include "scanner/entries.h"
#include "scanner/history.h"
#include "scanner/objects/objects.h"
#include "scanner/path_rules.h"

/** What is asked; all borrowed. */
struct sibling_search {
	const struct ruleset *rules;
	const struct path_rules *path_rules;
	const struct entries *entries;
	const struct history *history;
	const struct objects *objects;
	struct repo *repo;
};

/** Adds to `paths` those siblings that exist. What cannot be read has none. */
int siblings_add(struct path_table *paths, const struct sibling_search *search,
	struct err *err) MUST_CHECK;

#endif
