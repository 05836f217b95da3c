/* What each rule cost a scan, as a table for people who write rules. */
#ifndef CMD_RULE_STATS_H
#define CMD_RULE_STATS_H

#include "rules/rule_cost.h"
#include "rules/ruleset.h"

#include <stdio.h>

/** Prints the rules that were tried, the costliest first, and the sum. */
void rule_stats_print(
	FILE *out, const struct ruleset *rules, const struct rule_cost *costs);

#endif
