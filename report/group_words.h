/*
 * What a group is, in words that every report for people shares: counts,
 * presence, validity, content. Text comes out escaped, without line breaks.
 */
#ifndef REPORT_GROUP_WORDS_H
#define REPORT_GROUP_WORDS_H

#include "base/buf.h"
#include "report/store_group.h"

#include <stdbool.h>
#include <stdint.h>

#define GROUP_OID_SHOWN 10 /* digits of an object id */

/** The title of a rule; its id where it has none. */
const char *rule_title(const struct rule *rule);

/** Appends "2024-01-02". */
void add_day(struct buf *out, int64_t time);

/** Appends the path, escaped as for a terminal, with a slash behind a folder;
 * "blob 1a2b3c4d5e" or "message" where there is none. */
void group_add_label(struct buf *out, const struct group *group, bool utf8);

/** The same for a report that is handed on: valid UTF-8, and without the
 * session id that a file may be named after. */
void group_add_public_label(struct buf *out, const struct group *group);

/** Appends how much of it is where: "2 files: all tracked now, none in
 * history". */
void group_add_counts(struct buf *out, const struct group *group,
	const struct scan_result *result);

/** Appends "2 still valid (last until 2026-12-20), 1 expired", or nothing. The
 * buffer is empty before, as for the next. */
void group_add_states(struct buf *out, const struct group *group);

/** Appends "inside: user id, e-mail address (in 1)", or nothing. */
void group_add_holdings(struct buf *out, const struct group *group);

/** Appends the three of the above, and since when; nothing of it comes from
 * the repository. */
void group_add_details(struct buf *out, const struct group *group,
	const struct scan_result *result);

/** Appends title, label and details as one line. */
void group_add_sentence(struct buf *out, const struct group *group,
	const struct scan_result *result);

#endif
