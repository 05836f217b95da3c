#include "rules/rule_review.h"

#include "base/arena.h"
#include "base/buf.h"
#include "rules/judge.h"
#include "rules/matcher.h"
#include "rules/pattern.h"
#include "rules/rule_index.h"
#include "rules/rule_mutation.h"

#include <stdbool.h>
#include <string.h>

#define EXAMPLES_LEAST 3

/* Of a pumped text: bytes at most, and steps a byte that are too many. */
#define PUMP_MAX     ((size_t)8 * 1024)
#define STEPS_A_BYTE 64

struct review {
	struct matcher *matcher;
	rule_advice_sink *sink;
	void *ctx;
	const struct rule *rule;
	size_t rule_index;
	struct match match; /* the last one of the rule */
	bool has_match;
	struct mutation_survey survey;
	unsigned survived; /* mutations, a bit for each */
};

static void advise(const struct review *review,
	const struct rule_example *example, const char *advice)
{
	review->sink(review->rule, example ? example->file : review->rule->file,
		example ? example->line : review->rule->line, advice,
		review->ctx);
}

static void review_examples(const struct review *review)
{
	size_t counts[2] = { 0, 0 };
	const struct rule *rule = review->rule;
	for (size_t i = 0; i < rule->example_count; i++)
		counts[rule->examples[i].match]++;
	if (counts[true] < EXAMPLES_LEAST)
		advise(review, NULL, "has less than three match examples");
	if (counts[false] < EXAMPLES_LEAST)
		advise(review, NULL, "has less than three nomatch examples");
	if (!rule->references)
		advise(review, NULL, "names no page that describes the format");
}

static int note_match(const struct match *match, void *ctx, struct err *err)
{
	struct review *review = ctx;
	(void)err;
	if (match->rule_index != review->rule_index)
		return 0;
	review->match = *match;
	review->has_match = true;
	return 1;
}

/* 1 and review->match when the example is one with a secret, else 0. */
static int find_secret(struct review *review,
	const struct rule_example *example, struct err *err)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const struct match_out out = { note_match, review, &arena };
	review->has_match = false;
	if (!example->match || !example->content_len)
		return 0;
	int rc =
		matcher_rule(review->matcher, review->rule_index, example->path,
			example->content, example->content_len, &out, err);
	return rc < 0 ? rc : review->has_match;
}

/* What is wrong when a mutation of the secret leaves a match. */
static const char *const survivals[RULE_MUTATION_COUNT] = {
	[MUTATION_PREFIX] = "matches also with another byte in its prefix",
	[MUTATION_ALPHABET] = ("matches also with another character inside of "
			       "the secret"),
	[MUTATION_LENGTH] = "matches also when it is too short or too long",
	[MUTATION_BOUNDARY] = "matches also a part of a longer word",
};

static struct mutation_secret secret_of(
	const struct review *review, const struct rule_example *example)
{
	return (struct mutation_secret){ review->rule, example,
		review->match.secret_start, review->match.secret_end };
}

static int review_mutations(struct review *review,
	const struct rule_example *example, struct err *err)
{
	const struct mutation_input input = {
		.matcher = review->matcher,
		.rule_index = review->rule_index,
		.secret = secret_of(review, example),
		.survey = &review->survey,
	};
	unsigned survived = 0;
	int rc = rule_mutate(&survived, &input, err);
	for (size_t i = 0; rc == 0 && i < RULE_MUTATION_COUNT; i++)
		if (survived & 1U << i && !review->rule->tolerates[i])
			advise(review, example, survivals[i]);
	review->survived |= survived;
	return rc;
}

/* Steps of the pattern on the example up to `cut`, and then `unit` again and
 * again, as far as the rule can see. What was cut off stands behind a byte that
 * ends the match: PCRE2 gives up at once where a byte that it needs is not in
 * the text at all. */
static size_t pumped_steps(struct buf *text, const struct pattern *pattern,
	const struct review *review, const struct rule_example *example,
	size_t cut, const char *unit)
{
	const struct rule *rule = review->rule;
	size_t most = 2 * rule_reach(rule);
	buf_reset(text);
	buf_add(text, example->content, cut);
	size_t end = cut + (most < PUMP_MAX ? most : PUMP_MAX);
	while (text->len < end)
		buf_add_text(text, unit);
	buf_add_byte(text, 1);
	buf_add(text, example->content + cut, example->content_len - cut);
	return pattern_steps(pattern, (const unsigned char *)text->bytes,
		text->len, review->match.start);
}

static int review_steps(struct review *review,
	const struct rule_example *example, struct err *err)
{
	static const char *const units[] = { "a", "A0", "0", " ", "\n", "-",
		"a.", "a=", "a:", "a,", "\"", "/a" };
	const struct match *match = &review->match;
	const size_t cuts[] = { match->secret_start,
		(match->secret_start + match->secret_end) / 2,
		match->secret_end, match->end };
	CLEANUP(pattern_freep) struct pattern *pattern = NULL;
	unsigned flags = review->rule->ignore_case ? PATTERN_IGNORE_CASE : 0;
	int rc = pattern_new(&pattern, review->rule->pattern, flags, err);
	if (rc < 0)
		return rc;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t c = 0; c < ARRAY_SIZE(cuts); c++)
		for (size_t u = 0; u < ARRAY_SIZE(units); u++) {
			size_t steps = pumped_steps(&text, pattern, review,
				example, cuts[c], units[u]);
			if (steps < STEPS_A_BYTE * text.len)
				continue;
			CLEANUP(arena_clear) struct arena arena = { 0 };
			advise(review, example,
				arena_printf(&arena,
					"takes %zu steps to give up on %zu "
					"bytes: quantifiers overlap",
					steps, text.len));
			return 0;
		}
	return 0;
}

static int survey_examples(struct review *review, struct err *err)
{
	for (size_t i = 0; i < review->rule->example_count; i++) {
		const struct rule_example *example = &review->rule->examples[i];
		int rc = find_secret(review, example, err);
		if (rc < 0)
			return rc;
		const struct mutation_secret secret =
			secret_of(review, example);
		if (rc)
			mutation_survey_add(&review->survey, &secret);
	}
	return 0;
}

/* A mutation that none of the examples outlives need not be tolerated. */
static void review_tolerance(const struct review *review)
{
	for (unsigned i = 0; i < RULE_MUTATION_COUNT; i++)
		if (review->rule->tolerates[i] && !(review->survived & 1U << i))
			advise(review, NULL,
				"tolerates a change that no example outlives");
}

static int review_rule(struct review *review, struct err *err)
{
	const struct rule *rule = review->rule;
	bool pumped = false;
	review_examples(review);
	int rc = survey_examples(review, err);
	for (size_t i = 0; rc == 0 && i < rule->example_count; i++) {
		const struct rule_example *example = &rule->examples[i];
		rc = find_secret(review, example, err);
		if (rc <= 0)
			continue;
		rc = review_mutations(review, example, err);
		if (rc == 0 && !pumped)
			rc = review_steps(review, example, err);
		pumped = true;
	}
	if (rc == 0)
		review_tolerance(review);
	return rc;
}

int rule_review(const struct ruleset *ruleset, rule_advice_sink *sink,
	void *ctx, struct err *err)
{
	CLEANUP(rule_index_freep) struct rule_index *index = NULL;
	CLEANUP(matcher_freep) struct matcher *matcher = NULL;
	int rc = ruleset_index(&index, ruleset, err);
	if (rc == 0)
		rc = matcher_new(&matcher, index, err);
	for (size_t i = 0; rc == 0 && i < ruleset_count(ruleset); i++) {
		struct review review = {
			.matcher = matcher,
			.sink = sink,
			.ctx = ctx,
			.rule = ruleset_get(ruleset, i),
			.rule_index = i,
		};
		if (review.rule->pattern)
			rc = review_rule(&review, err);
	}
	return rc;
}
