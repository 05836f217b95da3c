/*
 * The source "message": the commits and annotated tags themselves, as text.
 * The whole object is looked at as `git cat-file` prints it, because names,
 * signatures and tags inside of a merge are as public as the message, and a
 * header that nobody knows can hold anything.
 *
 * The path of such an entry is COMMIT_MESSAGE_PATH or TAG_MESSAGE_PATH, its
 * "blob" the commit or tag.
 */
#ifndef SCANNER_SOURCE_MESSAGES_H
#define SCANNER_SOURCE_MESSAGES_H

#include "base/err.h"
#include "scanner/entries.h"
#include "scanner/history.h"

/** Adds the commits of a history, numbering them in `changes`, with a change
 * each that says which commit brought it. Goes behind entries_add_changes().
 */
void entries_add_commits(struct entries *entries, const struct history *history,
	struct changes *changes);

/** Adds the annotated tags on the way from the tips of a range to what they
 * name, but for those at which it is cut. What cannot be read was told when
 * the history was loaded. */
int entries_add_tags(struct entries *entries, const struct history_range *range,
	struct objects_reader *reader, struct changes *changes,
	struct err *err) MUST_CHECK;

#endif
