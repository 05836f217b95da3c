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

void untrack_paths_add(
	struct untrack_paths *paths, const char *path, const char *shown)
{
	ARRAY_GROW(paths->items, paths->count, paths->capacity);
	paths->items[paths->count++] = (struct untrack_path){
		.path = arena_strdup(&paths->arena, path),
		.shown = arena_strdup(&paths->arena, shown),
	};
}

void untrack_paths_add_findings(
	struct untrack_paths *paths, const struct scan_result *result)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *finding = &result->findings[i];
		if (finding->tracked && finding_remedy(finding)->untrack &&
			finding_counts(finding))
			untrack_paths_add(
				paths, finding_file(finding), finding->path);
	}
}

static int compare_paths(const void *a, const void *b)
{
	const struct untrack_path *left = a;
	const struct untrack_path *right = b;
	return strcmp(left->path, right->path);
}

void untrack_paths_sort(struct untrack_paths *paths)
{
	struct untrack_path *items = paths->items;
	size_t kept = 0;
	if (paths->count)
		qsort(items, paths->count, sizeof(*items), compare_paths);
	for (size_t i = 0; i < paths->count; i++)
		if (!kept || compare_paths(&items[kept - 1], &items[i]) != 0)
			items[kept++] = items[i];
	paths->count = kept;
	paths->paths = arena_array(&paths->arena, kept, sizeof(const char *));
	paths->shown = arena_array(&paths->arena, kept, sizeof(const char *));
	for (size_t i = 0; i < kept; i++) {
		paths->paths[i] = items[i].path;
		paths->shown[i] = items[i].shown;
	}
}

bool untrack_paths_has(const struct untrack_paths *paths, const char *path)
{
	const struct untrack_path key = { .path = path };
	return paths->count &&
		bsearch(&key, paths->items, paths->count, sizeof(*paths->items),
			compare_paths);
}

void untrack_paths_print(const struct untrack_paths *paths, FILE *out)
{
	bool utf8 = terminal_is_utf8();
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < paths->count; i++) {
		buf_reset(&text);
		text_add_path(&text, paths->items[i].shown, utf8);
		fprintf(out, "%s\n", text.bytes);
	}
	fflush(out);
}
