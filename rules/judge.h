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
#include "rules/keyword_search.h"
#include "rules/match.h"
#include "rules/rule_cost.h"
#include "rules/rule_index.h"

#include <stdbool.h>
#include <stddef.h>

#define JUDGE_MAX_MATCHES 1000
#define JUDGE_BUDGET_MS   10000

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

/** Begins again with the same blob. When all of its keywords went through
 * judge_keywords(), judge_blob() need not look for them. */
void judge_begin_again(struct judge *judge, const struct match_out *out,
	const char *path, bool keywords_known);

/** Says, before its keywords are judged, that the rule's path part accepts the
 * blob. Without that, keywords of rules with a path part are only noted. */
void judge_want(struct judge *judge, size_t rule_index);

/** True when the rule has said all it has to say of the blob at its keywords,
 * before the judge began again. */
bool judge_has_sought(const struct judge *judge, size_t rule_index);

/*
 * The functions below return 0, 1 when the sink said stop, or a negative code
 * from the sink or for a pattern that does not compile.
 */

/**
 * Judges the first `ready` of some hits, sorted by start and slot. A match of a
 * rule's pattern must begin at or before a keyword, by no more than the rule
 * reaches before it, and both its ends must lie within the rule's reach of it.
 * The hits behind `ready` are not judged yet, but every hit is there that can
 * begin within reach of one that is.
 *
 * So a search at a keyword tries the places since the rule's last keyword and
 * sees bytes up to `reach` behind the last keyword that a match may have: what
 * it gives depends on bytes nearby alone, and hit->after can be used again. A
 * rule without a pattern matches at each keyword, or, if it has a signature or
 * decoder, the blob; one with a `config` part at the settings that it holds
 * for.
 */
int judge_keywords(struct judge *judge, struct keyword_hit *hits, size_t ready,
	size_t count, struct err *err) MUST_CHECK;

/** What judge_keywords() may look at for a rule with a pattern: a verdict
 * holds wherever these bytes are the same. */
int judge_window(struct keyword_window *out, struct judge *judge,
	size_t rule_index, struct err *err) MUST_CHECK;

/** Tries the rule on the blob as a whole, keywords included. */
int judge_blob(
	struct judge *judge, size_t rule_index, struct err *err) MUST_CHECK;

/** True when a rule asked for settings, and no path was given. */
bool judge_wants_path(const struct judge *judge);

/** A bit for each rule with a path of which judge_keywords() has seen a
 * keyword since judge_begin(): that of its number modulo 64. */
uint64_t judge_path_keywords(const struct judge *judge);

/** True when something was cut since the begin. */
bool judge_was_limited(const struct judge *judge);

/** True when that was time. */
bool judge_ran_out_of_time(const struct judge *judge);

/** Gives patterns so long in each blob, instead of JUDGE_BUDGET_MS. */
void judge_limit_time(struct judge *judge, int64_t budget_ms);

#endif
