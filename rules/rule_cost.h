/* What one rule costs a scan: counted by the judge where somebody asks. */
#ifndef RULES_RULE_COST_H
#define RULES_RULE_COST_H

#include <stddef.h>
#include <stdint.h>

struct rule_cost {
	size_t searches; /* runs of its pattern over a stretch of bytes, or of
				its decoder */
	size_t matches;  /* told to the sink */
	uint64_t ns;     /* spent in those runs */
};

/** When a run begins; 0 where nobody counts (NULL). */
uint64_t rule_cost_clock(const struct rule_cost *costs);

/** Counts a run of a rule that began then, unless `costs` is NULL. */
void rule_cost_count(
	struct rule_cost *costs, size_t rule_index, uint64_t start_ns);

/** Adds `count` costs, by rule. */
void rule_costs_add(
	struct rule_cost *to, const struct rule_cost *from, size_t count);

#endif
