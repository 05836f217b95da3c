/*
 * fish: one `complete` a line. fish's completion of git hands the words behind
 * `git hygiene` on to that of git-hygiene, for every git-* on PATH.
 */
#include "cmd/completion.h"
#include "cmd/global.h"

#include <string.h>

#define COMPLETE "complete -c git-hygiene"
#define RULES \
	"(git-hygiene rules list 2>/dev/null | string replace -r ' .*' '')"

/** What fish escapes between single quotes. */
#define SPECIAL "\\"

/** "-x -a 'a= b='": the file behind it is left to the user. */
static void print_before_equals(FILE *out, const char *words)
{
	fputs(" -x -a '", out);
	for (; *words; words++) {
		if (*words == ' ')
			fputc('=', out);
		fputc(*words, out);
	}
	fputs("='", out);
}

/** "-x -a 'a b'": how an argument is completed. */
static void print_argument(FILE *out, const char *argument)
{
	enum argument_kind kind = ARGUMENT_TEXT;
	CLEANUP(buf_clear) struct buf words;
	buf_init(&words, 0);
	if (!argument_describe(&kind, &words, argument))
		return;
	switch (kind) {
	case ARGUMENT_WORDS:
		fprintf(out, "%s -a '%s'", *argument == '[' ? " -f" : " -x",
			words.bytes);
		break;
	case ARGUMENT_FILE:
		fputs(" -r -F", out);
		break;
	case ARGUMENT_FOLDER:
		fputs(" -x -a '(__fish_complete_directories)'", out);
		break;
	case ARGUMENT_RULE:
		fputs(" -x -a \"" RULES "\"", out);
		break;
	case ARGUMENT_REPORT:
		print_before_equals(out, words.bytes);
		break;
	case ARGUMENT_TEXT:
		fputs(" -x", out);
		break;
	}
}

static void print_option(
	FILE *out, const char *condition, const struct opt *opt)
{
	fprintf(out, COMPLETE " -n '%s'", condition);
	if (opt->short_name)
		fprintf(out, " -s %c", opt->short_name);
	if (opt->long_name)
		fprintf(out, " -l %s", opt->long_name);
	if (opt->argument)
		print_argument(out, opt->argument);
	fputs(" -d ", out);
	completion_quote(out, opt->help, SPECIAL);
	fputc('\n', out);
	if (opt_has_no_form(opt))
		fprintf(out, COMPLETE " -n '%s' -l no-%s -d 'take --%s back'\n",
			condition, opt->long_name, opt->long_name);
}

static void print_options(
	FILE *out, const char *condition, const struct opt_spec *spec)
{
	if (!spec)
		return;
	for (const struct opt *opt = spec->opts; opt->help; opt++)
		if (opt->kind != OPT_GROUP)
			print_option(out, condition, opt);
}

/** The words behind a command: "show <rule>" is a word and what follows. */
static void print_word(FILE *out, const char *command, const char *word)
{
	int len = (int)strcspn(word, " ");
	fprintf(out, COMPLETE " -n '__fish_seen_subcommand_from %s", command);
	if (*word == '<') {
		fputc('\'', out);
		print_argument(out, word);
		fputc('\n', out);
		return;
	}
	fprintf(out, "' -a %.*s\n", len, word);
	if (!word[len])
		return;
	fprintf(out,
		COMPLETE " -n '__fish_seen_subcommand_from %s; and "
			 "__fish_seen_subcommand_from %.*s'",
		command, len, word);
	print_argument(out, word + len + 1);
	fputc('\n', out);
}

static void print_command(FILE *out, const struct cmd *cmd)
{
	CLEANUP(buf_clear) struct buf condition;
	buf_init(&condition, 0);
	buf_printf(&condition, "__fish_seen_subcommand_from %s", cmd->name);
	fprintf(out, "\n" COMPLETE " -n __fish_use_subcommand -f -a %s -d ",
		cmd->name);
	completion_quote(out, cmd->summary, SPECIAL);
	fputc('\n', out);
	print_options(out, condition.bytes, cmd->spec);
	print_options(out, condition.bytes, cmd->part);
	const char *const *word = cmd->spec->words;
	for (; word && *word; word++)
		print_word(out, cmd->name, *word);
}

static void print(FILE *out)
{
	fputs("# fish completion for git-hygiene(1). Made by\n"
	      "# 'git hygiene help --completion=fish'.\n\n",
		out);
	print_options(out, "__fish_use_subcommand", &global_spec);
	for (size_t i = 0; cmds[i]; i++)
		print_command(out, cmds[i]);
}

const struct completion completion_fish = { .shell = "fish", .print = print };
