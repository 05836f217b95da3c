/*
 * Markdown for a pull request or the summary of a job: a table, worst first,
 * then what to do and what was looked at. It stays below the 65,536 characters
 * that a comment on GitHub may have, by leaving out the least bad rows, which
 * it says.
 */
#include "report/group_identity.h"
#include "report/group_words.h"
#include "report/host_rule.h"
#include "report/markdown.h"
#include "report/reporters.h"
#include "report/steps.h"
#include "report/text_escape.h"

#include <string.h>

#define MAX_ROWS_BYTES 50000
#define MAX_PATH_WIDTH 120
#define MAX_NOTES      10

/* GitHub's tables end a cell at a bar that no backslash is before, in a code
 * span too (GFM §4.10); a backslash that is itself escaped does not count. */
static void add_cell(struct buf *out, const char *text)
{
	size_t backslashes = 0;
	for (; *text; text++) {
		if (*text == '|' && backslashes % 2 == 0)
			buf_add_byte(out, '\\');
		backslashes = *text == '\\' ? backslashes + 1 : 0;
		buf_add_byte(out, (unsigned char)*text);
	}
}

static void add_row(struct buf *out, const struct group *group,
	const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf label;
	CLEANUP(buf_clear) struct buf cell;
	buf_init(&label, 0);
	buf_init(&cell, 0);
	group_add_public_label(&label, group);
	text_shorten(&label, MAX_PATH_WIDTH, true);
	size_t line = finding_line(group_spot(group));
	if (group->kind != GROUP_STORE && line)
		buf_printf(&label, ":%zu", line);
	buf_printf(out, "| %s | ", severity_name(group->worst->severity));
	markdown_add_code(&cell, label.bytes);
	add_cell(out, cell.bytes);
	buf_add_text(out, " | ");
	buf_reset(&cell);
	markdown_add_text(&cell, rule_title(group->worst->rule));
	add_cell(out, cell.bytes);
	buf_add_text(out, " | ");
	group_add_details(out, group, result);
	buf_add_text(out, " |\n");
}

static void put_table(FILE *out, const struct group_list *list,
	const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf rows;
	buf_init(&rows, 0);
	size_t shown = 0;
	while (shown < list->count && rows.len < MAX_ROWS_BYTES)
		add_row(&rows, &list->groups[shown++], result);
	fprintf(out,
		"| severity | where | what | state |\n|---|---|---|---|\n%s",
		rows.bytes);
	if (shown < list->count)
		fprintf(out,
			"\nand %zu more, none of them worse; `git hygiene "
			"scan -v` lists all.\n",
			list->count - shown);
}

static void put_steps(FILE *out, const struct group_list *list)
{
	CLEANUP(steps_clear) struct steps steps;
	steps_init(&steps, list);
	fputs("\n### Next steps\n\n", out);
	for (size_t i = 0; i < steps.count; i++) {
		const struct step *step = &steps.items[i];
		fprintf(out, "%zu. %s\n", i + 1, step->title);
		for (size_t n = 0; n < step->notes.count && n < MAX_NOTES;
			n++) {
			CLEANUP(buf_clear) struct buf text;
			buf_init(&text, 0);
			markdown_add_text(&text, step->notes.items[n]);
			fprintf(out, "   - %s\n", text.bytes);
		}
		if (step->notes.count > MAX_NOTES)
			fprintf(out, "   - and %zu more\n",
				step->notes.count - MAX_NOTES);
		for (size_t c = 0; step->commands && step->commands[c]; c++)
			fprintf(out, "   - `%s`\n", step->commands[c]);
	}
}

static void put_coverage(FILE *out, const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_looked_at(&text, result);
	fprintf(out, "\nLooked at %s.\n", text.bytes);
	buf_reset(&text);
	add_incomplete(&text, result);
	if (text.len)
		fprintf(out, "\n**Incomplete.** %s.\n", text.bytes);
}

static void put_left_out(FILE *out, const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_left_out(&text, result);
	if (text.len)
		fprintf(out, "\nLeft out: %s.\n", text.bytes);
}

static int write_markdown(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	(void)opts;
	CLEANUP(group_list_clear) struct group_list list;
	group_list_init(&list, result);
	fputs("## Session data and secrets\n\n", out);
	if (list.count)
		put_table(out, &list, result);
	else
		fputs(result->complete ? "Nothing found.\n"
				       : "Nothing found, but not all was "
					 "looked at.\n",
			out);
	if (list.count)
		put_steps(out, &list);
	put_left_out(out, result);
	put_coverage(out, result);
	return report_finish(out, err);
}

const struct reporter reporter_markdown = {
	.name = "markdown",
	.summary = "a table for a pull request or a job summary",
	.write = write_markdown,
};
