/* A result and some blobs that have everything in them which a cache keeps. */
#ifndef TESTS_SUPPORT_CACHED_SAMPLES_H
#define TESTS_SUPPORT_CACHED_SAMPLES_H

#include "scanner/known_blobs.h"
#include "scanner/result_cache.h"
#include "scanner/survey_table.h"

#define CACHED_RULES 3

/** Names of rules that are none, the same on every machine. */
void cached_rule_names(struct rule_names *out);

/** Findings of two built-in rules; texts are static. Caller clears. */
void cached_result(struct scan_result *out, const struct ruleset *rules);

#define CACHED_OBJECTS 5

/** Of a store with these objects nothing was read yet: a commit, a tree, a
 * tree, a blob, a tree, whose ids begin with 1 to 5. Caller frees. */
struct survey *cached_survey_empty(void);

/** Their trees, one of which has another as its base, and the commit. */
struct survey *cached_survey(void);

/** Caller clears; hits are of these rules. */
void cached_blobs(struct known_blobs *out);

#endif
