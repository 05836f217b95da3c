/*
 * The report for a person at a terminal: worst first, one paragraph for each
 * store, secret or path, then what was looked at, then what to do.
 */
#include "report/human_entry.h"
#include "report/human_steps.h"
#include "report/human_summary.h"
#include "report/reporters.h"

#define FEW_ENTRIES 20

static size_t entries_shown(
	const struct report_opts *opts, const struct group_list *list)
{
	if (opts->verbosity > 0 || list->count <= FEW_ENTRIES)
		return list->count;
	return FEW_ENTRIES;
}

static void write_entries(const struct page *page,
	const struct group_list *list, const struct scan_result *result)
{
	size_t shown = entries_shown(page->opts, list);
	for (size_t i = 0; i < shown; i++) {
		human_entry(page, &list->groups[i], result);
		if (page->opts->verbosity >= 0)
			fputc('\n', page->out);
	}
	if (shown == list->count)
		return;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "... and ");
	add_number(&text, list->count - shown);
	buf_add_text(&text, " more, none of them worse (-v shows all)");
	page_line(page, 0, text.bytes);
	fputc('\n', page->out);
}

static int write_human(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	CLEANUP(group_list_clear) struct group_list list;
	group_list_init(&list, result);
	struct page page;
	page_init(&page, out, opts);
	write_entries(&page, &list, result);
	human_summary(&page, &list, result);
	if (list.count && opts->verbosity >= 0) {
		fputc('\n', out);
		human_steps(&page, &list);
	}
	return report_finish(out, err);
}

const struct reporter reporter_human = {
	.name = "human",
	.summary = "for a person at a terminal",
	.write = write_human,
};
