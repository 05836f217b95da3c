/*
 * The inside of the judge, for judge.c and judge_keywords.c.
 */
#ifndef RULES_JUDGE_INSIDE_H
#define RULES_JUDGE_INSIDE_H

#include "rules/decodings.h"
#include "rules/judge.h"
#include "rules/pattern.h"
#include "rules/rule_patterns.h"
#include "rules/settings/setting.h"

#include <stdint.h>

#define NONE SIZE_MAX

/** A rule on the present blob. */
struct trial {
	size_t blob_number; /* that of the blob, else this is of an older one */
	bool over;          /* ruled out, or has said all it can */
	size_t next;        /* places before it were tried at a keyword */
	size_t resume; /* no match begins before, for another ended there */
	size_t batch;  /* of hits, that the next two are of */
	size_t head;   /* in these, the rule's first, or NONE */
	size_t ahead;  /* the last one seen that was within reach */
	size_t match_count;
	size_t newest_span; /* in judge.spans, or NONE */
};

/** A secret that a rule has reported. */
struct span {
	size_t start, end;
	size_t older; /* of the same rule, or NONE */
};

struct judge {
	const struct rule_index *index;
	struct pattern_state *state;
	struct rule_patterns *patterns; /* by rule */
	struct trial *trials;           /* by rule */
	size_t *occurs;                 /* by rule: number of the last blob */
	size_t *wanted;                 /* that, where its path is accepted */
	size_t blob_number;             /* that had its keywords */
	size_t first_number;            /* the blob's at its first begin */
	bool keywords_known;            /* `occurs` was filled in for it */
	uint64_t path_keywords;         /* judge_path_keywords(), so far */

	struct rule_cost *costs; /* by rule, borrowed; or NULL */
	const struct match_out *out;
	const unsigned char *bytes;
	size_t len;
	struct decodings decodings;
	struct settings settings; /* of the blob, once asked for */
	bool has_settings;
	struct span *spans;
	size_t span_count, span_capacity;
	size_t *same_rule; /* by hit: the next of its rule, or NONE */
	size_t same_rule_capacity;
	size_t batch;        /* number of the last hits */
	size_t report_count; /* matches that got as far as report() */
	int64_t budget_ms;
	int64_t deadline_ms; /* 0: no pattern has run yet */
	bool limited;
	bool timed_out;  /* which is one way to be limited */
	bool wants_path; /* settings were asked for, and no path is known */
};

/** Where a search goes; afterwards, what is left of it. */
struct search_range {
	size_t from, last; /* a match starts there */
	size_t end;        /* and ends there at the latest */
	bool near;         /* it must be near a keyword */
	size_t far_count;  /* matches that were not */
};

/** The rule's trial on this blob; it begins when first asked for. */
struct trial *trial_of(struct judge *judge, size_t rule_index);

/* These return as the functions of judge.h do. */

/** Reports what a rule's pattern, or a keyword, has found, unless a filter
 * refuses it. */
int judge_match(struct judge *judge, size_t rule_index,
	const struct pattern_span *span, struct err *err) MUST_CHECK;

/** Reports the blob as a whole, if the rule's decoder accepts it. */
int judge_format(
	struct judge *judge, size_t rule_index, struct err *err) MUST_CHECK;

/** Reports the settings that the rule is about. What holds in development alone
 * is told where nothing else is to tell. */
int judge_config(
	struct judge *judge, size_t rule_index, struct err *err) MUST_CHECK;

/** Searches for matches of the rule's pattern, which is compiled. */
int judge_search(struct judge *judge, size_t rule_index,
	struct search_range *range, struct err *err) MUST_CHECK;

/** a - b, at least 0. */
static inline size_t minus(size_t a, size_t b)
{
	return a > b ? a - b : 0;
}

/** a + b, at most `limit`. */
static inline size_t plus(size_t a, size_t b, size_t limit)
{
	return b < limit && a < limit - b ? a + b : limit;
}

#endif
