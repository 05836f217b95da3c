/*
 * A digest of what rules do: two rulesets with the same digest find the same
 * and grade it the same. Titles, advice, references and examples are not part
 * of it, nor is the order in which lists of equal rank were written.
 */
#ifndef RULES_RULE_DIGEST_H
#define RULES_RULE_DIGEST_H

#include "rules/rule.h"

#include <stddef.h>

#define RULE_DIGEST_SIZE 65 /* 64 hex digits and a NUL */

/** SHA-256 over the rules, which are sorted by id. */
void rule_digest(
	char out[RULE_DIGEST_SIZE], const struct rule *rules, size_t count);

#endif
