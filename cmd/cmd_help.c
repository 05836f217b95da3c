/* help: the help text of the program or of a command, its man page, and
 * completions for shells. All are made of the same tables. */
#include "cmd/cmd.h"
#include "cmd/completion.h"
#include "cmd/global.h"
#include "cmd/man_page.h"

#define SUMMARY_COLUMN 15

struct fields {
	bool list, man;
	const char *completion;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_FLAG, 'l', "list", FIELD(list),
		.help = "print the names of all commands, one a line" },
	{ OPT_FLAG, 0, "man", FIELD(man),
		.help = "print the man page, for man(1)" },
	{ OPT_TEXT, 0, "completion", FIELD(completion), .argument = "<shell>",
		.help = "print completions for bash, zsh or fish" },
	{ 0 },
};

static const char *const first_words[] = { "<command>", NULL };

static const struct opt_spec spec = {
	.usage = "help [--man] [<command>]\nhelp --list\n"
		 "help --completion=<shell>",
	.description = "Prints the help text of a command, or the list of "
		       "commands. Man pages and completions are installed "
		       "with the program; for one that is not installed they "
		       "can be had here.",
	.opts = opts,
	.words = first_words,
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
	fputs("\nExit codes\n", out);
	for (const struct exit_meaning *row = exit_meanings; row->text; row++)
		fprintf(out, "    %-5d%s\n", row->code, row->text);
	fputs("\n'git hygiene <command> -h' shows the options of a command.\n",
		out);
}

static void print_names(FILE *out)
{
	for (size_t i = 0; cmds[i]; i++)
		fprintf(out, "%s\n", cmds[i]->name);
}

/** Help of one command, or of the program where `name` is NULL. */
static int print_help(
	FILE *out, const char *name, bool as_man_page, struct err *err)
{
	const struct cmd *cmd = NULL;
	int rc = name ? cmd_find(&cmd, name, err) : 0;
	if (rc < 0)
		return rc;
	if (as_man_page && cmd)
		man_page_print(out, cmd);
	else if (as_man_page)
		man_page_print_overview(out);
	else if (cmd)
		opt_print_help(out, cmd->spec);
	else
		cmd_print_overview(out);
	return EXIT_CLEAN;
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	struct fields fields = { 0 };
	int word_count = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (word_count < 0)
		return word_count;
	if (fields.list + fields.man + !!fields.completion > 1)
		return err_set(err, ERR_USAGE,
			"--list, --man and --completion exclude each other");
	if (word_count > (fields.list || fields.completion ? 0 : 1))
		return err_set(err, ERR_USAGE, "too many arguments");
	if (fields.completion)
		return completion_print(env->out, fields.completion, err);
	if (fields.list) {
		print_names(env->out);
		return EXIT_CLEAN;
	}
	return print_help(
		env->out, word_count ? argv[0] : NULL, fields.man, err);
}

const struct cmd cmd_help = {
	.name = "help",
	.summary = "show the help text of a command",
	.spec = &spec,
	.run = run,
};
