/*
 * bash: a table of options, and functions that read it. git's own completion
 * loads the file on demand and calls _git_hygiene with cur, prev, words and
 * cword set; without git in front the functions of bash-completion set them.
 */
#include "cmd/completion.h"
#include "cmd/completion_assets.h"
#include "cmd/global.h"

#include <string.h>

/** "-o=<file> --output=<file>": what takes an argument has its name. */
static void print_option(FILE *out, const struct opt *opt)
{
	const char *equals = opt->argument ? "=" : "";
	const char *argument = opt->argument ? opt->argument : "";
	if (opt->kind == OPT_GROUP)
		return;
	if (opt->short_name)
		fprintf(out, " -%c%s%s", opt->short_name, equals, argument);
	if (opt->long_name)
		fprintf(out, " --%s%s%s%s", opt_has_no_form(opt) ? "[no-]" : "",
			opt->long_name, equals, argument);
}

static void print_spec(FILE *out, const struct opt_spec *spec)
{
	if (!spec)
		return;
	for (const struct opt *opt = spec->opts; opt->help; opt++)
		print_option(out, opt);
}

static void print_options(FILE *out)
{
	fputs("\n# COMMAND: its options; '' for those before the command\n"
	      "__git_hygiene_options()\n{\n\tcase $1 in\n\t'') echo '",
		out);
	print_spec(out, &global_spec);
	fputs(" --help' ;;\n", out);
	for (size_t i = 0; cmds[i]; i++) {
		fprintf(out, "\t%s) echo '", cmds[i]->name);
		print_spec(out, cmds[i]->spec);
		print_spec(out, cmds[i]->part);
		fputs(" --help' ;;\n", out);
	}
	fputs("\tesac\n}\n", out);
}

static void print_verbs(FILE *out)
{
	fputs("\n# COMMAND: what its first word can be, and what follows\n"
	      "__git_hygiene_verbs()\n{\n\tcase $1 in\n",
		out);
	for (size_t i = 0; cmds[i]; i++) {
		const char *const *words = cmds[i]->spec->words;
		if (!words)
			continue;
		fprintf(out, "\t%s) printf '%%s\\n'", cmds[i]->name);
		for (; *words; words++)
			fprintf(out, " '%s'", *words);
		fputs(" ;;\n", out);
	}
	fputs("\tesac\n}\n", out);
}

static void print_words(FILE *out)
{
	fputs("\n# NAME: the words that an argument of that name can be\n"
	      "__git_hygiene_words()\n{\n\tcase $1 in\n",
		out);
	for (const struct argument_name *row = argument_names; row->name;
		row++) {
		if (!row->add_words)
			continue;
		CLEANUP(buf_clear) struct buf words;
		buf_init(&words, 0);
		row->add_words(&words);
		fprintf(out, "\t'%s') echo '%s' ;;\n", row->name, words.bytes);
	}
	fputs("\tesac\n}\n", out);
}

static void print(FILE *out)
{
	fputs("# bash completion for git-hygiene(1), also behind 'git '. Made "
	      "by\n# 'git hygiene help --completion=bash'; needs "
	      "bash-completion.\n",
		out);
	print_options(out);
	print_verbs(out);
	print_words(out);
	fputs((const char *)completion_functions, out);
}

const struct completion completion_bash = { .shell = "bash", .print = print };
