#include "cmd/rule_stats.h"

#include "base/alloc.h"
#include "base/cleanup.h"

#include <stdlib.h>
#include <string.h>

#define ROW "%10.1f %12zu %9zu  %s\n"

struct row {
	const char *id;
	const struct rule_cost *cost;
};

static int compare_rows(const void *a, const void *b)
{
	const struct row *left = a;
	const struct row *right = b;
	if (left->cost->ns != right->cost->ns)
		return left->cost->ns > right->cost->ns ? -1 : 1;
	return strcmp(left->id, right->id);
}

static double ms_of(const struct rule_cost *cost)
{
	return (double)cost->ns / 1e6;
}

void rule_stats_print(
	FILE *out, const struct ruleset *rules, const struct rule_cost *costs)
{
	size_t count = ruleset_count(rules);
	CLEANUP(freep) struct row *rows = xcalloc(count, sizeof(*rows));
	size_t tried = 0;
	struct rule_cost sum = { 0 };
	for (size_t i = 0; i < count; i++) {
		rule_costs_add(&sum, &costs[i], 1);
		if (costs[i].searches)
			rows[tried++] = (struct row){ ruleset_get(rules, i)->id,
				&costs[i] };
	}
	if (tried)
		qsort(rows, tried, sizeof(*rows), compare_rows);
	fprintf(out, "%10s %12s %9s  %s\n", "ms", "searches", "matches",
		"rule");
	for (size_t i = 0; i < tried; i++)
		fprintf(out, ROW, ms_of(rows[i].cost), rows[i].cost->searches,
			rows[i].cost->matches, rows[i].id);
	fprintf(out, ROW, ms_of(&sum), sum.searches, sum.matches,
		"all of them");
}
