/* "Did you mean": the name nearest to what was typed. */
#ifndef CMD_SUGGEST_H
#define CMD_SUGGEST_H

#include <stddef.h>

/** Offer names one by one; `best` is then the nearest, or NULL. */
struct suggestion {
	const char *typed; /* borrowed */
	size_t typed_len;
	const char *best; /* borrowed from the caller of suggestion_offer() */
	size_t distance;  /* of `best`; offers must be nearer */
};

/** Starts a search for the `len` bytes at `typed`. */
void suggestion_init(
	struct suggestion *suggestion, const char *typed, size_t len);

/**
 * Takes the name when it is nearer than all before it, and near enough to be
 * a slip: one edit for each three letters typed, at most three.
 */
void suggestion_offer(struct suggestion *suggestion, const char *name);

#endif
