#include "cmd/untrack_paths.h"

#include "base/array.h"
#include "cmd/terminal.h"
#include "report/text_escape.h"

#include <stdlib.h>
#include <string.h>

void untrack_paths_clear(struct untrack_paths *paths)
{
	free(paths->items);
	arena_clear(&paths->arena);
	*paths = (struct untrack_paths){ 0 };
}

void untrack_paths_add(struct untrack_paths *paths, const char *path)
{
	ARRAY_GROW(paths->items, paths->count, paths->capacity);
	paths->items[paths->count++] = arena_strdup(&paths->arena, path);
}

void untrack_paths_add_findings(
	struct untrack_paths *paths, const struct scan_result *result)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *finding = &result->findings[i];
		if (finding->tracked && finding->rule->untrack &&
			finding_counts(finding))
			untrack_paths_add(paths, finding_file(finding));
	}
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void untrack_paths_sort(struct untrack_paths *paths)
{
	if (!paths->count)
		return;
	qsort(paths->items, paths->count, sizeof(*paths->items), compare_paths);
	size_t kept = 0;
	for (size_t i = 1; i < paths->count; i++)
		if (strcmp(paths->items[kept], paths->items[i]) != 0)
			paths->items[++kept] = paths->items[i];
	paths->count = kept + 1;
}

void untrack_paths_print(const struct untrack_paths *paths, FILE *out)
{
	bool utf8 = terminal_is_utf8();
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < paths->count; i++) {
		buf_reset(&text);
		text_add_path(&text, paths->items[i], utf8);
		fprintf(out, "%s\n", text.bytes);
	}
	fflush(out);
}
