/*
 * Where the keywords of rules stand in a blob, and what came of them: found
 * anew, or known from another blob of which this one has copies.
 *
 * A hit is of one keyword for one rule (a slot of the rule_index). `after` is
 * the verdict: 0 where there is none, else nothing that begins at this keyword
 * or at the places before it that are searched with it can be reported, and
 * the search for the rule's next match begins at start + after or later. So 1
 * says that the pattern does not match there at all.
 */
#ifndef RULES_KEYWORD_HIT_H
#define RULES_KEYWORD_HIT_H

#include <stddef.h>
#include <stdint.h>

struct keyword_hit {
	size_t start;
	uint32_t slot;
	uint32_t after;
};

struct encoded_run;

/** All hits of a blob, by start and slot. */
struct keyword_hits {
	const struct keyword_hit *items;
	size_t count;
	size_t blob_len;
};

/** Bytes [at, at + len) of a blob that stand in its base at `from`. */
struct blob_copy {
	size_t at;
	size_t from;
	size_t len;
};

/** Shorter copies are quicker searched again than carried. */
#define BLOB_COPY_MIN 128

/** What is known of a blob that is like this one. */
struct blob_base {
	const struct keyword_hits *hits;
	const struct blob_copy *copies; /* by `at`, none overlaps another */
	size_t copy_count;
	const struct encoded_run *runs; /* in which something was found,
						by start */
	size_t run_count;
};

#endif
