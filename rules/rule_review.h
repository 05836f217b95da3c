/*
 * Advice for who writes rules: what is not wrong, and yet makes a rule slow,
 * vague or hard to believe. The examples of a rule are the material:
 *
 * - a secret's rule has three examples of either kind, and names a page;
 * - with a byte in the middle of its secret changed to one that tokens do not
 *   have, a match example no longer matches: else the pattern asks for a part
 *   of the secret alone;
 * - where a match example is cut and goes on with one byte or two over and
 * over, a pattern gives up after a number of steps in proportion to the text:
 * else its quantifiers take the same bytes in many ways.
 */
#ifndef RULES_RULE_REVIEW_H
#define RULES_RULE_REVIEW_H

#include "base/err.h"
#include "rules/ruleset.h"

/** Takes one piece of advice, a phrase about the rule that stands at
 * file:line; borrowed. */
typedef void rule_advice_sink(const struct rule *rule, const char *file,
	int line, const char *advice, void *ctx);

/** Reviews every rule that finds secrets by a pattern. Negative when a rule
 * cannot be compiled. */
int rule_review(const struct ruleset *ruleset, rule_advice_sink *sink,
	void *ctx, struct err *err) MUST_CHECK;

#endif
