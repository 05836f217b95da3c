#include "rules/matcher.h"

#include "base/alloc.h"
#include "rules/judge.h"

struct matcher {
	const struct rule_index *index;
	struct path_matcher *paths;
	struct literal_scanner *literals;
	struct judge *judge;
	bool path_limited; /* in the last run, if that was on a path */
};

int matcher_new(
	struct matcher **out, const struct rule_index *index, struct err *err)
{
	CLEANUP(matcher_freep)
	struct matcher *matcher = xcalloc(1, sizeof(*matcher));
	matcher->index = index;
	int rc = path_matcher_new(&matcher->paths, index->paths, err);
	if (rc == 0)
		rc = literal_scanner_new(
			&matcher->literals, index->literals, err);
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
	literal_scanner_free(matcher->literals);
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

/* What the literals' sink needs. */
struct scan {
	const struct rule_index *index;
	struct judge *judge;
	struct err *err;
};

static int take_literal(size_t literal, size_t start, size_t end, void *ctx)
{
	const struct scan *scan = ctx;
	const struct rule_list *list = &scan->index->by_literal[literal];
	for (size_t i = 0; i < list->count; i++) {
		int rc = judge_keyword(
			scan->judge, list->items[i], start, end, scan->err);
		if (rc)
			return rc;
	}
	return 0;
}

int matcher_content(struct matcher *matcher, const char *path,
	const unsigned char *bytes, size_t len, const struct match_out *out,
	struct err *err)
{
	const struct rule_index *index = matcher->index;
	struct judge *judge = matcher->judge;
	matcher->path_limited = false;
	judge_begin(judge, out, path, bytes, len);
	int rc = judge_list(judge, &index->always, err);
	if (rc == 0 && len)
		rc = judge_list(judge, &index->by_first[bytes[0]], err);
	struct scan scan = { index, judge, err };
	if (rc == 0)
		rc = literal_scan(
			matcher->literals, bytes, len, take_literal, &scan);
	return rc ? rc : judge_end(judge, err);
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

bool matcher_was_limited(const struct matcher *matcher)
{
	return matcher->path_limited || judge_was_limited(matcher->judge);
}
