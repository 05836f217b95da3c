/*
 * What a scan that was to look at everything did not find to look at. An empty
 * repository has no secrets, but where one was expected to hold something, a
 * report of "nothing found" would hide that the checkout failed or that a path
 * was misspelt.
 */
#ifndef SCANNER_COVERAGE_H
#define SCANNER_COVERAGE_H

#include "scanner/scan.h"

/** Adds a `skipped` entry when the scan has looked at no path and at no commit
 * and nothing says why, unless it was of a range or of what is staged, which
 * may be empty. */
void coverage_note_nothing(
	struct scan_result *result, const struct scan_opts *opts);

#endif
