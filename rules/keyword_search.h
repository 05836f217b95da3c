/*
 * Finds where keywords stand in a blob. Where parts of the blob are copies from
 * another one, the hits of that one are taken over, and only what lies between
 * the copies, and across their ends, is searched. The result does not depend
 * on it: every hit, sorted by start and slot, as a search of all bytes gives.
 *
 * A verdict is taken over where the rule's window (everything that the search
 * at the keyword can look at) lies within the copy.
 */
#ifndef RULES_KEYWORD_SEARCH_H
#define RULES_KEYWORD_SEARCH_H

#include "base/cleanup.h"
#include "base/err.h"
#include "rules/keyword_hit.h"
#include "rules/rule_index.h"

#include <stdbool.h>
#include <stddef.h>

/** Bytes that a search at a keyword may look at, from the keyword's start. */
struct keyword_window {
	size_t before, behind;
};

/** Who judges the hits. */
struct keyword_judge {
	/** Judges hits[0, ready) and may set their `after`; the others, up to
	 * `count`, will come again. 0, or anything else to end the search. */
	int (*take)(struct keyword_hit *hits, size_t ready, size_t count,
		void *ctx, struct err *err);
	/** The window of a rule that gives verdicts; negative on failure. */
	int (*window)(struct keyword_window *out, size_t rule_index, void *ctx,
		struct err *err);
	void *ctx;
};

/** One thread's buffers and scratch memory. The index must outlive it. */
struct keyword_search;

/** Caller frees. */
struct keyword_search *keyword_search_new(const struct rule_index *index);
void keyword_search_free(struct keyword_search *search);
DEFINE_CLEANUP(keyword_search_freep, struct keyword_search, keyword_search_free)

/**
 * Searches the bytes and hands every hit to the judge once, in order. `base`
 * may be NULL. 0, or what the judge ended it with.
 * With `keep` the hits are kept for keyword_search_hits().
 */
int keyword_search_run(struct keyword_search *search,
	const unsigned char *bytes, size_t len, const struct blob_base *base,
	bool keep, const struct keyword_judge *judge,
	struct err *err) MUST_CHECK;

/** The hits of the last run that ended with 0, with their verdicts. False when
 * it kept none, or they were too many. Borrowed until the next run. */
bool keyword_search_hits(
	struct keyword_hits *out, const struct keyword_search *search);

#endif
