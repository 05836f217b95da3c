/*
 * Rows of option tables that every command has which scans: each fills a field
 * of a struct scan_setup_opts that lies at `base` of the command's own fields.
 */
#ifndef CMD_SCAN_ROWS_H
#define CMD_SCAN_ROWS_H

#include "cmd/opt.h"
#include "cmd/scan_setup.h"

#include <stddef.h>

#define SCAN_ROW_AT(base, field) \
	((base) + offsetof(struct scan_setup_opts, field))

/* clang-format off */

/** Which places, beside those that a scan looks at by itself; `at` is the
 * field of the sources. */
#define SCAN_PLACE_ROWS(at)                                                   \
	{ OPT_BITS, 0, "stash", (at), PLACE_STASH,                            \
		.help = "what only stash entries have, all of them" },        \
	{ OPT_BITS, 0, "notes", (at), PLACE_NOTE,                             \
		.help = "notes of commits" },                                 \
	{ OPT_BITS, 0, "reflog", (at), PLACE_REFLOG,                          \
		.help = "commits that only a reflog names" },                 \
	{ OPT_BITS, 0, "unreachable", (at), PLACE_UNREACHABLE,                \
		.help = "commits, trees and blobs that nothing names" },      \
	{ OPT_BITS, 0, "other-index", (at), PLACE_OTHER_INDEX,                \
		.help = "what is tracked now in other worktrees" },           \
	{ OPT_BITS, 0, "messages", (at), PLACE_MESSAGE,                       \
		.help = "the text of commits and annotated tags" },           \
	{ OPT_BITS, 0, "git-dir-files", (at), PLACE_GIT_DIR,                  \
		.help = "files of the .git folder itself: config, hooks, "    \
			"logs, messages" }

/** Which rules. */
#define SCAN_RULE_ROWS(base)                                                  \
	{ OPT_LIST, 0, "rules", SCAN_ROW_AT(base, rules),                     \
		.argument = "<path>",                                         \
		.help = "add the rules of a file, or of a folder's *.yml" },  \
	{ OPT_FLAG, 0, "no-builtin-rules",                                    \
		SCAN_ROW_AT(base, no_builtin_rules),                          \
		.help = "do without the built-in rules" },                    \
	{ OPT_LIST, 0, "select", SCAN_ROW_AT(base, select),                   \
		.argument = "<glob>", .help = "only rules whose id fits" },   \
	{ OPT_LIST, 0, "disable", SCAN_ROW_AT(base, disable),                 \
		.argument = "<glob>", .help = "not the rules whose id fits" }

#define SCAN_SESSION_DIR_ROW(base)                                            \
	{ OPT_LIST, 0, "session-dir", SCAN_ROW_AT(base, session_dirs),        \
		.argument = "<name>",                                         \
		.help = "another name of a folder that holds sessions" }

/** What is accepted. */
#define SCAN_BASELINE_ROW(base)                                               \
	{ OPT_LIST, 0, "baseline", SCAN_ROW_AT(base, baselines),              \
		.argument = "<file>",                                         \
		.help = "findings to pass over: a baseline or a jsonl "       \
			"report (default: hygiene.baseline, else "            \
			".hygiene-baseline)" }

#define SCAN_NO_REPO_CONFIG_ROW(base)                                         \
	{ OPT_FLAG, 0, "no-repo-config", SCAN_ROW_AT(base, no_repo_config),   \
		.help = "believe nothing that the repository says of "        \
			"itself: no .hygiene.yml, baseline, allow "           \
			"comments" }

/** How much, and how fast. */
#define SCAN_BLOB_SIZE_ROW(base)                                              \
	{ OPT_NUMBER, 0, "max-blob-size", SCAN_ROW_AT(base, max_blob_size),   \
		.argument = "<size>",                                         \
		.help = "skip larger objects, and say so (default 256m)" }

#define SCAN_DECODE_ROW(base)                                                 \
	{ OPT_TEXT, 0, "decode-depth", SCAN_ROW_AT(base, decode_depth),       \
		.argument = "<n>",                                            \
		.help = "undo so many encodings and archives within each "    \
			"other (default 4; 0: none)" }

#define SCAN_TIMEOUT_ROW(base)                                                \
	{ OPT_NUMBER, 0, "timeout", SCAN_ROW_AT(base, timeout),               \
		.argument = "<seconds>",                                      \
		.help = "spend so long on one object, and say so "            \
			"(default 10)" }

#define SCAN_JOBS_ROW(base)                                                   \
	{ OPT_NUMBER, 'j', "jobs", SCAN_ROW_AT(base, jobs),                   \
		.argument = "<n>",                                            \
		.help = "threads (default: hygiene.jobs, else one a core)" }

#define SCAN_CACHE_ROWS(base)                                                 \
	{ OPT_TEXT, 0, "cache", SCAN_ROW_AT(base, cache),                     \
		.argument = "<dir>",                                          \
		.help = "keep results in this folder (default: "              \
			"hygiene.cache, else .git/hygiene)" },                \
	{ OPT_FLAG, 0, "no-cache", SCAN_ROW_AT(base, no_cache),               \
		.help = "use no earlier results, and keep none" }

/** When it fails. */
#define SCAN_EXIT_ROWS(base)                                                  \
	{ OPT_FLAG, 0, "expect-complete", SCAN_ROW_AT(base, expect_complete), \
		.help = "exit with 3, also beside findings, when anything "   \
			"was not looked at: submodules and Git LFS too" },    \
	{ OPT_TEXT, 0, "fail-on", SCAN_ROW_AT(base, fail_on),                 \
		.argument = "<severity>",                                     \
		.help = "exit with 1 for findings from this severity on: "    \
			"low (default), medium, high, critical, or never" }

/** By which day. */
#define SCAN_NOW_ROW(base)                                                    \
	{ OPT_TEXT, 0, "now", SCAN_ROW_AT(base, now), .argument = "<date>",   \
		.help = "judge expiry as of YYYY-MM-DD (UTC)" }

/* clang-format on */

#endif
