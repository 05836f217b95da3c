/*
 * Bytes and a path in, matches out. One matcher a thread: it owns the match
 * data, the scratch memory and the patterns, which are compiled when a literal
 * first asks for them. The rule_index is shared and constant.
 *
 * A rule that says where (paths, name) is asked by path first, and its content
 * part runs on the blobs at those paths alone. A rule that says only what runs
 * on every blob, behind its keywords or signature.
 */
#ifndef RULES_MATCHER_H
#define RULES_MATCHER_H

#include "base/err.h"
#include "rules/keyword_hit.h"
#include "rules/match.h"
#include "rules/path_set.h"
#include "rules/rule_cost.h"
#include "rules/rule_index.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct matcher;

/** Makes a matcher of its own for one thread. The index must outlive it.
 * Caller frees. */
int matcher_new(struct matcher **out, const struct rule_index *index,
	struct err *err) MUST_CHECK;
void matcher_free(struct matcher *matcher);

/** As judge_count_costs(). */
void matcher_count_costs(struct matcher *matcher, struct rule_cost *costs);
DEFINE_CLEANUP(matcher_freep, struct matcher, matcher_free)

/**
 * Calls `sink` once for each rule whose path part accepts the path (no
 * leading slash, any bytes but NUL), in order of index.
 */
void matcher_path(struct matcher *matcher, const char *path, size_t len,
	path_sink *sink, void *ctx);

/**
 * Runs every rule that has no path part on the bytes of one blob. `path` (may
 * be NULL: then rules of settings say nothing) tells how to read the settings
 * in it. 0, 1 when the sink said stop, or a negative code: the sink's, or
 * ERR_PARSE for a pattern that does not compile.
 */
int matcher_content(struct matcher *matcher, const char *path,
	const unsigned char *bytes, size_t len, const struct match_out *out,
	struct err *err) MUST_CHECK;

/** A blob that may be like another one. */
struct matcher_blob {
	const unsigned char *bytes;
	size_t len;
	const char *settings_path;  /* as `path` above */
	const uint32_t *path_rules; /* those whose path part accepts it */
	size_t path_rule_count;
	const struct blob_base *base; /* or NULL */
	bool keep; /* the hits, for blobs that are like this one */
};

/** As matcher_content(), with the same result and less work. Runs those of the
 * path rules as well whose pattern is searched for at keywords. */
int matcher_blob(struct matcher *matcher, const struct matcher_blob *blob,
	const struct match_out *out, struct err *err) MUST_CHECK;

/** The hits of the last matcher_blob(), for a struct blob_base; false when it
 * kept none. Borrowed until the next one. */
bool matcher_hits(struct keyword_hits *out, const struct matcher *matcher);

/** As matcher_rule() for a rule with a path part, on the blob that
 * matcher_content() or matcher_blob() was given last, which is still there.
 * Says nothing anew where matcher_blob() has run the rule. */
int matcher_candidate(struct matcher *matcher, size_t rule_index,
	const char *path, const struct match_out *out,
	struct err *err) MUST_CHECK;

/**
 * Runs the content parts of some rules on the bytes of one blob; returns as
 * matcher_content(). `path` (may be NULL) is told to the decoders, and each
 * decoder runs once however many of the rules want it. A rule without a
 * content part matches anything, with a span of 0, 0.
 */
int matcher_rules(struct matcher *matcher, const struct rule_list *rules,
	const char *path, const unsigned char *bytes, size_t len,
	const struct match_out *out, struct err *err) MUST_CHECK;

/** As matcher_rules() for one rule. */
int matcher_rule(struct matcher *matcher, size_t rule_index, const char *path,
	const unsigned char *bytes, size_t len, const struct match_out *out,
	struct err *err) MUST_CHECK;

/** True when the last matcher_blob() was given no path by which settings are
 * read, and some rule would have asked for it. */
bool matcher_wants_path(const struct matcher *matcher);

/** What tells without a path which rules with one, and with keywords, have
 * nothing to report of the last content: a bit for each whose keywords occur,
 * that of its number modulo 64. All are set where the search was cut short. */
uint64_t matcher_path_keywords(const struct matcher *matcher);

/** True when a match limit or a decoder's bound cut the last run short. */
bool matcher_was_limited(const struct matcher *matcher);

/** True when it was time that was short. */
bool matcher_ran_out_of_time(const struct matcher *matcher);

/** As judge_limit_time(). */
void matcher_limit_time(struct matcher *matcher, int64_t budget_ms);

#endif
