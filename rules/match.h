/* Matches, and where they go. */
#ifndef RULES_MATCH_H
#define RULES_MATCH_H

#include "base/arena.h"
#include "base/err.h"
#include "rules/belief.h"
#include "rules/evidence.h"
#include "rules/rule.h"

#include <stddef.h>

/** One match in content. Spans are half-open byte offsets. */
struct match {
	const struct rule *rule;
	size_t rule_index; /* in the rule_index */
	size_t start, end; /* the whole match; 0, 0 for a format match */
	size_t secret_start, secret_end; /* group 1, or the whole match */
	const struct evidence *evidence; /* NULL without a decoder; borrowed
						from the sink's arena */
	const struct belief *belief;     /* the same, NULL without a pattern */
};

/** Takes a match; 0 go on, 1 stop, negative is passed up. */
typedef int match_sink(const struct match *match, void *ctx, struct err *err);

/** Where matches go. */
struct match_out {
	match_sink *sink;
	void *ctx;
	struct arena *arena; /* evidence is made here */
};

#endif
