/* The findings of the HTML report as one JSON object, for its script. */
#ifndef REPORT_HTML_DATA_H
#define REPORT_HTML_DATA_H

#include "report/store_group.h"

#include <stdio.h>

/** Writes {"now", "rules", "groups"}, with < > & as \u00XX so that it can stand
 * in a script element. Texts are escaped for people already. */
void html_put_data(FILE *out, const struct group_list *list,
	const struct scan_result *result);

#endif
