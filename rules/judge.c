#include "rules/judge.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/uptime.h"
#include "rules/config_test.h"
#include "rules/judge_inside.h"
#include "rules/keyword.h"
#include "rules/secret_test.h"
#include "rules/signature.h"

#include <stdint.h>
#include <string.h>

/* Starts of matches that one call of PCRE2 tries: between two calls the clock
 * is looked at. After a limit was hit, fewer, so that less is skipped. */
#define SLICE       ((size_t)16 * 1024)
#define SLICE_SMALL ((size_t)256)

/* Matches too far from a keyword, after each of which the next byte is tried;
 * later ones are skipped as a whole. */
#define MAX_FAR 64

int judge_new(
	struct judge **out, const struct rule_index *index, struct err *err)
{
	CLEANUP(judge_freep) struct judge *judge = xcalloc(1, sizeof(*judge));
	judge->index = index;
	judge->budget_ms = JUDGE_BUDGET_MS;
	judge->patterns = xcalloc(index->count, sizeof(*judge->patterns));
	judge->trials = xcalloc(index->count, sizeof(*judge->trials));
	judge->occurs = xcalloc(index->count, sizeof(*judge->occurs));
	judge->wanted = xcalloc(index->count, sizeof(*judge->wanted));
	int rc = pattern_state_new(&judge->state, err);
	if (rc < 0)
		return rc;
	*out = STEAL(judge);
	return 0;
}

void judge_free(struct judge *judge)
{
	if (!judge)
		return;
	for (size_t i = 0; i < judge->index->count; i++)
		rule_patterns_clear(&judge->patterns[i]);
	free(judge->patterns);
	free(judge->trials);
	free(judge->occurs);
	free(judge->wanted);
	free(judge->same_rule);
	free(judge->spans);
	decodings_clear(&judge->decodings);
	settings_clear(&judge->settings);
	pattern_state_free(judge->state);
	free(judge);
}

void judge_begin_again(struct judge *judge, const struct match_out *out,
	const char *path, bool keywords_known)
{
	judge->blob_number++;
	judge->out = out;
	decodings_begin(
		&judge->decodings, path, judge->bytes, judge->len, out->arena);
	if (judge->has_settings)
		settings_clear(&judge->settings);
	judge->has_settings = false;
	judge->keywords_known = keywords_known;
	judge->span_count = 0;
	judge->deadline_ms = 0;
	judge->limited = false;
	judge->timed_out = false;
	judge->wants_path = false;
}

void judge_begin(struct judge *judge, const struct match_out *out,
	const char *path, const unsigned char *bytes, size_t len)
{
	judge->bytes = bytes;
	judge->len = len;
	judge->path_keywords = 0;
	judge_begin_again(judge, out, path, false);
	judge->first_number = judge->blob_number;
}

void judge_want(struct judge *judge, size_t rule_index)
{
	judge->wanted[rule_index] = judge->first_number;
}

bool judge_has_sought(const struct judge *judge, size_t rule_index)
{
	return judge->wanted[rule_index] == judge->first_number &&
		judge->keywords_known &&
		rule_is_sought(judge->index->rules[rule_index]);
}

void judge_count_costs(struct judge *judge, struct rule_cost *costs)
{
	judge->costs = costs;
}

bool judge_wants_path(const struct judge *judge)
{
	return judge->wants_path;
}

uint64_t judge_path_keywords(const struct judge *judge)
{
	return judge->path_keywords;
}

bool judge_was_limited(const struct judge *judge)
{
	return judge->limited;
}

bool judge_ran_out_of_time(const struct judge *judge)
{
	return judge->timed_out;
}

void judge_limit_time(struct judge *judge, int64_t budget_ms)
{
	judge->budget_ms = budget_ms;
}

static bool out_of_time(struct judge *judge)
{
	int64_t now = uptime_ms();
	if (!judge->deadline_ms)
		judge->deadline_ms = now + judge->budget_ms;
	return now >= judge->deadline_ms;
}

struct trial *trial_of(struct judge *judge, size_t rule_index)
{
	struct trial *trial = &judge->trials[rule_index];
	if (trial->blob_number == judge->blob_number)
		return trial;
	*trial = (struct trial){
		.blob_number = judge->blob_number,
		.newest_span = NONE,
		.over = !signatures_fit(judge->index->rules[rule_index],
			judge->bytes, judge->len),
	};
	return trial;
}

static bool kind_fits(const struct rule *rule, const char *kind)
{
	if (!rule->decoder_kinds)
		return true;
	for (size_t i = 0; rule->decoder_kinds[i]; i++)
		if (!strcmp(rule->decoder_kinds[i], kind))
			return true;
	return false;
}

/* True when the rule has no decoder, *out is NULL then, or it accepts. */
static bool decoder_accepts(const struct evidence **out, struct judge *judge,
	size_t rule_index, const struct pattern_span *span)
{
	*out = NULL;
	const struct rule *rule = judge->index->rules[rule_index];
	const struct decoder *decoder = judge->index->decoders[rule_index];
	if (!decoder)
		return true;
	int rc = rule->decode_secret
		? decodings_of_part(out, &judge->decodings, decoder,
			  span->group_start, span->group_end)
		: decodings_get(out, &judge->decodings, decoder);
	if (rc < 0)
		judge->limited = true;
	return rc > 0 && kind_fits(rule, (*out)->kind);
}

static bool is_reported(const struct judge *judge, const struct trial *trial,
	size_t start, size_t end)
{
	for (size_t i = trial->newest_span; i != NONE;
		i = judge->spans[i].older)
		if (judge->spans[i].start == start &&
			judge->spans[i].end == end)
			return true;
	return false;
}

/* False: the secret is none, or too many were found. */
static bool note_span(
	struct judge *judge, struct trial *trial, size_t start, size_t end)
{
	if (is_reported(judge, trial, start, end))
		return false;
	if (trial->match_count == JUDGE_MAX_MATCHES) {
		judge->limited = true;
		trial->over = true;
		return false;
	}
	trial->match_count++;
	if (judge->costs)
		judge->costs[trial - judge->trials].matches++;
	ARRAY_GROW(judge->spans, judge->span_count, judge->span_capacity);
	judge->spans[judge->span_count] =
		(struct span){ start, end, trial->newest_span };
	trial->newest_span = judge->span_count++;
	return true;
}

static bool is_excepted(struct judge *judge,
	const struct rule_patterns *patterns, const unsigned char *secret,
	size_t len)
{
	for (size_t i = 0; i < patterns->except_count; i++) {
		struct pattern_span span;
		int rc = pattern_search(&span, patterns->excepts[i],
			judge->state, secret, len, 0, len);
		if (rc < 0)
			judge->limited = true; /* and it may be a secret */
		if (rc > 0)
			return true;
	}
	return false;
}

/* Sets why the match is believed; false when a part of it is missing. */
static bool is_believed(struct match *match, struct judge *judge,
	const struct pattern_span *span)
{
	const struct belief_input input = {
		.rule = match->rule,
		.patterns = &judge->patterns[match->rule_index],
		.state = judge->state,
		.bytes = judge->bytes,
		.len = judge->len,
		.span = span,
		.arena = judge->out->arena,
	};
	if (!match->rule->pattern)
		return true;
	int rc = belief_make(&match->belief, &input);
	if (rc < 0)
		judge->limited = true;
	return rc > 0;
}

/* Says that the rule matches the blob, as a whole where the span is empty. */
static int report(struct judge *judge, size_t rule_index,
	const struct pattern_span *span, struct err *err)
{
	struct match match = {
		.rule = judge->index->rules[rule_index],
		.rule_index = rule_index,
		.start = span->start,
		.end = span->end,
		.secret_start = span->group_start,
		.secret_end = span->group_end,
	};
	struct trial *trial = trial_of(judge, rule_index);
	judge->report_count++;
	if (!decoder_accepts(&match.evidence, judge, rule_index, span)) {
		/* the blob stays what it is; another secret may be one */
		trial->over = !match.rule->decode_secret;
		return 0;
	}
	if (!is_believed(&match, judge, span) ||
		!note_span(judge, trial, span->group_start, span->group_end))
		return 0;
	return judge->out->sink(&match, judge->out->ctx, err);
}

/* Reports a span of bytes if its secret passes the rule's filters. */
int judge_match(struct judge *judge, size_t rule_index,
	const struct pattern_span *span, struct err *err)
{
	const struct rule *rule = judge->index->rules[rule_index];
	const struct rule_patterns *patterns = &judge->patterns[rule_index];
	const unsigned char *secret = judge->bytes + span->group_start;
	size_t len = span->group_end - span->group_start;
	if (secret_test(rule, secret, len) != SECRET_PASSES ||
		is_excepted(judge, patterns, secret, len))
		return 0;
	return report(judge, rule_index, span, err);
}

int judge_format(struct judge *judge, size_t rule_index, struct err *err)
{
	uint64_t start_ns = rule_cost_clock(judge->costs);
	trial_of(judge, rule_index)->over = true;
	int rc = report(judge, rule_index, &(struct pattern_span){ 0 }, err);
	rule_cost_count(judge->costs, rule_index, start_ns);
	return rc;
}

static const struct settings *settings_of(struct judge *judge)
{
	if (!judge->has_settings)
		settings_read(&judge->settings, judge->decodings.path,
			judge->bytes, judge->len);
	judge->has_settings = true;
	return &judge->settings;
}

static int report_setting(struct judge *judge, size_t rule_index,
	const struct setting *setting, struct err *err)
{
	const struct match match = {
		.rule = judge->index->rules[rule_index],
		.rule_index = rule_index,
		.start = setting->start,
		.end = setting->end,
		.secret_start = setting->start,
		.secret_end = setting->end,
		.evidence = config_evidence(judge->out->arena, setting),
	};
	struct trial *trial = trial_of(judge, rule_index);
	if (!note_span(judge, trial, setting->start, setting->end))
		return 0;
	return judge->out->sink(&match, judge->out->ctx, err);
}

/* Reports the settings that the rule's `config` holds for, and returns what
 * the sink said; those for development, or the others. */
static int report_settings(struct judge *judge, size_t rule_index,
	bool development, struct err *err)
{
	const char *path = judge->decodings.path;
	const struct settings *settings = settings_of(judge);
	const struct rule *rule = judge->index->rules[rule_index];
	const struct trial *trial = trial_of(judge, rule_index);
	for (size_t i = 0; i < settings->count && !trial->over; i++) {
		const struct setting *setting = &settings->items[i];
		if (setting->development != development ||
			setting->overridden || setting->weak ||
			!config_is_about(rule->config, setting) ||
			!config_holds(rule->config, setting, path))
			continue;
		int rc = report_setting(judge, rule_index, setting, err);
		if (rc)
			return rc;
	}
	return 0;
}

int judge_config(struct judge *judge, size_t rule_index, struct err *err)
{
	const char *path = judge->decodings.path;
	const struct rule *rule = judge->index->rules[rule_index];
	struct trial *trial = trial_of(judge, rule_index);
	if (trial->over)
		return 0;
	judge->wants_path = judge->wants_path || !path;
	trial->over = !path ||
		!settings_format_has(
			settings_format(path), rule->config->framework);
	if (trial->over)
		return 0;
	int rc = report_settings(judge, rule_index, false, err);
	if (rc == 0 && !trial->match_count)
		rc = report_settings(judge, rule_index, true, err);
	trial->over = true;
	return rc;
}

/* True when a keyword stands where judge_keywords() wants it. */
static bool is_near_keyword(const struct judge *judge, const struct rule *rule,
	const struct pattern_span *span)
{
	size_t reach = rule_reach(rule);
	size_t before = rule_reach_before(rule);
	for (size_t i = 0; rule->keywords[i]; i++) {
		size_t len = strlen(rule->keywords[i]);
		size_t from = minus(span->end, plus(reach, len, SIZE_MAX));
		if (from < span->start)
			from = span->start;
		size_t to = plus(
			plus(span->start, before, judge->len), len, judge->len);
		if (from < to &&
			keyword_find(judge->bytes + from, to - from,
				rule->keywords[i], len, rule->ignore_case))
			return true;
	}
	return false;
}

/* Takes a match; sets where to go on. */
static int take(size_t *next, struct judge *judge, size_t rule_index,
	struct search_range *range, const struct pattern_span *span,
	struct err *err)
{
	/* by \K a match can end before it was searched for */
	*next = span->end + (span->end == span->start);
	if (*next <= range->from)
		*next = range->from + 1;
	const struct rule *rule = judge->index->rules[rule_index];
	if (!range->near || is_near_keyword(judge, rule, span))
		return judge_match(judge, rule_index, span, err);
	if (range->far_count++ < MAX_FAR && span->start >= range->from)
		*next = span->start + 1;
	return 0;
}

static int search(struct judge *judge, size_t rule_index,
	struct search_range *range, struct err *err)
{
	const struct pattern *pattern = judge->patterns[rule_index].pattern;
	const struct trial *trial = trial_of(judge, rule_index);
	size_t slice = SLICE;
	while (range->from <= range->last && range->from <= range->end &&
		!trial->over) {
		if (out_of_time(judge)) {
			judge->limited = judge->timed_out = true;
			return 0;
		}
		size_t last = plus(range->from, slice - 1, range->last);
		size_t next = last + 1;
		struct pattern_span span;
		int rc = pattern_search(&span, pattern, judge->state,
			judge->bytes, range->end, range->from, last);
		if (rc < 0 && slice > SLICE_SMALL) {
			slice = SLICE_SMALL;
			continue;
		}
		if (rc < 0)
			judge->limited = true;
		if (rc > 0)
			rc = take(&next, judge, rule_index, range, &span, err);
		else
			rc = 0;
		if (rc)
			return rc;
		range->from = next;
	}
	return 0;
}

int judge_search(struct judge *judge, size_t rule_index,
	struct search_range *range, struct err *err)
{
	uint64_t start_ns = rule_cost_clock(judge->costs);
	int rc = search(judge, rule_index, range, err);
	rule_cost_count(judge->costs, rule_index, start_ns);
	return rc;
}

static bool any_keyword_occurs(const struct judge *judge, size_t rule_index)
{
	const struct rule *rule = judge->index->rules[rule_index];
	if (!rule->keywords)
		return true;
	if (judge->keywords_known && rule_has_path(rule))
		return judge->occurs[rule_index] == judge->first_number;
	for (size_t i = 0; rule->keywords[i]; i++)
		if (keyword_find(judge->bytes, judge->len, rule->keywords[i],
			    strlen(rule->keywords[i]), rule->ignore_case))
			return true;
	return false;
}

/* Every place of every keyword is a match. */
static int report_keywords(
	struct judge *judge, size_t rule_index, struct err *err)
{
	const struct rule *rule = judge->index->rules[rule_index];
	const struct trial *trial = trial_of(judge, rule_index);
	const unsigned char *end = judge->bytes + judge->len;
	for (size_t i = 0; rule->keywords[i]; i++) {
		size_t len = strlen(rule->keywords[i]);
		const unsigned char *at = judge->bytes;
		while (!trial->over &&
			(at = keyword_find(at, (size_t)(end - at),
				 rule->keywords[i], len, rule->ignore_case))) {
			size_t start = (size_t)(at - judge->bytes);
			struct pattern_span span = { start, start + len, start,
				start + len };
			int rc = judge_match(judge, rule_index, &span, err);
			if (rc)
				return rc;
			at++;
		}
	}
	return 0;
}

int judge_blob(struct judge *judge, size_t rule_index, struct err *err)
{
	const struct rule *rule = judge->index->rules[rule_index];
	const struct trial *trial = trial_of(judge, rule_index);
	if (trial->over || !any_keyword_occurs(judge, rule_index))
		return 0;
	if (rule->config)
		return judge_config(judge, rule_index, err);
	int rc = rule_patterns_compile(&judge->patterns[rule_index], rule, err);
	if (rc < 0)
		return rc;
	if (!rule->pattern && rule->keywords && !rule->decoder &&
		!rule->signature_count)
		return report_keywords(judge, rule_index, err);
	if (!rule->pattern)
		return judge_format(judge, rule_index, err);
	struct search_range all = { .last = judge->len, .end = judge->len };
	return judge_search(judge, rule_index, &all, err);
}
