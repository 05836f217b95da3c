#include "rules/rule_check.h"

#include "base/arena.h"
#include "rules/matcher.h"
#include "rules/rule_index.h"

#include <stdbool.h>
#include <string.h>

/* One example: does the rule of this index accept it? */
struct trial {
	struct matcher *matcher;
	const struct rule *rule;
	size_t rule_index;
	bool accepted;
};

static void note_path(size_t rule_index, void *ctx)
{
	struct trial *trial = ctx;
	if (rule_index == trial->rule_index)
		trial->accepted = true;
}

static int note_match(const struct match *match, void *ctx, struct err *err)
{
	struct trial *trial = ctx;
	(void)err;
	if (match->rule_index != trial->rule_index)
		return 0;
	trial->accepted = true;
	return 1;
}

static bool accepts_path(struct trial *trial, const char *path)
{
	trial->accepted = false;
	matcher_path(trial->matcher, path, strlen(path), note_path, trial);
	return trial->accepted;
}

/* As a scan does it, behind the rule's keywords. */
static int scan_content(struct trial *trial, const struct rule_example *example,
	const struct match_out *out, struct err *err)
{
	bool has_path = rule_has_path(trial->rule);
	const uint32_t path_rule = (uint32_t)trial->rule_index;
	const struct matcher_blob blob = {
		.bytes = example->content,
		.len = example->content_len,
		.settings_path = example->path,
		.path_rules = &path_rule,
		.path_rule_count = has_path,
	};
	int rc = matcher_blob(trial->matcher, &blob, out, err);
	if (rc || !has_path)
		return rc;
	return matcher_candidate(
		trial->matcher, trial->rule_index, example->path, out, err);
}

/* 1 when the rule matches the content, else 0. */
static int accepts_content(struct trial *trial,
	const struct rule_example *example, struct err *err)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const struct match_out out = {
		.sink = note_match,
		.ctx = trial,
		.arena = &arena,
	};
	trial->accepted = false;
	int rc = scan_content(trial, example, &out, err);
	if (rc < 0)
		return rc;
	return trial->accepted ? 1 : 0;
}

/* What is wrong with the example, in *why; NULL when it holds. */
static int run_example(const char **why, struct trial *trial,
	const struct rule_example *example, struct err *err)
{
	*why = NULL;
	bool needs_path = rule_has_path(trial->rule);
	bool needs_content = rule_has_content(trial->rule);
	if (needs_path && !example->path) {
		*why = "the rule has a path part, the example no path";
		return 0;
	}
	if (needs_path && !accepts_path(trial, example->path)) {
		*why = example->match ? "the path is not accepted" : NULL;
		return 0;
	}
	if (needs_content && !example->content) {
		*why = example->match
			? "the rule needs content, the example has none"
			: "the path is accepted, and no content is given";
		return 0;
	}
	int rc = needs_content ? accepts_content(trial, example, err) : 1;
	if (rc < 0)
		return rc;
	if (example->match && !rc)
		*why = matcher_was_limited(trial->matcher)
			? "a limit was hit before the content matched"
			: "the content is not matched";
	else if (!example->match && rc)
		*why = "the rule matches it";
	return 0;
}

int rule_check(size_t *checked_count, const struct ruleset *ruleset,
	rule_failure_sink *sink, void *ctx, struct err *err)
{
	CLEANUP(rule_index_freep) struct rule_index *index = NULL;
	CLEANUP(matcher_freep) struct matcher *matcher = NULL;
	*checked_count = 0;
	int rc = ruleset_index(&index, ruleset, err);
	if (rc == 0)
		rc = matcher_new(&matcher, index, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < ruleset_count(ruleset); i++) {
		const struct rule *rule = ruleset_get(ruleset, i);
		struct trial trial = {
			.matcher = matcher,
			.rule = rule,
			.rule_index = i,
		};
		for (size_t e = 0; e < rule->example_count; e++) {
			const char *why = NULL;
			rc = run_example(&why, &trial, &rule->examples[e], err);
			if (rc < 0)
				return err_prefix(err, "%s:%d",
					rule->examples[e].file,
					rule->examples[e].line);
			if (why)
				sink(rule, &rule->examples[e], why, ctx);
			++*checked_count;
		}
	}
	return 0;
}
