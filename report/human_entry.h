/* One group of findings as a paragraph of the human report. */
#ifndef REPORT_HUMAN_ENTRY_H
#define REPORT_HUMAN_ENTRY_H

#include "report/page.h"
#include "report/store_group.h"

/** Prints what it is, how much of it is where, what it gives away, since when,
 * by whom. One line alone at verbosity -1; every place at 1. */
void human_entry(const struct page *page, const struct group *group,
	const struct scan_result *result);

#endif
