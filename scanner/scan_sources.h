/*
 * All that a scan was asked to look at, brought into one list: which blob
 * stands at which path, and in which places.
 */
#ifndef SCANNER_SCAN_SOURCES_H
#define SCANNER_SCAN_SOURCES_H

#include "base/err.h"
#include "scanner/entries.h"
#include "scanner/head_start.h"
#include "scanner/outside.h"
#include "scanner/scan_history.h"
#include "scanner/scan_tips.h"

/** What they are read with and into; all is borrowed, and what is filled is
 * empty before. */
struct scan_sources {
	const struct scan_opts *opts;
	struct repo *repo;
	const struct objects *objects;
	const struct scan_tips *tips;
	struct scan_history *history;
	struct entries *entries; /* sorted then, each in its places */
	struct changes *changes; /* numbers the paths and blobs of all */
	struct outside *outside;
	const struct walk_progress *progress; /* of history */
	const struct rule_index *rules;       /* for the next */
	struct head_start **head_start; /* begun where it pays; NULL before */
	struct scan_result *result;
};

/** Reads them. What cannot be read becomes a `skipped` entry of the result. */
int scan_sources_read(
	const struct scan_sources *sources, struct err *err) MUST_CHECK;

#endif
