/*
 * Finds encoded text in a blob, searching only what is new where parts of the
 * blob are copies from another one: of that one the runs are known in which
 * something was found. All others gave nothing, and are not looked at again.
 */
#ifndef RULES_ENCODED_SEARCH_H
#define RULES_ENCODED_SEARCH_H

#include "rules/encoded/runs.h"
#include "rules/keyword_hit.h"

#include <stddef.h>

/** Runs of one text; all zero is empty. */
struct encoded_runs {
	struct encoded_run *items;
	size_t count, capacity;
};

/** Replaces the runs by those of the bytes, in no order. `base` may be NULL:
 * then every byte is searched. */
void encoded_runs_find(struct encoded_runs *runs, const unsigned char *bytes,
	size_t len, const struct blob_base *base);

void encoded_runs_clear(struct encoded_runs *runs);

#endif
