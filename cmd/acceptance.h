/*
 * Everything by which findings can be accepted, brought together for a scan:
 * baselines, allow comments, .gitleaksignore. What a repository says of itself
 * counts in a scan by a user, never where the scan judges that repository for
 * somebody else: in hooks on a server, and with --no-repo-config.
 */
#ifndef CMD_ACCEPTANCE_H
#define CMD_ACCEPTANCE_H

#include "base/buf.h"
#include "cmd/cmd.h"
#include "scanner/baseline.h"
#include "scanner/scan.h"

/** How to load. */
struct acceptance_opts {
	const char *const *files; /* --baseline, NULL-ended, or NULL */
	bool no_repo;             /* nothing that the repository brings */
	bool protected_only;      /* nor its .git/config */
};

/** All zero is empty: nothing is accepted. */
struct acceptance {
	struct baseline baseline;
	struct buf gitleaks;
	bool no_comments;
};

/** Reads the files. A baseline that the user named must exist. Without a
 * repository (NULL) it is what is accepted in every one. */
int acceptance_load(struct acceptance *out, const struct acceptance_opts *opts,
	const struct cmd_env *env, struct repo *repo,
	struct err *err) MUST_CHECK;
void acceptance_clear(struct acceptance *acceptance);

/** Tells a scan; borrowed until it has run. */
void acceptance_prepare(
	const struct acceptance *acceptance, struct scan_opts *opts);

/** Marks what the baseline accepts, and warns when its secrets were hashed by
 * another key than `key`. */
void acceptance_apply(struct acceptance *acceptance, struct scan_result *result,
	const char *key, const struct cmd_env *env);

/** The path of the repository's baseline: hygiene.baseline, else the file at
 * the top of the worktree; NULL without. Caller frees. */
char *acceptance_baseline_path(
	const struct cmd_env *env, struct repo *repo, bool protected_only);

#endif
