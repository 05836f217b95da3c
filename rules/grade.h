/* Severity and confidence by where it was found and by what the decoder found
 * out, as the rule says. */
#ifndef RULES_GRADE_H
#define RULES_GRADE_H

#include "rules/evidence.h"
#include "rules/rule.h"

#include <stdint.h>

/** Sets both to the rule's own values, corrected by the first of its grades
 * that holds for the path and the evidence (NULL: none was found) at the time
 * `now`. */
void rule_grade(int *severity, int *confidence, const struct rule *rule,
	const char *path, const struct evidence *evidence, int64_t now);

#endif
