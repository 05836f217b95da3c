/*
 * Bytes and a path in, matches out. One matcher a thread: it owns the match
 * data, the scratch memory and the patterns, which are compiled when a literal
 * first asks for them. The ruleset is shared and constant.
 *
 * A rule that says where (paths, name) is asked by path first, and its content
 * part runs on the blobs at those paths alone. A rule that says only what runs
 * on every blob, behind its keywords or signature.
 */
#ifndef RULES_MATCHER_H
#define RULES_MATCHER_H

#include "base/arena.h"
#include "base/err.h"
#include "rules/evidence.h"
#include "rules/ruleset.h"

#include <stdbool.h>
#include <stddef.h>

struct matcher;

/** One match in content. Spans are half-open byte offsets. */
struct match {
	const struct rule *rule;
	size_t rule_index; /* in the ruleset */
	size_t start, end; /* the whole match; 0, 0 for a format match */
	size_t secret_start, secret_end; /* group 1, or the whole match */
	const struct evidence *evidence; /* NULL without a decoder; borrowed
						from the sink's arena */
};

/** Takes a match; 0 go on, 1 stop, negative is passed up. */
typedef int match_sink(const struct match *match, void *ctx, struct err *err);

/** Where matches go. */
struct match_out {
	match_sink *sink;
	void *ctx;
	struct arena *arena; /* evidence is made here */
};

/** Makes a matcher of its own for one thread. Caller frees. */
int matcher_new(struct matcher **out, const struct ruleset *ruleset,
	struct err *err) MUST_CHECK;
void matcher_free(struct matcher *matcher);
DEFINE_CLEANUP(matcher_freep, struct matcher, matcher_free)

/** Takes the index of a rule whose path part accepts a path. */
typedef void path_sink(size_t rule_index, void *ctx);

/**
 * Calls `sink` once for each rule whose path part accepts the path (no
 * leading slash, any bytes but NUL), in order of index.
 */
void matcher_path(struct matcher *matcher, const char *path, size_t len,
	path_sink *sink, void *ctx);

/** Runs every rule that has no path part on the bytes of one blob. */
int matcher_content(struct matcher *matcher, const unsigned char *bytes,
	size_t len, const struct match_out *out, struct err *err) MUST_CHECK;

/**
 * Runs the content part of one rule. `path` (may be NULL) is told to the
 * decoder. A rule without a content part matches anything, with a span of
 * 0, 0.
 */
int matcher_rule(struct matcher *matcher, size_t rule_index, const char *path,
	const unsigned char *bytes, size_t len, const struct match_out *out,
	struct err *err) MUST_CHECK;

/** True when a match limit or a decoder's bound cut the last run short. */
bool matcher_was_limited(const struct matcher *matcher);

#endif
