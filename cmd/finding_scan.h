/*
 * A scan as the commands need it that act on findings: the options that say
 * what to look for, as rows for their tables, and the scan itself.
 */
#ifndef CMD_FINDING_SCAN_H
#define CMD_FINDING_SCAN_H

#include "cmd/cmd.h"
#include "rules/ruleset.h"
#include "scanner/scan.h"

/** Fields of the rows below; all zero is the default. */
struct finding_scan_opts {
	unsigned sources; /* enum place; 0: index and history */
	bool no_builtin_rules;
	struct opt_list rules, select, disable, session_dirs;
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
	FINDING_RULE_ROWS(base)
#define FINDING_RULE_ROWS(base)                                               \
	{ OPT_LIST, 0, "rules", FINDING_SCAN_AT(base, rules),                 \
		.argument = "<path>",                                         \
		.help = "add the rules of a file, or of a folder's *.yml" },  \
	{ OPT_FLAG, 0, "no-builtin-rules",                                    \
		FINDING_SCAN_AT(base, no_builtin_rules),                      \
		.help = "do without the built-in rules" },                    \
	{ OPT_LIST, 0, "select", FINDING_SCAN_AT(base, select),               \
		.argument = "<glob>", .help = "only rules whose id fits" },   \
	{ OPT_LIST, 0, "disable", FINDING_SCAN_AT(base, disable),             \
		.argument = "<glob>", .help = "not the rules whose id fits" },\
	{ OPT_LIST, 0, "session-dir", FINDING_SCAN_AT(base, session_dirs),    \
		.argument = "<name>",                                         \
		.help = "another name of a folder that holds sessions" }
/* clang-format on */

/** Threads to use: hygiene.jobs, else one a core. */
unsigned finding_scan_jobs(const struct cmd_env *env, struct repo *repo);

/** Scans the repository. `rules` is the caller's, outlives the result, and is
 * freed after it; `pathspec` may be NULL. */
int finding_scan(struct scan_result *out, struct ruleset **rules,
	struct repo *repo, const struct repo_pathspec *pathspec,
	const struct finding_scan_opts *opts, const struct cmd_env *env,
	struct err *err) MUST_CHECK;

#endif
