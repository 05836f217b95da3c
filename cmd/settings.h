/* Settings: -c of the command line before git's configuration. */
#ifndef CMD_SETTINGS_H
#define CMD_SETTINGS_H

#include "cmd/cmd.h"
#include "scanner/repo.h"

/** The value of "hygiene.<key>", or NULL. The last -c wins; without one git's
 * configuration of the repository, the user and the system is asked. Borrowed
 * until the next call. */
const char *setting_text(
	const struct cmd_env *env, struct repo *repo, const char *key);

/** Threads: those of --jobs, else of hygiene.jobs, else one for each core.
 * ERR_USAGE for too many. */
int setting_jobs(unsigned *out, uint64_t typed, const struct cmd_env *env,
	struct repo *repo, struct err *err) MUST_CHECK;

#endif
