#include "cmd/completion.h"

#include "base/array.h"
#include "cmd/hook_event.h"
#include "report/report.h"
#include "rules/rule.h"

#include <string.h>

static void add_word(struct buf *words, const char *word)
{
	buf_printf(words, "%s%s", words->len ? " " : "", word);
}

static void add_formats(struct buf *words)
{
	for (size_t i = 0; reporters[i]; i++)
		add_word(words, reporters[i]->name);
}

static void add_severities(struct buf *words)
{
	for (int i = SEVERITY_LOW; i <= SEVERITY_CRITICAL; i++)
		add_word(words, severity_name(i));
	add_word(words, "never");
}

static void add_confidences(struct buf *words)
{
	for (int i = CONFIDENCE_LOW; i <= CONFIDENCE_CERTAIN; i++)
		add_word(words, confidence_name(i));
}

static void add_events(struct buf *words)
{
	for (const struct hook_event *row = hook_events; row->name; row++)
		add_word(words, row->name);
}

static void add_colors(struct buf *words)
{
	buf_add_text(words, "always never auto");
}

static void add_shards(struct buf *words)
{
	buf_add_text(words, "auto");
}

static const struct completion *const completions[] = {
	&completion_bash,
	&completion_zsh,
	&completion_fish,
};

static void add_shells(struct buf *words)
{
	for (size_t i = 0; i < ARRAY_SIZE(completions); i++)
		add_word(words, completions[i]->shell);
}

/* Adds the names of all commands. */
static void argument_add_commands(struct buf *words)
{
	for (size_t i = 0; cmds[i]; i++)
		add_word(words, cmds[i]->name);
}

const struct argument_name argument_names[] = {
	{ "[=<when>]", ARGUMENT_WORDS, add_colors },
	{ "<command>", ARGUMENT_WORDS, argument_add_commands },
	{ "<confidence>", ARGUMENT_WORDS, add_confidences },
	{ "<date>", ARGUMENT_TEXT, NULL },
	{ "<dir>", ARGUMENT_FOLDER, NULL },
	{ "<event>", ARGUMENT_WORDS, add_events },
	{ "<file>", ARGUMENT_FILE, NULL },
	{ "<folder>", ARGUMENT_FOLDER, NULL },
	{ "<format>", ARGUMENT_WORDS, add_formats },
	{ "<format>=<file>", ARGUMENT_REPORT, add_formats },
	{ "<glob>", ARGUMENT_RULE, NULL },
	{ "<n>", ARGUMENT_TEXT, NULL },
	{ "<name>", ARGUMENT_TEXT, NULL },
	{ "<path>", ARGUMENT_FILE, NULL },
	{ "<plan-or-repository>", ARGUMENT_FILE, NULL },
	{ "<range>", ARGUMENT_TEXT, NULL },
	{ "<report>", ARGUMENT_FILE, NULL },
	{ "<rev>", ARGUMENT_TEXT, NULL },
	{ "<rule>", ARGUMENT_RULE, NULL },
	{ "<seconds>", ARGUMENT_TEXT, NULL },
	{ "<severity>", ARGUMENT_WORDS, add_severities },
	{ "<shard>", ARGUMENT_WORDS, add_shards },
	{ "<shell>", ARGUMENT_WORDS, add_shells },
	{ "<size>", ARGUMENT_TEXT, NULL },
	{ "<text>", ARGUMENT_TEXT, NULL },
	{ "<when>", ARGUMENT_TEXT, NULL },
	{ "<who>", ARGUMENT_TEXT, NULL },
	{ "hygiene.<key>=<value>", ARGUMENT_TEXT, NULL },
	{ 0 },
};

/** The words of "(a|b)". */
static void add_choices(struct buf *words, const char *name)
{
	for (const char *at = name + 1; *at && *at != ')'; at++)
		buf_add_byte(words, *at == '|' ? ' ' : (unsigned char)*at);
}

bool argument_describe(
	enum argument_kind *kind, struct buf *words, const char *name)
{
	if (*name == '(') {
		*kind = ARGUMENT_WORDS;
		add_choices(words, name);
		return true;
	}
	for (const struct argument_name *row = argument_names; row->name; row++)
		if (!strcmp(row->name, name)) {
			*kind = row->kind;
			if (row->add_words)
				row->add_words(words);
			return true;
		}
	return false;
}

void completion_quote(FILE *out, const char *text, const char *escaped)
{
	fputc('\'', out);
	for (; *text; text++) {
		if (strchr(escaped, *text))
			fputc('\\', out);
		if (*text == '\'')
			fputs("'\\'", out);
		fputc(*text, out);
	}
	fputc('\'', out);
}

int completion_print(FILE *out, const char *shell, struct err *err)
{
	for (size_t i = 0; i < ARRAY_SIZE(completions); i++)
		if (!strcmp(completions[i]->shell, shell)) {
			completions[i]->print(out);
			return 0;
		}
	return err_set(err, ERR_USAGE,
		"--completion expects bash, zsh or fish, not '%s'", shell);
}
