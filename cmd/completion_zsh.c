/*
 * zsh: one function of _arguments calls. zsh's completion of git finds it by
 * its name and takes over the line "#description" (zshcompsys(1), _git).
 */
#include "cmd/completion.h"
#include "cmd/global.h"

#include <string.h>

/* zshcompsys(1), _arguments: what ends a part of a specification. */
#define SPECIAL "\\[]:"

/** ":<name>:<action>": how an argument is completed. */
static void add_action(struct buf *spec, const char *argument)
{
	enum argument_kind kind = ARGUMENT_TEXT;
	CLEANUP(buf_clear) struct buf words;
	buf_init(&words, 0);
	if (!argument_describe(&kind, &words, argument))
		return;
	switch (kind) {
	case ARGUMENT_WORDS:
		buf_printf(spec, ":value:(%s)", words.bytes);
		break;
	case ARGUMENT_FILE:
		buf_add_text(spec, ":file:_files");
		break;
	case ARGUMENT_FOLDER:
		buf_add_text(spec, ":folder:_files -/");
		break;
	case ARGUMENT_RULE:
		buf_add_text(spec,
			":rule:{compadd -- ${${(f)\"$(git-hygiene rules list "
			"2>/dev/null)\"}%% *}}");
		break;
	case ARGUMENT_REPORT:
		buf_printf(spec,
			":report:{if compset -P \"*=\"; then _files; else "
			"compadd -S = -- %s; fi}",
			words.bytes);
		break;
	case ARGUMENT_TEXT:
		buf_add_text(spec, ":value: ");
		break;
	}
}

static void add_escaped(struct buf *spec, const char *text)
{
	for (; *text; text++) {
		if (strchr(SPECIAL, *text))
			buf_add_byte(spec, '\\');
		buf_add_byte(spec, (unsigned char)*text);
	}
}

/** One specification on a line: "*--name=[help]:value:(a b)". */
static void print_name(FILE *out, const struct opt *opt, const char *name)
{
	CLEANUP(buf_clear) struct buf spec;
	buf_init(&spec, 0);
	if (opt->kind == OPT_LIST || opt->kind == OPT_COUNT)
		buf_add_byte(&spec, '*');
	buf_add_text(&spec, name);
	if (opt->argument)
		buf_add_text(&spec,
			name[1] != '-'                    ? "+"
				: opt->argument[0] == '[' ? "=-"
							  : "=");
	buf_add_byte(&spec, '[');
	add_escaped(&spec, opt->help);
	buf_add_byte(&spec, ']');
	if (opt->argument && opt->argument[0] == '[')
		buf_add_byte(&spec, ':'); /* optional */
	if (opt->argument)
		add_action(&spec, opt->argument);
	fputs("\t\t", out);
	completion_quote(out, spec.bytes, "");
	fputs(" \\\n", out);
}

static void print_option(FILE *out, const struct opt *opt)
{
	CLEANUP(buf_clear) struct buf name;
	buf_init(&name, 0);
	if (opt->short_name) {
		buf_printf(&name, "-%c", opt->short_name);
		print_name(out, opt, name.bytes);
	}
	if (!opt->long_name)
		return;
	buf_reset(&name);
	buf_printf(&name, "--%s", opt->long_name);
	print_name(out, opt, name.bytes);
	if (opt_has_no_form(opt))
		fprintf(out, "\t\t'--no-%s[take --%s back]' \\\n",
			opt->long_name, opt->long_name);
}

static void print_options(FILE *out, const struct opt_spec *spec)
{
	if (!spec)
		return;
	for (const struct opt *opt = spec->opts; opt->help; opt++)
		if (opt->kind != OPT_GROUP)
			print_option(out, opt);
}

/** The words behind a command: what the first can be, then what follows. */
static void print_words(FILE *out, const struct opt_spec *spec)
{
	CLEANUP(buf_clear) struct buf first;
	CLEANUP(buf_clear) struct buf next;
	buf_init(&first, 0);
	buf_init(&next, 0);
	if (!spec->words) {
		fputs("\t\t'*:path:_files' && ret=0\n", out);
		return;
	}
	for (const char *const *word = spec->words; *word; word++) {
		size_t len = strcspn(*word, " ");
		if (**word == '<') {
			add_action(&first, *word);
			continue;
		}
		buf_printf(
			&next, "%s%.*s", next.len ? " " : "", (int)len, *word);
	}
	if (next.len)
		buf_printf(&first, ":action:(%s)", next.bytes);
	fputs("\t\t", out);
	buf_reset(&next);
	buf_printf(&next, "1%s", first.bytes);
	completion_quote(out, next.bytes, "");
	fputs(" \\\n\t\t'*:argument:_git-hygiene-next' && ret=0\n", out);
}

static void print_command(FILE *out, const struct cmd *cmd)
{
	fprintf(out, "\t%s)\n\t\t_arguments -s -S \\\n", cmd->name);
	print_options(out, cmd->spec);
	print_options(out, cmd->part);
	print_words(out, cmd->spec);
	fputs("\t\t;;\n", out);
}

/** What follows "show <rule>", as one branch of a case. */
static void print_next_word(FILE *out, const char *command, const char *word)
{
	const char *argument = strchr(word, ' ');
	if (!argument)
		return;
	CLEANUP(buf_clear) struct buf spec;
	buf_init(&spec, 0);
	buf_add_byte(&spec, '*');
	add_action(&spec, argument + 1);
	fprintf(out, "\t%s,%.*s) _arguments ", command, (int)(argument - word),
		word);
	completion_quote(out, spec.bytes, "");
	fputs(" ;;\n", out);
}

/** The function for the words behind a command's first. */
static void print_next(FILE *out)
{
	fputs("_git-hygiene-next() {\n\tcase $words[1],$words[2] in\n", out);
	for (size_t i = 0; cmds[i]; i++) {
		const char *const *word = cmds[i]->spec->words;
		for (; word && *word; word++)
			print_next_word(out, cmds[i]->name, *word);
	}
	fputs("\t*) _files ;;\n\tesac\n}\n\n", out);
}

static void print_commands(FILE *out)
{
	fputs("\t\tcommands=(\n", out);
	for (size_t i = 0; cmds[i]; i++) {
		CLEANUP(buf_clear) struct buf line;
		buf_init(&line, 0);
		buf_printf(&line, "%s:", cmds[i]->name);
		buf_add_text(&line, cmds[i]->summary);
		fputs("\t\t\t", out);
		completion_quote(out, line.bytes, "");
		fputc('\n', out);
	}
	fputs("\t\t)\n\t\t_describe -t commands command commands && ret=0\n",
		out);
}

static void print(FILE *out)
{
	fputs("#compdef git-hygiene\n"
	      "#description find session data and other secrets\n"
	      "# Made by 'git hygiene help --completion=zsh'.\n\n",
		out);
	print_next(out);
	fputs("_git-hygiene() {\n"
	      "\tlocal curcontext=$curcontext state line ret=1\n"
	      "\tlocal -A opt_args\n"
	      "\tlocal -a commands\n"
	      "\t_arguments -C \\\n",
		out);
	print_options(out, &global_spec);
	fputs("\t\t'1: :->command' \\\n"
	      "\t\t'*:: :->arguments' && ret=0\n"
	      "\tcase $state in\n"
	      "\tcommand)\n",
		out);
	print_commands(out);
	fputs("\t\treturn ret\n\t\t;;\n"
	      "\targuments) ;;\n"
	      "\t*) return ret ;;\n"
	      "\tesac\n"
	      "\tcurcontext=${curcontext%:*:*}:git-hygiene-$words[1]:\n"
	      "\tcase $words[1] in\n",
		out);
	for (size_t i = 0; cmds[i]; i++)
		print_command(out, cmds[i]);
	fputs("\tesac\n"
	      "\treturn ret\n"
	      "}\n\n"
	      "_git-hygiene \"$@\"\n",
		out);
}

const struct completion completion_zsh = { .shell = "zsh", .print = print };
