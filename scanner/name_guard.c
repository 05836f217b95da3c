#include "scanner/name_guard.h"

#include "base/alloc.h"
#include "rules/matcher.h"
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

int name_guard_mask(struct name_mask **out, struct name_guard *guard,
	const struct path_table *texts, struct arena *arena, struct err *err)
{
	CLEANUP(hits_clear) struct hits hits = { 0 };
	CLEANUP(scan_result_clear) struct scan_result told = { 0 };
	const struct name_search search = {
		.rules = guard->index,
		.matcher = guard->matcher,
		.paths = texts,
		.decode_depth = DECODE_DEPTH,
	};
	*out = NULL;
	int rc = name_search_run(&hits, &search, &told, err);
	return rc < 0 || !hits.count
		? rc
		: name_mask_new(out, &hits, texts, arena, err);
}

int name_guard_add(struct buf *out, struct name_guard *guard, const char *name,
	struct err *err)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	CLEANUP(path_table_clear) struct path_table names = { 0 };
	CLEANUP(name_mask_freep) struct name_mask *mask = NULL;
	path_table_add(&names, name, strlen(name));
	int rc = name_guard_mask(&mask, guard, &names, &arena, err);
	return rc < 0 ? rc : buf_add_text(out, name_mask_text(mask, name));
}
