/* What evidence says, in words for people; shared by the reports. */
#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

#include "base/buf.h"
#include "report/page.h"
#include "rules/evidence.h"
#include "scanner/finding.h"

#include <stdbool.h>

/** "user id" for a bit of enum holds; NULL for any other number. */
const char *words_of_holds(unsigned bit);

/** "in clear: whoever reads them is logged in" for an enum id_exposure; NULL
 * for ID_UNKNOWN. */
const char *words_of_id(int id);

/** Appends foreign text, escaped and cut to `width` columns. */
void add_name(const struct page *page, struct buf *out, const char *name,
	size_t width);

/** Appends "message of commit 0123456789", or "message" when that is no commit
 * yet; false for a finding that stands in a file. */
bool add_message(struct buf *out, const struct finding *finding);

/** Appends up to `most` names of functions, and the number of the others. */
void add_calls(const struct page *page, struct buf *out,
	const char *const *calls, size_t count, size_t most);

#endif
