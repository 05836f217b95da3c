/*
 * The contents that a scan names, each read and matched once: which of them
 * lie in the object store and which outside of it, by which path a blob's
 * settings are read, and how many it takes to be worth threads.
 */
#ifndef SCANNER_SCAN_CONTENTS_H
#define SCANNER_SCAN_CONTENTS_H

#include "rules/rule_index.h"
#include "scanner/content_scan.h"
#include "scanner/entries.h"
#include "scanner/head_start.h"
#include "scanner/outside.h"
#include "scanner/scan.h"

#include <stdbool.h>

/** What is read, and by which rules; all borrowed. */
struct scan_contents {
	const struct scan_opts *opts;
	const struct objects *objects;
	struct rule_index *rules;
	const struct ruleset *ruleset; /* which these are, so that what is known
					  of contents can be used; or NULL */
	const struct entries *entries;
	const struct changes *changes;
	const struct outside *outside;
	struct head_start *head_start;      /* has ended; or NULL */
	const struct candidate *candidates; /* sorted by blob, rule */
	size_t candidate_count;
	struct rule_cost *costs; /* by rule, added to; or NULL */
	const struct walk_progress *progress;
};

/**
 * Reads the contents of all entries, or of those blobs (by number) for which
 * `blobs` is set, and adds to `hits`. What could not be read, and how much was,
 * goes to `told`.
 */
int scan_contents_read(struct hits *hits, const struct scan_contents *contents,
	const bool *blobs, struct scan_result *told,
	struct err *err) MUST_CHECK;

#endif
