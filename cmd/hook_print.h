/* What `hook` says of each event, on a terminal. */
#ifndef CMD_HOOK_PRINT_H
#define CMD_HOOK_PRINT_H

#include "cmd/hook_event.h"
#include "report/page.h"

/** A page, and what it is printed with. */
struct hook_print {
	struct report_opts opts;
	struct page page;
};

/** Begins a page on `out`, which is borrowed, and borrows from itself: it is
 * not to be copied. */
void hook_print_init(struct hook_print *print, FILE *out);

/** Prints a text, escaped already, behind the event's name. */
void hook_print_event(const struct hook_print *print,
	const struct hook_event *event, const char *text);

/** Prints a paragraph. */
void hook_print_text(const struct hook_print *print, const char *text);

#endif
