/*
 * What a scan asks of history: first what stands where, then, for the findings
 * alone, which commits changed it. There are two ways to the same answers. All
 * of history is surveyed and worked out in memory; a part of it, and what is
 * too much for a survey, is walked commit by commit, which tells the changes
 * of all paths at once.
 */
#ifndef SCANNER_SCAN_HISTORY_H
#define SCANNER_SCAN_HISTORY_H

#include "base/err.h"
#include "scanner/entries.h"
#include "scanner/exposure.h"
#include "scanner/finding.h"
#include "scanner/history.h"
#include "scanner/history_walk.h"
#include "scanner/objects/objects.h"
#include "scanner/reach.h"
#include "scanner/repo.h"
#include "scanner/scan.h"
#include "scanner/scan_tips.h"
#include "scanner/survey.h"

#include <stddef.h>

/** All zero is a history without commits. */
struct scan_history {
	struct history history;
	struct survey *survey; /* NULL: the changes of all paths are known */
	struct reach reach;
};

/** What both steps work with; all is borrowed. */
struct scan_history_input {
	const struct scan_opts *opts;
	struct repo *repo;
	const struct objects *objects;
	const struct scan_tips *tips; /* for the first of them */
	const struct walk_progress *progress;
	struct scan_result *result; /* for the last of them */
};

/** Reads trees and commits of the store if all of history is asked for, so that
 * what follows is worked out in memory; out->survey is NULL otherwise. Before
 * the next; caller clears. */
int scan_history_survey(struct scan_history *out,
	const struct scan_history_input *input, struct err *err) MUST_CHECK;

/**
 * Loads the commits that the options name, adds what they hold to `entries`,
 * and numbers it in `changes`, whose list is empty before: blobs with numbers
 * are not unreachable. What cannot be read becomes a `skipped` entry of the
 * result.
 */
int scan_history_read(struct scan_history *out,
	const struct scan_history_input *input, struct entries *entries,
	struct changes *changes, struct scan_result *result,
	struct err *err) MUST_CHECK;
void scan_history_clear(struct scan_history *history);

/** Makes the changes of the traced paths known, in order of commits, and marks
 * the findings that stand at a tip. *tips_marked is false where that is left to
 * do. Commits with too many parents become `skipped` entries of input->result.
 */
int scan_history_trace(struct scan_history *history,
	const struct scan_history_input *input, const struct trace *traces,
	size_t count, struct changes *changes, bool *tips_marked,
	struct err *err) MUST_CHECK;

#endif
