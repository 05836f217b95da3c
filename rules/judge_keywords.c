/*
 * Keywords, in order: each rule is asked at each of its keywords, unless a
 * verdict says that this would be in vain.
 */
#include "rules/judge_inside.h"

#include "base/alloc.h"

#include <string.h>

/* True for a rule that is asked at this keyword of the blob. */
static bool is_asked(const struct judge *judge, const struct keyword_slot *slot)
{
	return !slot->of_path ||
		(!slot->occurs &&
			judge->wanted[slot->rule] == judge->first_number);
}

static bool has_pattern(
	const struct judge *judge, const struct keyword_slot *slot)
{
	return judge->index->rules[slot->rule]->pattern &&
		is_asked(judge, slot);
}

/* Ties each hit of a rule with a pattern to the next one of the rule. */
static void tie(
	struct judge *judge, const struct keyword_hit *hits, size_t count)
{
	const struct keyword_slot *slots = judge->index->slots;
	if (judge->same_rule_capacity < count) {
		judge->same_rule_capacity = count + count / 2;
		judge->same_rule = xreallocarray(judge->same_rule,
			judge->same_rule_capacity, sizeof(*judge->same_rule));
	}
	judge->batch++;
	for (size_t i = count; i-- > 0;) {
		const struct keyword_slot *slot = &slots[hits[i].slot];
		if (!has_pattern(judge, slot))
			continue;
		struct trial *trial = trial_of(judge, slot->rule);
		if (trial->batch != judge->batch)
			trial->head = NONE;
		trial->batch = judge->batch;
		judge->same_rule[i] = trial->head;
		trial->head = trial->ahead = i;
	}
}

/* The end of hits[i], or of the last keyword that a match may have which begins
 * there or before. */
static size_t last_end(struct judge *judge, const struct keyword_hit *hits,
	size_t i, const struct keyword_slot *slot)
{
	struct trial *trial = &judge->trials[slot->rule];
	const struct keyword_slot *slots = judge->index->slots;
	size_t within = hits[i].start +
		rule_reach_before(judge->index->rules[slot->rule]);
	size_t at = trial->ahead > i ? trial->ahead : i;
	while (judge->same_rule[at] != NONE &&
		hits[judge->same_rule[at]].start <= within)
		at = judge->same_rule[at];
	trial->ahead = at;
	size_t own = hits[i].start + slot->len;
	size_t last = hits[at].start + slots[hits[at].slot].len;
	return last > own ? last : own;
}

/* The verdict after a search at `start` that has reported nothing. */
static uint32_t verdict(const struct trial *trial, size_t start)
{
	if (trial->over)
		return 0;
	size_t after = trial->resume > start ? trial->resume - start : 1;
	return after <= UINT32_MAX ? (uint32_t)after : 0;
}

/* Searches at a keyword, from `from` or where the last match has ended. There
 * is a verdict when all of it was searched, and what was found got no farther
 * than tests on the secret alone: reports depend on all that was reported, and
 * decoders on the blob. */
static int search_keyword(struct judge *judge, struct keyword_hit *hits,
	size_t i, size_t from, struct err *err)
{
	const struct keyword_slot *slot = &judge->index->slots[hits[i].slot];
	const struct rule *rule = judge->index->rules[slot->rule];
	struct trial *trial = &judge->trials[slot->rule];
	int rc = rule_patterns_compile(&judge->patterns[slot->rule], rule, err);
	if (rc < 0)
		return rc;
	bool whole = trial->resume <= from;
	struct search_range range = {
		.from = whole ? from : trial->resume,
		.last = hits[i].start,
		.end = plus(last_end(judge, hits, i, slot), rule_reach(rule),
			judge->len),
		.near = true,
	};
	bool was_limited = judge->limited;
	size_t report_count = judge->report_count;
	judge->limited = false;
	rc = judge_search(judge, slot->rule, &range, err);
	if (range.from > trial->resume)
		trial->resume = range.from;
	if (whole && !judge->limited && judge->report_count == report_count)
		hits[i].after = verdict(trial, hits[i].start);
	judge->limited = judge->limited || was_limited;
	return rc;
}

/* The places that a keyword is searched at are those since the rule's last
 * keyword, as far back as a match may begin. */
static int judge_pattern(struct judge *judge, struct keyword_hit *hits,
	size_t i, struct err *err)
{
	const struct keyword_slot *slot = &judge->index->slots[hits[i].slot];
	struct trial *trial = trial_of(judge, slot->rule);
	size_t start = hits[i].start;
	size_t from = minus(
		start, rule_reach_before(judge->index->rules[slot->rule]));
	if (from < trial->next)
		from = trial->next;
	if (trial->over)
		return 0;
	if (trial->next <= start)
		trial->next = start + 1;
	if (from > start) /* another keyword stands here, too */
		hits[i].after = 1;
	if (hits[i].after == 1)
		return 0;
	if (!hits[i].after || trial->resume > from)
		return search_keyword(judge, hits, i, from, err);
	trial->resume = start + hits[i].after;
	return 0;
}

static int judge_keyword(struct judge *judge, struct keyword_hit *hits,
	size_t i, struct err *err)
{
	const struct keyword_slot *slot = &judge->index->slots[hits[i].slot];
	const struct rule *rule = judge->index->rules[slot->rule];
	if (slot->of_path) {
		judge->occurs[slot->rule] = judge->first_number;
		judge->path_keywords |= UINT64_C(1) << slot->rule % 64;
	}
	if (!is_asked(judge, slot))
		return 0;
	if (rule->config)
		return judge_config(judge, slot->rule, err);
	if (rule->pattern)
		return judge_pattern(judge, hits, i, err);
	if (trial_of(judge, slot->rule)->over)
		return 0;
	if (rule->decoder || rule->signature_count)
		return judge_format(judge, slot->rule, err);
	size_t start = hits[i].start;
	const struct pattern_span span = { start, start + slot->len, start,
		start + slot->len };
	return judge_match(judge, slot->rule, &span, err);
}

int judge_keywords(struct judge *judge, struct keyword_hit *hits, size_t ready,
	size_t count, struct err *err)
{
	tie(judge, hits, count);
	for (size_t i = 0; i < ready; i++) {
		int rc = judge_keyword(judge, hits, i, err);
		if (rc)
			return rc;
	}
	return 0;
}

int judge_window(struct keyword_window *out, struct judge *judge,
	size_t rule_index, struct err *err)
{
	const struct rule *rule = judge->index->rules[rule_index];
	const struct rule_patterns *patterns = &judge->patterns[rule_index];
	size_t reach = rule_reach(rule);
	size_t reach_before = rule_reach_before(rule);
	size_t longest = 0;
	int rc = rule_patterns_compile(&judge->patterns[rule_index], rule, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; rule->keywords[i]; i++)
		if (longest < strlen(rule->keywords[i]))
			longest = strlen(rule->keywords[i]);
	out->before = reach_before + pattern_lookbehind(patterns->pattern);
	out->behind = reach_before + reach + longest;
	/* a match may begin behind its keyword, and is compared with others */
	if (strstr(rule->pattern, "\\K"))
		out->behind += reach + longest;
	return 0;
}
