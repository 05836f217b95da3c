/*
 * What a scan needs besides a repository, the same for every command that
 * scans: rules, what is accepted, limits. Each value comes from the command
 * line, else from hygiene.* settings, else from a default.
 */
#ifndef CMD_SCAN_SETUP_H
#define CMD_SCAN_SETUP_H

#include "cmd/acceptance.h"
#include "cmd/repo_file.h"
#include "cmd/scan_cache.h"
#include "rules/ruleset.h"

/** The command line; all zero asks for settings and defaults. */
struct scan_setup_opts {
	struct opt_list rules, select, disable, session_dirs, baselines;
	bool no_builtin_rules;
	bool no_repo_config; /* --no-repo-config */
	bool is_server;      /* for a server's hook: as no_repo_config, but the
				.git/config is the administrator's */
	const char *fail_on;
	bool expect_complete; /* whatever was skipped counts */
	const char *min_confidence;
	const char *now;
	uint64_t jobs;
	uint64_t max_blob_size;
	const char *cache; /* --cache, or NULL */
	bool no_cache;     /* --no-cache */
	const char *decode_depth;
	uint64_t timeout; /* seconds; 0: not given */
};

void scan_setup_opts_clear(struct scan_setup_opts *opts);

/** All zero is empty. */
struct scan_setup {
	struct repo_file repo_file; /* .hygiene.yml */
	struct ruleset *rules;
	struct acceptance acceptance;
	struct cache *cache; /* or NULL */
	char *key;           /* hygiene.fingerprintKey, or NULL */
	bool expect_complete;
	bool believes_repo;    /* what a repository says of itself counts */
	int fail_on;           /* enum severity, or above all of them */
	int min_confidence;    /* enum confidence */
	struct scan_opts scan; /* without sources, pathspec, progress */
};

/** Fills the setup; it borrows nothing from `opts`. Caller clears. */
int scan_setup_make(struct scan_setup *out, const struct scan_setup_opts *opts,
	const struct cmd_env *env, struct repo *repo,
	struct err *err) MUST_CHECK;
void scan_setup_clear(struct scan_setup *setup);

/** Rules, limits and what an exit code depends on, but neither what is accepted
 * nor a cache: for results that are read, and to see whether the command line
 * is right. `repo` is the one whose .hygiene.yml and settings count, or NULL.
 */
int scan_setup_make_part(struct scan_setup *out,
	const struct scan_setup_opts *opts, const struct cmd_env *env,
	struct repo *repo, struct err *err) MUST_CHECK;

/** What the command line and the user's settings say of every repository of a
 * list: as scan_setup_make(), but for what each of them brings, and the cache.
 */
int scan_setup_make_common(struct scan_setup *out,
	const struct scan_setup_opts *opts, const struct cmd_env *env,
	struct err *err) MUST_CHECK;

/** Scans by the setup, showing progress if asked to, and marks what is
 * accepted. */
int scan_setup_run(struct scan_result *out, struct scan_setup *setup,
	struct repo *repo, const struct cmd_env *env, bool show_progress,
	struct err *err) MUST_CHECK;

/** EXIT_FINDINGS, EXIT_INCOMPLETE or EXIT_CLEAN; with `expect_complete`
 * EXIT_INCOMPLETE goes before findings. */
int scan_setup_exit_code(
	const struct scan_setup *setup, const struct scan_result *result);

#endif
