/* What ties a group to other findings, as sentences of the human report. */
#ifndef REPORT_HUMAN_LINKS_H
#define REPORT_HUMAN_LINKS_H

#include "report/page.h"
#include "report/store_group.h"

/** Prints a few links of the group's findings; all at verbosity 1. */
void human_links(const struct page *page, const struct group *group);

/** Appends one link as a sentence: "signs the cookie in README.md:3, both
 * public since 2026-02-03". */
void add_link(struct buf *out, const struct finding_link *link, bool utf8);

/** "signs the cookie in ", …: words before the path of the other finding. */
const char *link_words(const struct finding_link *link);

/** The member with the most links: all that a secret has, whichever file it
 * stands in. */
const struct finding *most_linked(const struct group *group);

#endif
