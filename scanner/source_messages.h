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

/**
 * Adds the commits of a history that stand in one of the places, numbering them
 * in `changes`, with a change each that says which commit brought it. They are
 * in PLACE_MESSAGE, and where that is not PLACE_HISTORY in theirs as well. Goes
 * behind entries_add_changes().
 */
void entries_add_commits(struct entries *entries, const struct history *history,
	unsigned places, struct changes *changes);

/** Where annotated tags are looked for; all is borrowed. */
struct tag_search {
	const struct history_range *range; /* from its tips, up to its cuts */
	const struct oid *more; /* tags of the store; those that no tip leads to
				   are in PLACE_UNREACHABLE; or NULL */
	size_t more_count;
	unsigned places; /* that are wanted */
	struct objects_reader *reader;
};

/** Adds the annotated tags on the way from the tips to what they name,
 * likewise. What cannot be read was told when the history was loaded. */
int entries_add_tags(struct entries *entries, const struct tag_search *search,
	struct changes *changes, struct err *err) MUST_CHECK;

#endif
