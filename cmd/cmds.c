/* The table of commands: git hygiene help prints it in this order. */
#include "cmd/cmd.h"

#include "base/suggest.h"

#include <string.h>

/* A new command: its file cmd_<name>.c defines this record, one line here,
 * one in the table, one in CMakeLists.txt. */
extern const struct cmd cmd_audit;
extern const struct cmd cmd_baseline;
extern const struct cmd cmd_cache;
extern const struct cmd cmd_config;
extern const struct cmd cmd_fix;
extern const struct cmd cmd_help;
extern const struct cmd cmd_hook;
extern const struct cmd cmd_ignore;
extern const struct cmd cmd_inspect;
extern const struct cmd cmd_merge;
extern const struct cmd cmd_monitor;
extern const struct cmd cmd_purge;
extern const struct cmd cmd_rules;
extern const struct cmd cmd_scan;
extern const struct cmd cmd_untrack;
extern const struct cmd cmd_version;

const struct cmd *const cmds[] = {
	&cmd_scan,
	&cmd_merge,
	&cmd_audit,
	&cmd_inspect,
	&cmd_monitor,
	&cmd_fix,
	&cmd_ignore,
	&cmd_untrack,
	&cmd_purge,
	&cmd_hook,
	&cmd_baseline,
	&cmd_cache,
	&cmd_config,
	&cmd_rules,
	&cmd_help,
	&cmd_version,
	NULL,
};

const struct exit_meaning exit_meanings[] = {
	{ EXIT_CLEAN, "nothing found, or done" },
	{ EXIT_FINDINGS, "findings, or a check that failed" },
	{ EXIT_INCOMPLETE, "no finding, but something could not be looked at" },
	{ EXIT_FATAL, "could not run" },
	{ EXIT_BAD_USAGE, "wrong command line" },
	{ 0 },
};

int cmd_find(const struct cmd **out, const char *name, struct err *err)
{
	const char *names[ARRAY_SIZE(cmds)] = { NULL };
	for (size_t i = 0; cmds[i]; i++) {
		names[i] = cmds[i]->name;
		if (!strcmp(names[i], name)) {
			*out = cmds[i];
			return 0;
		}
	}
	const char *near = suggest(name, names);
	if (near)
		return err_set(err, ERR_USAGE,
			"'%s' is not a command; did you mean '%s'?", name,
			near);
	return err_set(err, ERR_USAGE, "'%s' is not a command", name);
}
