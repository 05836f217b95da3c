/* The patterns of a rule, compiled when they are first needed. */
#ifndef RULES_RULE_PATTERNS_H
#define RULES_RULE_PATTERNS_H

#include "base/err.h"
#include "rules/pattern.h"
#include "rules/rule.h"

#include <stdbool.h>
#include <stddef.h>

/** All zero is not compiled yet. */
struct rule_patterns {
	bool done;
	struct pattern *pattern; /* NULL: it has none */
	struct pattern **excepts;
	size_t except_count;
	struct pattern **withs;
	size_t with_count;
};

/** Compiles unless that is done. ERR_PARSE names the rule that is wrong. */
int rule_patterns_compile(struct rule_patterns *patterns,
	const struct rule *rule, struct err *err) MUST_CHECK;
void rule_patterns_clear(struct rule_patterns *patterns);

#endif
