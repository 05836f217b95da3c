/*
 * Which commits `scan` walks: --range, --since and --commits-from, read as
 * gitrevisions(7) has them.
 */
#ifndef CMD_SCAN_RANGE_H
#define CMD_SCAN_RANGE_H

#include "base/err.h"
#include "cmd/opt.h"
#include "scanner/scan.h"

#include <stdbool.h>

/** As typed; all zero asks for no range. */
struct range_fields {
	struct opt_list ranges;   /* A..B, B, ^A */
	const char *since;        /* YYYY-MM-DD, or with THH:MM:SSZ; or NULL */
	const char *commits_from; /* file, "-" for standard input; or NULL */
};

/** What they name. */
struct scan_range {
	struct oid_list {
		struct oid *items;
		size_t count, capacity;
	} tips, cuts, commits;
};

/** True when one of the options was given. */
bool range_is_asked(const struct range_fields *fields);

/**
 * Looks the names up and sets the range of `scan`, which borrows it. ERR_USAGE
 * for words that are no range or do not go together, ERR_NOT_FOUND for names
 * that nothing bears. Caller clears.
 */
int scan_range_parse(struct scan_range *out, struct scan_opts *scan,
	const struct range_fields *fields, struct repo *repo,
	struct err *err) MUST_CHECK;
void scan_range_clear(struct scan_range *range);

#endif
