/*
 * The examples of rules, run through the matcher that scans use. A match
 * example holds when the rule's path part accepts its path and the content
 * part its content. An example without content says something of the path
 * alone, one without path of the content alone: a rule that needs what an
 * example does not give is not shown by it, and that is a failure too.
 */
#ifndef RULES_RULE_CHECK_H
#define RULES_RULE_CHECK_H

#include "base/err.h"
#include "rules/rule.h"
#include "rules/ruleset.h"

#include <stddef.h>

/** Takes an example that fails; `why` is static. */
typedef void rule_failure_sink(const struct rule *rule,
	const struct rule_example *example, const char *why, void *ctx);

/**
 * Runs every example of every rule, and counts them. Returns 0 also when
 * examples fail; a negative code when they could not be run.
 */
int rule_check(size_t *checked_count, const struct ruleset *ruleset,
	rule_failure_sink *sink, void *ctx, struct err *err) MUST_CHECK;

#endif
