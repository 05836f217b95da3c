#include "cmd/hook_print.h"

#include "cmd/terminal.h"

#define EVENT_WIDTH 12

void hook_print_init(struct hook_print *print, FILE *out)
{
	print->opts = (struct report_opts){
		.utf8 = terminal_is_utf8(),
		.width = terminal_width(out),
	};
	page_init(&print->page, out, &print->opts);
	print->page.whole_words = true;
}

void hook_print_event(const struct hook_print *print,
	const struct hook_event *event, const char *text)
{
	page_labelled(&print->page, 0, EVENT_WIDTH, event->name, text);
}

void hook_print_text(const struct hook_print *print, const char *text)
{
	page_wrap(&print->page, 0, 0, text);
}
