/* What was accepted, and what is accepted no longer. */
#ifndef REPORT_HUMAN_ACCEPTED_H
#define REPORT_HUMAN_ACCEPTED_H

#include "report/page.h"

/** Prints how many findings somebody has accepted and by which means, and
 * names those whose day has passed. Nothing where there are none. */
void human_accepted(const struct page *page, const struct scan_result *result);

#endif
