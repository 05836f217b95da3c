/* A result and some blobs that have everything in them which a cache keeps. */
#ifndef TESTS_SUPPORT_CACHED_SAMPLES_H
#define TESTS_SUPPORT_CACHED_SAMPLES_H

#include "scanner/known_blobs.h"
#include "scanner/result_cache.h"

#define CACHED_RULES 3

/** Names of rules that are none, the same on every machine. */
void cached_rule_names(struct rule_names *out);

/** Findings of two built-in rules; texts are static. Caller clears. */
void cached_result(struct scan_result *out, const struct ruleset *rules);

/** Caller clears; hits are of these rules. */
void cached_blobs(struct known_blobs *out);

#endif
