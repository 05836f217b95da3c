/* Man pages and completions are made of tables: what is in the tables is known
 * to those who read them. */
#include "base/alloc.h"
#include "base/buf.h"
#include "cmd/cmd.h"
#include "cmd/completion.h"
#include "cmd/man_page.h"
#include "cmd/roff.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

struct roff_case {
	const char *name, *text, *source;
};

static const struct roff_case roff_cases[] = {
	{ "options_can_be_copied", "scan --staged", "scan \\-\\-staged\n" },
	{ "a_dot_begins_no_request", ".hygiene.yml", "\\&.hygiene.yml\n" },
	{ "a_quote_begins_no_request", "'x'", "\\&\\(aqx\\(aq\n" },
	{ "a_backslash_is_shown", "a\\fB", "a\\efB\n" },
	{ "other_scripts_are_named", "…", "\\[u2026]\n" },
	{ "blanks_are_folded", "a  b\nc", "a b c\n" },
};

static void text_is_written_so(void **state)
{
	const struct roff_case *row = *state;
	char *source = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&source, &len);
	assert_non_null(out);
	roff_fill(out, row->text, strlen(row->text));
	fclose(out);
	assert_string_equal(source, row->source);
	free(source);
}

static char *page_of(const struct cmd *cmd)
{
	char *page = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&page, &len);
	assert_non_null(out);
	man_page_print(out, cmd);
	fclose(out);
	char *copy = xstrdup(page); /* gcc takes the first for a local one */
	free(page);
	return copy;
}

static void no_line_of_a_page_is_long(void **state)
{
	(void)state;
	for (size_t i = 0; cmds[i]; i++) {
		char *page = page_of(cmds[i]);
		for (const char *line = page; *line;) {
			size_t len = strcspn(line, "\n");
			if (len > 120)
				fail_msg("%s: %.*s", cmds[i]->name, (int)len,
					line);
			line += line[len] ? len + 1 : len;
		}
		free(page);
	}
}

static void exit_codes_stand_in_their_own_section(void **state)
{
	(void)state;
	for (size_t i = 0; cmds[i]; i++) {
		char *page = page_of(cmds[i]);
		char *section = strstr(page, "\n.SH EXIT STATUS\n");
		assert_non_null(section);
		*section = '\0'; /* what is left stands before it */
		if (strstr(page, "\nExit code:"))
			fail_msg("%s", cmds[i]->name);
		free(page);
	}
}

static void check_arguments(const char *command, const struct opt_spec *spec)
{
	for (const struct opt *opt = spec->opts; opt->help; opt++) {
		enum argument_kind kind;
		CLEANUP(buf_clear) struct buf words;
		buf_init(&words, 0);
		if (opt->argument &&
			!argument_describe(&kind, &words, opt->argument))
			fail_msg("%s: completions do not know %s", command,
				opt->argument);
	}
}

static void completions_know_every_argument(void **state)
{
	(void)state;
	for (size_t i = 0; cmds[i]; i++) {
		check_arguments(cmds[i]->name, cmds[i]->spec);
		if (cmds[i]->part)
			check_arguments(cmds[i]->name, cmds[i]->part);
	}
}

int main(void)
{
	const struct CMUnitTest whole[] = {
		cmocka_unit_test(no_line_of_a_page_is_long),
		cmocka_unit_test(exit_codes_stand_in_their_own_section),
		cmocka_unit_test(completions_know_every_argument),
	};
	enum { ROWS = sizeof(roff_cases) / sizeof(*roff_cases) };
	struct CMUnitTest rows[ROWS];
	for (size_t i = 0; i < ROWS; i++)
		rows[i] = (struct CMUnitTest){
			.name = roff_cases[i].name,
			.test_func = text_is_written_so,
			.initial_state = (void *)(uintptr_t)&roff_cases[i],
		};
	int failed = cmocka_run_group_tests(whole, NULL, NULL);
	return failed + cmocka_run_group_tests(rows, NULL, NULL);
}
