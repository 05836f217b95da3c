/*
 * The path parts of all rules (paths AND NOT except_paths AND name), asked
 * once for each distinct path. Globs are indexed by what all of their paths
 * have in common, so that a path meets few of them however many there are.
 */
#ifndef RULES_PATH_SET_H
#define RULES_PATH_SET_H

#include "base/cleanup.h"
#include "base/err.h"
#include "rules/rule.h"

#include <stdbool.h>
#include <stddef.h>

/** Compiled; constant, shared by threads. */
struct path_set;

/**
 * Compiles. Rules without a path part accept no path. ERR_PARSE names the rule
 * whose glob or name is wrong. Borrows nothing. Caller frees.
 */
int path_set_new(struct path_set **out, const struct rule *const *rules,
	size_t count, struct err *err) MUST_CHECK;
void path_set_free(struct path_set *set);
DEFINE_CLEANUP(path_set_freep, struct path_set, path_set_free)

/** One thread's way to ask a set, which must outlive it. */
struct path_matcher;

int path_matcher_new(struct path_matcher **out, const struct path_set *set,
	struct err *err) MUST_CHECK;
void path_matcher_free(struct path_matcher *matcher);
DEFINE_CLEANUP(path_matcher_freep, struct path_matcher, path_matcher_free)

/** Takes the index of a rule whose path part accepts a path. */
typedef void path_sink(size_t rule_index, void *ctx);

/**
 * Calls `sink` once for each rule that accepts the path (no leading slash, any
 * bytes but NUL), in order of index. False when a name's pattern hit a limit:
 * its rule was taken as not accepting.
 */
bool path_matcher_ask(struct path_matcher *matcher, const char *path,
	size_t len, path_sink *sink, void *ctx);

#endif
