/* help: the general help text, that of one command, or the bare names. */
#include "cmd/cmd.h"
#include "cmd/global.h"

#define SUMMARY_COLUMN 15

struct options {
	bool list;
};

static const struct opt opts[] = {
	{ OPT_FLAG, 'l', "list", offsetof(struct options, list), 0, NULL,
		"print the names of all commands, one a line" },
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "help [<command>]\nhelp --list",
	.description = "Prints the help text of a command, or the list of "
		       "commands.",
	.opts = opts,
};

void cmd_print_overview(FILE *out)
{
	opt_print_help(out, &global_spec);
	fputs("\nCommands\n", out);
	for (size_t i = 0; cmds[i]; i++) {
		fprintf(out, "    %-*s", SUMMARY_COLUMN - 4, cmds[i]->name);
		opt_print_wrapped(
			out, SUMMARY_COLUMN, SUMMARY_COLUMN, cmds[i]->summary);
	}
	fputs("\nExit codes\n"
	      "    0    nothing found, or done\n"
	      "    1    findings, or a check that failed\n"
	      "    3    no finding, but something could not be looked at\n"
	      "    128  could not run\n"
	      "    129  wrong command line\n"
	      "\n'git hygiene <command> -h' shows the options of a command.\n",
		out);
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	struct options options = { 0 };
	int words = opt_parse(&options, &spec, argc, argv, err);
	if (words < 0)
		return words;
	if (words == OPT_HELP_ASKED) {
		opt_print_help(env->out, &spec);
		return EXIT_CLEAN;
	}
	if (words > (options.list ? 0 : 1))
		return err_set(err, ERR_USAGE, "too many arguments");
	if (options.list) {
		for (size_t i = 0; cmds[i]; i++)
			fprintf(env->out, "%s\n", cmds[i]->name);
		return EXIT_CLEAN;
	}
	if (!words) {
		cmd_print_overview(env->out);
		return EXIT_CLEAN;
	}
	const struct cmd *cmd = NULL;
	int rc = cmd_find(&cmd, argv[0], err);
	if (rc < 0)
		return rc;
	opt_print_help(env->out, cmd->spec);
	return EXIT_CLEAN;
}

const struct cmd cmd_help = {
	.name = "help",
	.summary = "show the help text of a command",
	.spec = &spec,
	.run = run,
};
