#include "rules/matcher.h"

#include "base/alloc.h"
#include "rules/judge.h"

struct matcher {
	const struct rule_index *index;
	struct path_matcher *paths;
	struct keyword_search *keywords;
	struct judge *judge;
	bool keywords_known; /* the last blob's were all seen by the judge */
	bool kept;           /* and its hits are in `keywords` */
	bool path_limited;   /* in the last run, if that was on a path */
};

int matcher_new(
	struct matcher **out, const struct rule_index *index, struct err *err)
{
	CLEANUP(matcher_freep)
	struct matcher *matcher = xcalloc(1, sizeof(*matcher));
	matcher->index = index;
	matcher->keywords = keyword_search_new(index);
	int rc = path_matcher_new(&matcher->paths, index->paths, err);
	if (rc == 0)
		rc = judge_new(&matcher->judge, index, err);
	if (rc < 0)
		return rc;
	*out = STEAL(matcher);
	return 0;
}

void matcher_free(struct matcher *matcher)
{
	if (!matcher)
		return;
	path_matcher_free(matcher->paths);
	keyword_search_free(matcher->keywords);
	judge_free(matcher->judge);
	free(matcher);
}

void matcher_count_costs(struct matcher *matcher, struct rule_cost *costs)
{
	judge_count_costs(matcher->judge, costs);
}

void matcher_path(struct matcher *matcher, const char *path, size_t len,
	path_sink *sink, void *ctx)
{
	matcher->path_limited =
		!path_matcher_ask(matcher->paths, path, len, sink, ctx);
}

static int judge_list(
	struct judge *judge, const struct rule_list *list, struct err *err)
{
	for (size_t i = 0; i < list->count; i++) {
		int rc = judge_blob(judge, list->items[i], err);
		if (rc)
			return rc;
	}
	return 0;
}

static int take_hits(struct keyword_hit *hits, size_t ready, size_t count,
	void *ctx, struct err *err)
{
	return judge_keywords(ctx, hits, ready, count, err);
}

static int ask_window(struct keyword_window *out, size_t rule_index, void *ctx,
	struct err *err)
{
	return judge_window(out, ctx, rule_index, err);
}

static int search_keywords(struct matcher *matcher,
	const struct matcher_blob *blob, struct err *err)
{
	const struct keyword_judge judge = {
		.take = take_hits,
		.window = ask_window,
		.ctx = matcher->judge,
	};
	/* a blob that was not judged whole has no verdicts for others */
	int rc = keyword_search_run(matcher->keywords, blob->bytes, blob->len,
		blob->base, blob->keep, &judge, err);
	matcher->keywords_known = rc == 0;
	matcher->kept = rc == 0;
	return rc;
}

int matcher_blob(struct matcher *matcher, const struct matcher_blob *blob,
	const struct match_out *out, struct err *err)
{
	const struct rule_index *index = matcher->index;
	struct judge *judge = matcher->judge;
	matcher->path_limited = false;
	matcher->keywords_known = matcher->kept = false;
	judge_begin(judge, out, blob->settings_path, blob->bytes, blob->len);
	for (size_t i = 0; i < blob->path_rule_count; i++)
		judge_want(judge, blob->path_rules[i]);
	int rc = judge_list(judge, &index->always, err);
	if (rc == 0 && blob->len)
		rc = judge_list(judge, &index->by_first[blob->bytes[0]], err);
	return rc ? rc : search_keywords(matcher, blob, err);
}

bool matcher_hits(struct keyword_hits *out, const struct matcher *matcher)
{
	return matcher->kept && keyword_search_hits(out, matcher->keywords);
}

int matcher_content(struct matcher *matcher, const char *path,
	const unsigned char *bytes, size_t len, const struct match_out *out,
	struct err *err)
{
	const struct matcher_blob blob = {
		.bytes = bytes,
		.len = len,
		.settings_path = path,
	};
	return matcher_blob(matcher, &blob, out, err);
}

int matcher_candidate(struct matcher *matcher, size_t rule_index,
	const char *path, const struct match_out *out, struct err *err)
{
	matcher->path_limited = false;
	judge_begin_again(matcher->judge, out, path, matcher->keywords_known);
	return judge_has_sought(matcher->judge, rule_index)
		? 0
		: judge_blob(matcher->judge, rule_index, err);
}

int matcher_rules(struct matcher *matcher, const struct rule_list *rules,
	const char *path, const unsigned char *bytes, size_t len,
	const struct match_out *out, struct err *err)
{
	matcher->path_limited = false;
	judge_begin(matcher->judge, out, path, bytes, len);
	return judge_list(matcher->judge, rules, err);
}

int matcher_rule(struct matcher *matcher, size_t rule_index, const char *path,
	const unsigned char *bytes, size_t len, const struct match_out *out,
	struct err *err)
{
	const struct rule_list one = { .items = &rule_index, .count = 1 };
	return matcher_rules(matcher, &one, path, bytes, len, out, err);
}

bool matcher_wants_path(const struct matcher *matcher)
{
	return judge_wants_path(matcher->judge);
}

uint64_t matcher_path_keywords(const struct matcher *matcher)
{
	return matcher->keywords_known ? judge_path_keywords(matcher->judge)
				       : UINT64_MAX;
}

bool matcher_was_limited(const struct matcher *matcher)
{
	return matcher->path_limited || judge_was_limited(matcher->judge);
}

bool matcher_ran_out_of_time(const struct matcher *matcher)
{
	return judge_ran_out_of_time(matcher->judge);
}

void matcher_limit_time(struct matcher *matcher, int64_t budget_ms)
{
	judge_limit_time(matcher->judge, budget_ms);
}
