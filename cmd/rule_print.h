/* Rules for people to read, within 80 columns. */
#ifndef CMD_RULE_PRINT_H
#define CMD_RULE_PRINT_H

#include "rules/ruleset.h"

#include <stdio.h>

/** One line a rule: id, severity, confidence, title, in columns. */
void rule_print_list(FILE *out, const struct ruleset *ruleset);

/** Everything about one rule; a pattern or glob is never broken. */
void rule_print(FILE *out, const struct rule *rule);

#endif
