/*
 * Decides whether one rule matches one blob, and where. The matcher says which
 * rules to try and at which keywords; the judge runs signatures, patterns,
 * filters on the secret, and decoders, cheapest first. One judge a thread.
 *
 * Within one blob a rule reports a secret at one place once, and at most
 * JUDGE_MAX_MATCHES of them; patterns get JUDGE_BUDGET_MS in all. What is cut
 * by that, or by a limit of PCRE2 or of a decoder, is remembered.
 */
#ifndef RULES_JUDGE_H
#define RULES_JUDGE_H

#include "base/cleanup.h"
#include "rules/match.h"
#include "rules/rule_cost.h"
#include "rules/rule_index.h"

#include <stdbool.h>
#include <stddef.h>

#define JUDGE_MAX_MATCHES   1000
#define JUDGE_BUDGET_MS     10000
#define JUDGE_DEFAULT_REACH 512

struct judge;

/** The index must outlive the judge. Caller frees. */
int judge_new(struct judge **out, const struct rule_index *index,
	struct err *err) MUST_CHECK;
void judge_free(struct judge *judge);
DEFINE_CLEANUP(judge_freep, struct judge, judge_free)

/** Counts what each rule costs from now on, in an array by rule; NULL: not. The
 * array is borrowed until the judge is freed. */
void judge_count_costs(struct judge *judge, struct rule_cost *costs);

/** Begins with a blob; all is borrowed until the next begin. */
void judge_begin(struct judge *judge, const struct match_out *out,
	const char *path, const unsigned char *bytes, size_t len);

/*
 * The functions below return 0, 1 when the sink said stop, or a negative code
 * from the sink or for a pattern that does not compile.
 */

/**
 * A keyword of the rule stands at start..end. A match of its pattern must begin
 * at or before a keyword, and both its ends must lie within `reach` of it. The
 * search may be put off until judge_end(). A rule without a pattern matches
 * there, or, if it has a signature or decoder, the blob; one with a `config`
 * part at the settings that it holds for.
 */
int judge_keyword(struct judge *judge, size_t rule_index, size_t start,
	size_t end, struct err *err) MUST_CHECK;

/** Searches at the keywords that are still to be searched at. */
int judge_end(struct judge *judge, struct err *err) MUST_CHECK;

/** Tries the rule on the blob as a whole, keywords included. */
int judge_blob(
	struct judge *judge, size_t rule_index, struct err *err) MUST_CHECK;

/** True when something was cut since the begin. */
bool judge_was_limited(const struct judge *judge);

#endif
