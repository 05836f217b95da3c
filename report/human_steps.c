#include "report/human_steps.h"

#include "report/steps.h"
#include "report/text_escape.h"

#define INDENT     4
#define COMMAND    5
#define FEW_ADVICE 4 /* without -v */

static void put_notes(const struct page *page, const struct step_words *notes)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	size_t most = page->opts->verbosity > 0 ? notes->count : FEW_ADVICE;
	for (size_t i = 0; i < notes->count && i < most; i++) {
		buf_reset(&text);
		buf_add_text(&text, "- ");
		text_add(&text, notes->items[i], page->opts->utf8);
		page_wrap(page, INDENT, INDENT + 2, text.bytes);
	}
	if (notes->count <= most)
		return;
	buf_reset(&text);
	buf_printf(&text, "- and %zu more (-v shows all)", notes->count - most);
	page_wrap(page, INDENT, INDENT + 2, text.bytes);
}

static void put_step(
	const struct page *page, size_t number, const struct step *step)
{
	CLEANUP(buf_clear) struct buf title;
	buf_init(&title, 0);
	buf_printf(&title, "%zu. %s", number, step->title);
	page_wrap(page, 1, INDENT, title.bytes);
	put_notes(page, &step->notes);
	for (size_t i = 0; step->commands && step->commands[i]; i++)
		page_line(page, COMMAND, step->commands[i]);
}

void human_steps(const struct page *page, const struct group_list *list)
{
	CLEANUP(steps_clear) struct steps steps;
	steps_init(&steps, list);
	page_styled(page, STYLE_BOLD, "Next steps");
	fputc('\n', page->out);
	for (size_t i = 0; i < steps.count; i++)
		put_step(page, i + 1, &steps.items[i]);
}
