#include "scanner/name_guard.h"

#include "base/alloc.h"
#include "rules/matcher.h"
#include "scanner/name_mask.h"
#include "scanner/name_search.h"

#include <stdlib.h>
#include <string.h>

#define DECODE_DEPTH 4 /* as a scan by default */

struct name_guard {
	const struct rule **rules;
	struct rule_index *index;
	struct matcher *matcher;
};

void name_guard_free(struct name_guard *guard)
{
	if (!guard)
		return;
	matcher_free(guard->matcher);
	rule_index_free(guard->index);
	free(guard->rules);
	free(guard);
}

int name_guard_new(
	struct name_guard **out, const struct ruleset *rules, struct err *err)
{
	CLEANUP(name_guard_freep)
	struct name_guard *guard = xcalloc(1, sizeof(*guard));
	size_t count = ruleset_count(rules);
	guard->rules = xcalloc(count, sizeof(const struct rule *));
	for (size_t i = 0; i < count; i++)
		guard->rules[i] = ruleset_get(rules, i);
	int rc = rule_index_new(&guard->index, guard->rules, count, err);
	if (rc == 0)
		rc = matcher_new(&guard->matcher, guard->index, err);
	if (rc == 0)
		*out = STEAL(guard);
	return rc;
}

/** What is found in one name. */
struct look {
	struct path_table names; /* the one alone */
	struct hits hits;
	struct scan_result told;
};

static void look_clear(struct look *look)
{
	hits_clear(&look->hits);
	path_table_clear(&look->names);
	scan_result_clear(&look->told);
}

int name_guard_add(struct buf *out, struct name_guard *guard, const char *name,
	struct err *err)
{
	CLEANUP(look_clear) struct look look = { 0 };
	CLEANUP(name_mask_freep) struct name_mask *mask = NULL;
	path_table_add(&look.names, name, strlen(name));
	const struct name_search search = {
		.rules = guard->index,
		.matcher = guard->matcher,
		.paths = &look.names,
		.decode_depth = DECODE_DEPTH,
	};
	int rc = name_search_run(&look.hits, &search, &look.told, err);
	if (rc == 0 && look.hits.count)
		rc = name_mask_new(
			&mask, &look.hits, &look.names, &look.told.arena, err);
	if (rc == 0)
		buf_add_text(out, mask ? name_mask_text(mask, name) : name);
	return rc;
}
