/* The end of the human report: what was found, and what was looked at. */
#ifndef REPORT_HUMAN_SUMMARY_H
#define REPORT_HUMAN_SUMMARY_H

#include "report/page.h"
#include "report/store_group.h"

/** Prints totals, what was scanned, and what was not, with the reasons. A scan
 * that found nothing and is incomplete says that it is no clean bill. */
void human_summary(const struct page *page, const struct group_list *list,
	const struct scan_result *result);

#endif
