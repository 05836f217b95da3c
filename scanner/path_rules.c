#include "scanner/path_rules.h"

#include "base/array.h"

#include <stdlib.h>

static void take_rule(size_t rule, void *ctx)
{
	struct path_rules *path_rules = ctx;
	ARRAY_GROW(path_rules->rules, path_rules->count, path_rules->capacity);
	path_rules->rules[path_rules->count++] = (uint32_t)rule;
}

void path_rules_make(struct path_rules *out, struct matcher *matcher,
	const struct path_table *paths, const bool *wanted)
{
	*out = (struct path_rules){ 0 };
	out->start = xcalloc((size_t)paths->count + 1, sizeof(*out->start));
	for (uint32_t p = 0; p < paths->count; p++) {
		out->start[p] = out->count;
		const struct path_entry *path = &paths->entries[p];
		if (wanted[p])
			matcher_path(
				matcher, path->text, path->len, take_rule, out);
	}
	out->start[paths->count] = out->count;
}

void path_rules_clear(struct path_rules *path_rules)
{
	free(path_rules->start);
	free(path_rules->rules);
	*path_rules = (struct path_rules){ 0 };
}

bool path_rules_has(
	const struct path_rules *path_rules, uint32_t path, uint32_t rule)
{
	size_t end = path_rules->start[path + 1];
	for (size_t i = path_rules->start[path]; i < end; i++)
		if (path_rules->rules[i] == rule)
			return true;
	return false;
}
