#include "cmd/man_page.h"

#include "cmd/global.h"
#include "cmd/roff.h"
#include "cmd/settings.h"

#include <ctype.h>
#include <string.h>

#define PROGRAM     "git-hygiene"
#define STATUS_MARK "Exit code: "

/** A name and what it means: environment, files. */
struct term {
	const char *name;
	const char *text;
};

static const struct term variables[] = {
	{ "GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_CEILING_DIRECTORIES",
		"as for git(1)" },
	{ "GIT_CONFIG_GLOBAL, GIT_CONFIG_NOSYSTEM, GIT_CONFIG_COUNT",
		"where settings are read, as for git(1)" },
	{ "GIT_PROGRESS_DELAY", "seconds before progress is shown" },
	{ "GIT_HYGIENE", "0 switches the hooks of this clone off" },
	{ "NO_COLOR", "no colours, if it is set and not empty" },
	{ "GITHUB_STEP_SUMMARY",
		"file that --format=github adds a summary to" },
	{ 0 },
};

static const struct term files[] = {
	{ ".hygiene.yml",
		"at the top of a repository: rules that it adds, and paths "
		"that it leaves out" },
	{ ".hygiene-baseline", "the findings that were accepted" },
	{ 0 },
};

static void put(FILE *out, const char *text)
{
	roff_put(out, text, strlen(text));
}

static void fill(FILE *out, const char *text)
{
	roff_fill(out, text, strlen(text));
}

static void put_upper(FILE *out, const char *text)
{
	for (; *text; text++) {
		char upper = (char)toupper((unsigned char)*text);
		roff_put(out, &upper, 1);
	}
}

/** Title line, NAME. `name` is that of a command, or NULL. */
static void print_head(FILE *out, const char *name, const char *summary)
{
	fputs(".TH ", out);
	put_upper(out, PROGRAM);
	if (name) {
		fputs("\\-", out);
		put_upper(out, name);
	}
	fprintf(out, " 1 %s \"%s %s\" \"Git Hygiene Manual\"\n", HYGIENE_DATE,
		PROGRAM, HYGIENE_VERSION);
	/* no hyphenation, no stretched blanks: lines hold commands */
	fputs(".nh\n.ad l\n.SH NAME\n", out);
	put(out, PROGRAM);
	fprintf(out, "%s%s \\- ", name ? "\\-" : "", name ? name : "");
	fill(out, summary);
}

/** The forms of a usage, a hanging paragraph each. */
static void print_forms(FILE *out, const char *usage)
{
	while (*usage) {
		size_t len = strcspn(usage, "\n");
		fputs(".HP\n\\fBgit hygiene\\fR\n", out);
		roff_fill(out, usage, len);
		usage += usage[len] ? len + 1 : len;
	}
}

static bool is_status(const char *paragraph)
{
	return !strncmp(paragraph, STATUS_MARK, strlen(STATUS_MARK));
}

/** The paragraphs of a description: those that are about the exit code, or
 * all others. Returns how many there were. */
static size_t print_paragraphs(FILE *out, const char *text, bool status)
{
	size_t count = 0;
	while (text && *text) {
		const char *end = strstr(text, "\n\n");
		size_t len = end ? (size_t)(end - text) : strlen(text);
		if (is_status(text) == status) {
			fputs(count++ ? ".PP\n" : "", out);
			if (*text == ' ')
				roff_verbatim(out, text, len);
			else
				roff_fill(out, text, len);
		}
		text = end ? end + 2 : NULL;
	}
	return count;
}

static void print_option(FILE *out, const struct opt *opt)
{
	fputs(".TP\n", out);
	if (opt->short_name)
		fprintf(out, "\\fB\\-%c\\fR%s", opt->short_name,
			opt->long_name ? ", " : "");
	if (opt->long_name) {
		fprintf(out, "\\fB\\-\\-%s",
			opt_has_no_form(opt) ? "[no\\-]" : "");
		put(out, opt->long_name);
		fputs("\\fR", out);
	}
	if (opt->argument) {
		fputs(opt->argument[0] == '[' ? "\\fI" : " \\fI", out);
		put(out, opt->argument);
		fputs("\\fR", out);
	}
	fputc('\n', out);
	fill(out, opt->help);
}

static void print_options(FILE *out, const struct opt *opts)
{
	for (const struct opt *opt = opts; opt->help; opt++) {
		if (opt->kind == OPT_GROUP) {
			fputs(".SS ", out);
			fill(out, opt->help);
		} else {
			print_option(out, opt);
		}
	}
}

static void print_exit_codes(FILE *out)
{
	for (const struct exit_meaning *row = exit_meanings; row->text; row++) {
		fprintf(out, ".TP\n\\fB%d\\fR\n", row->code);
		fill(out, row->text);
	}
}

static void print_terms(FILE *out, const char *title, const struct term *terms)
{
	fprintf(out, ".SH %s\n", title);
	for (; terms->name; terms++) {
		fputs(".TP\n\\fB", out);
		put(out, terms->name);
		fputs("\\fR\n", out);
		fill(out, terms->text);
	}
}

static void print_examples(FILE *out, const struct cmd_example *examples)
{
	if (!examples)
		return;
	fputs(".SH EXAMPLES\n", out);
	for (; examples->line; examples++) {
		fputs(".TP\n\\fBgit hygiene ", out);
		put(out, examples->line);
		fputs("\\fR\n", out);
		fill(out, examples->text);
	}
}

/** The page of every other command, `self` left out. */
static void print_see_also(FILE *out, const struct cmd *self)
{
	fputs(".SH SEE ALSO\n", out);
	if (self)
		fputs(".BR git\\-hygiene (1),\n", out);
	for (size_t i = 0; cmds[i]; i++)
		if (cmds[i] != self)
			fprintf(out, ".BR git\\-hygiene\\-%s (1),\n",
				cmds[i]->name);
	fputs(".BR git (1),\n.BR gitignore (5)\n", out);
}

void man_page_print(FILE *out, const struct cmd *cmd)
{
	const struct opt_spec *spec = cmd->spec;
	print_head(out, cmd->name, cmd->summary);
	fputs(".SH SYNOPSIS\n", out);
	print_forms(out, spec->usage);
	fputs(".SH DESCRIPTION\n", out);
	print_paragraphs(out, spec->description, false);
	if (spec->opts->help) {
		fputs(".SH OPTIONS\n", out);
		print_options(out, spec->opts);
	}
	if (cmd->part) {
		fputs(".SS ", out);
		fill(out, cmd->part->usage);
		print_paragraphs(out, cmd->part->description, false);
		print_options(out, cmd->part->opts);
	}
	print_examples(out, cmd->examples);
	fputs(".SH EXIT STATUS\n", out);
	if (!print_paragraphs(out, spec->description, true))
		print_exit_codes(out);
	print_see_also(out, cmd);
}

static void print_settings(FILE *out)
{
	fputs(".SH CONFIGURATION\n", out);
	fill(out,
		"Settings are read by the rules of git-config(1). A -c on the "
		"command line goes before them, and an option before that.");
	for (const struct setting *row = settings; row->key; row++) {
		fprintf(out, ".TP\n\\fBhygiene.%s\\fR\n", row->key);
		fprintf(out, "(default: ");
		put(out, row->standard);
		fputs(")\n", out);
		fill(out, row->help);
	}
}

void man_page_print_overview(FILE *out)
{
	print_head(out, NULL,
		"find session data and other secrets in Git repositories");
	fputs(".SH SYNOPSIS\n", out);
	print_forms(out, global_spec.usage);
	fputs(".SH DESCRIPTION\n", out);
	print_paragraphs(out, global_spec.description, false);
	fputs(".SH OPTIONS\n", out);
	print_options(out, global_spec.opts);
	fputs(".SH COMMANDS\n", out);
	for (size_t i = 0; cmds[i]; i++) {
		fprintf(out, ".TP\n.BR git\\-hygiene\\-%s (1)\n",
			cmds[i]->name);
		fill(out, cmds[i]->summary);
	}
	fputs(".SH EXIT STATUS\n", out);
	print_exit_codes(out);
	print_settings(out);
	print_terms(out, "ENVIRONMENT", variables);
	print_terms(out, "FILES", files);
	print_see_also(out, NULL);
}
