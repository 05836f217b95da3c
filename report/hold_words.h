/* By what a finding can be reached, in words. */
#ifndef REPORT_HOLD_WORDS_H
#define REPORT_HOLD_WORDS_H

#include "base/buf.h"
#include "report/store_group.h"

/** Appends the places but the index and history: "in a stash", or "only in a
 * stash" where it is nowhere else; nothing for none. */
void add_other_places(struct buf *out, unsigned places);

/** True when none of the places is history, an index or a folder on disk, so
 * that git gc may delete it some day, or a command that few remember. */
bool is_elsewhere_alone(unsigned places);

/** Appends "held by refs/heads/main, at the tip of a branch", or what else
 * reaches it; `name` appends a ref's. Nothing where that was not looked at. */
void add_holders(struct buf *out, const struct group *group, size_t most,
	void (*name)(struct buf *out, const char *ref, const void *ctx),
	const void *ctx);

#endif
