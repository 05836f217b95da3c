#include "rules/rule_cost.h"

#include <time.h>

uint64_t rule_cost_clock(const struct rule_cost *costs)
{
	struct timespec now;
	if (!costs)
		return 0;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void rule_cost_count(
	struct rule_cost *costs, size_t rule_index, uint64_t start_ns)
{
	if (!costs)
		return;
	costs[rule_index].searches++;
	costs[rule_index].ns += rule_cost_clock(costs) - start_ns;
}

void rule_costs_add(
	struct rule_cost *to, const struct rule_cost *from, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		to[i].searches += from[i].searches;
		to[i].matches += from[i].matches;
		to[i].ns += from[i].ns;
	}
}
