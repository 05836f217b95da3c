/*
 * A matcher over some rules, and what it said, as text: for tests.
 */
#ifndef TESTS_UNIT_RULES_MATCHER_BENCH_H
#define TESTS_UNIT_RULES_MATCHER_BENCH_H

#include "base/arena.h"
#include "base/buf.h"
#include "rules/matcher.h"

/** A list of texts that ends with NULL. */
#define TEXTS(...)                \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

/** One matcher over some rules, and what it said as text. */
struct bench {
	const struct rule *list[8];
	struct rule_index *index;
	struct matcher *matcher;
	struct arena arena;
	struct buf said; /* "start-end:secret_start-secret_end " a match */
	size_t match_count;
	size_t stop_after;               /* 0: never */
	int failure;                     /* what the sink returns, if not 0 */
	const struct evidence *evidence; /* of the last match */
};

/** Makes the matcher; the rules are borrowed. A failure fails the test. */
void bench_init(struct bench *bench, const struct rule *rules, size_t count);
void bench_clear(struct bench *bench);

/** Matches content against all rules, or against the one of that number, and
 * returns what the matcher did. */
int bench_content(struct bench *bench, const void *bytes, size_t len);
int bench_rule(struct bench *bench, size_t rule, const void *bytes, size_t len);

/** The sink of these, with the bench as its context. */
int bench_note(const struct match *match, void *ctx, struct err *err);

/** What the last of these said; "" for nothing. */
const char *bench_said(struct bench *bench);

#endif
