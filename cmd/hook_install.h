/* Putting hooks into a repository, taking them out, and telling of them. */
#ifndef CMD_HOOK_INSTALL_H
#define CMD_HOOK_INSTALL_H

#include "cmd/cmd.h"
#include "scanner/repo.h"

/** The command line of the three. */
struct hook_choice {
	unsigned
		events; /* bits by place in hook_events; 0: the standard ones */
	bool global;
};

/** Says on env->out what was done. EXIT_FINDINGS when an event is left to
 * another program's file, and what to add there is printed. */
int hook_install(const struct cmd_env *env, struct repo *repo,
	const struct hook_choice *choice, struct err *err) MUST_CHECK;

/** Takes out what hook_install() has put there. */
int hook_uninstall(const struct cmd_env *env, struct repo *repo,
	const struct hook_choice *choice, struct err *err) MUST_CHECK;

/** Says for each event what guards it; EXIT_FINDINGS when none of those that
 * are installed by default is guarded. */
int hook_status(const struct cmd_env *env, struct repo *repo,
	struct err *err) MUST_CHECK;

#endif
