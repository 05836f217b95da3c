/*
 * A scan as the commands need it that act on findings: the options that say
 * what to look for, as rows for their tables, and the scan itself. What
 * somebody has accepted is left alone.
 */
#ifndef CMD_FINDING_SCAN_H
#define CMD_FINDING_SCAN_H

#include "cmd/cmd.h"
#include "cmd/scan_rows.h"
#include "cmd/scan_setup.h"

/** Fields of the rows below; all zero is the default. */
struct finding_scan_opts {
	unsigned sources; /* enum place; 0: index and history */
	struct scan_setup_opts setup;
};

void finding_scan_opts_clear(struct finding_scan_opts *opts);

/** The rows, for a struct finding_scan_opts that lies at `base`. */
#define FINDING_SCAN_AT(base, field) \
	((base) + offsetof(struct finding_scan_opts, field))
/* clang-format off */
#define FINDING_SCAN_ROWS(base)                                               \
	{ OPT_BITS, 0, "index", FINDING_SCAN_AT(base, sources), PLACE_INDEX,  \
		.help = "those in what is tracked now" },                     \
	{ OPT_BITS, 0, "history", FINDING_SCAN_AT(base, sources),             \
		PLACE_HISTORY, .help = "those in any commit" },               \
	FINDING_RULE_ROWS(FINDING_SCAN_AT(base, setup))

/** The same without sources, for a struct scan_setup_opts at `base`. */
#define FINDING_RULE_ROWS(base)                                               \
	SCAN_RULE_ROWS(base), SCAN_SESSION_DIR_ROW(base),                     \
	{ OPT_GROUP, .help = "What is known and accepted" },                  \
	SCAN_BASELINE_ROW(base), SCAN_NO_REPO_CONFIG_ROW(base)
/* clang-format on */

/** Makes the setup and scans by it. What finding_counts() denies is left to
 * the caller to pass over. The caller clears the setup after the
 * result, which borrows its rules; `pathspec` may be NULL. */
int finding_scan(struct scan_result *out, struct scan_setup *setup,
	struct repo *repo, const struct pathspec *pathspec,
	const struct finding_scan_opts *opts, const struct cmd_env *env,
	struct err *err) MUST_CHECK;

#endif
