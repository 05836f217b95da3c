/* What git runs: the check behind each hook. */
#ifndef CMD_HOOK_RUN_H
#define CMD_HOOK_RUN_H

#include "cmd/cmd.h"

/** The rows and the text of `hook run`, for help. */
extern const struct opt_spec hook_run_spec;

/** Runs `hook run <event> [<argument>...]`; returns as struct cmd's run(). */
int hook_run(const struct cmd_env *env, int argc, char **argv,
	struct err *err) MUST_CHECK;

#endif
