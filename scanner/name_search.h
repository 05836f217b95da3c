/*
 * Secrets in names: of a file or folder, and of a ref. Each distinct path is
 * searched once, as a text of its own, by the rules that find secrets in any
 * text.
 */
#ifndef SCANNER_NAME_SEARCH_H
#define SCANNER_NAME_SEARCH_H

#include "base/err.h"
#include "rules/matcher.h"
#include "rules/rule_index.h"
#include "scanner/content_scan.h"
#include "scanner/path_table.h"

#include <stdbool.h>

/** What is searched; all borrowed. */
struct name_search {
	const struct rule_index *rules;
	struct matcher *matcher; /* of these rules */
	const struct path_table *paths;
	const bool *wanted;          /* by path, or NULL: all */
	const char *fingerprint_key; /* or NULL */
	unsigned decode_depth;
};

/** Adds to `out`, which is empty before, the hits in names: `blob` is the
 * number of the path, regions count in its bytes. A name of which a rule gave
 * up becomes a `skipped` entry. */
int name_search_run(struct hits *out, const struct name_search *search,
	struct scan_result *result, struct err *err) MUST_CHECK;

#endif
