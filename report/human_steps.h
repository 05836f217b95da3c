/*
 * What to do now, as commands to copy. A command is never shortened, and
 * names every path that it is for, or is not printed.
 */
#ifndef REPORT_HUMAN_STEPS_H
#define REPORT_HUMAN_STEPS_H

#include "report/page.h"
#include "report/store_group.h"

/** Prints the steps that the groups call for, in the order to take them. */
void human_steps(const struct page *page, const struct group_list *list);

#endif
