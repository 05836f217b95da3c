#include "remedy/ignore_entries.h"

#include "base/array.h"
#include "remedy/ignore_rules.h"
#include "scanner/ignore_pattern.h"

#include <stdlib.h>
#include <string.h>

/* `path` below the folder, or NULL. */
static const char *path_below(const char *dir, const char *path)
{
	size_t len = strlen(dir);
	if (!len)
		return path;
	return !strncmp(dir, path, len) && path[len] == '/' ? path + len + 1
							    : NULL;
}

/* The target's pattern as it reads in the .gitignore of `dir`: an anchored one
 * loses the folder, one that does not start with it is replaced by the path. */
static const char *pattern_below(struct ignore_plan *plan, const char *dir,
	const struct ignore_target *target)
{
	const char *pattern = target->pattern;
	size_t len = strlen(pattern);
	bool anchored = len > 1 && memchr(pattern, '/', len - 1);
	if (!*dir || !anchored)
		return pattern;
	CLEANUP(buf_clear) struct buf start;
	CLEANUP(buf_clear) struct buf folder;
	buf_init(&start, 0);
	buf_init(&folder, 0);
	/* with its slash, so that a space before it is not the last byte */
	int rc = buf_printf(&folder, "%s/", dir);
	if (rc == 0)
		rc = buf_add_byte(&start, '/');
	if (rc == 0)
		rc = ignore_pattern_add_path(&start, folder.bytes, folder.len);
	if (rc == 0 && start.len < len &&
		!memcmp(pattern, start.bytes, start.len))
		return pattern + start.len - 1;
	buf_reset(&start);
	const char *path = path_below(dir, target->path);
	if (buf_add_byte(&start, '/') == 0 &&
		ignore_pattern_add_path(&start, path, strlen(path)) == 0)
		return arena_strdup(&plan->arena, start.bytes);
	return pattern;
}

/* Entries of the block, a negation joined to the line before it. */
static const char *const *kept_entries(
	struct ignore_plan *plan, const struct plan_file *file, size_t *count)
{
	const struct ignore_file *old = &file->old;
	const char **kept =
		arena_array(&plan->arena, old->count + 1, sizeof(*kept));
	*count = 0;
	for (size_t i = old->block_start; i < old->block_end; i++) {
		if (!ignore_file_is_entry(old, i))
			continue;
		struct text_line text = ignore_file_text(old, i);
		bool joins = *text.start == '!' && *count;
		if (joins)
			kept[*count - 1] = arena_printf(&plan->arena,
				"%s\n%.*s", kept[*count - 1], (int)text.len,
				text.start);
		else
			kept[(*count)++] = arena_memdupz(
				&plan->arena, text.start, text.len);
	}
	return kept;
}

/* The first of the others that can lie below the folder: those that do are
 * neighbours. */
static size_t first_below(const struct ignore_plan *plan, const char *dir)
{
	size_t len = strlen(dir);
	size_t low = 0;
	size_t high = len ? plan->opts.other_count : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const char *path = plan->opts.others[middle];
		int order = strncmp(path, dir, len);
		if (order < 0 || (!order && (unsigned char)path[len] < '/'))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* The others below the folder that nothing ignores so far. Caller frees. */
static const char **avoided_paths(
	const struct ignore_plan *plan, const char *dir, size_t *count)
{
	const char **avoid = NULL;
	size_t capacity = 0;
	*count = 0;
	for (size_t i = first_below(plan, dir); i < plan->opts.other_count;
		i++) {
		const char *path = path_below(dir, plan->opts.others[i]);
		if (!path)
			break;
		if (plan->others_before[i])
			continue;
		ARRAY_GROW(avoid, *count, capacity);
		avoid[(*count)++] = path;
	}
	return avoid;
}

void targets_by_dir_clear(struct targets_by_dir *by_dir)
{
	free(by_dir->numbers);
}

static int compare_dirs(const void *a, const void *b, void *ctx)
{
	const struct target_state *states = ctx;
	size_t left = *(const size_t *)a;
	size_t right = *(const size_t *)b;
	int order = strcmp(states[left].dir, states[right].dir);
	return order ? order : (left > right) - (left < right);
}

void targets_by_dir_sort(
	struct targets_by_dir *out, const struct ignore_plan *plan)
{
	*out = (struct targets_by_dir){ plan->states, NULL,
		plan->opts.target_count };
	out->numbers = xcalloc(out->count, sizeof(*out->numbers));
	for (size_t i = 0; i < out->count; i++)
		out->numbers[i] = i;
	if (out->count)
		qsort_r(out->numbers, out->count, sizeof(*out->numbers),
			compare_dirs, plan->states);
}

/* Where the targets of a .gitignore begin; returns how many they are. */
static size_t targets_of(
	size_t *first, const struct targets_by_dir *by_dir, const char *dir)
{
	size_t low = 0;
	size_t high = by_dir->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		size_t number = by_dir->numbers[middle];
		if (strcmp(by_dir->states[number].dir, dir) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*first = low;
	while (low < by_dir->count &&
		!strcmp(by_dir->states[by_dir->numbers[low]].dir, dir))
		low++;
	return low - *first;
}

/* Those of the targets of this file that nothing but its block ignores. */
static int open_targets(struct cover_target *out, size_t *count,
	struct ignore_plan *plan, struct plan_file *file, const size_t *numbers,
	size_t number_count, struct err *err)
{
	*count = 0;
	for (size_t n = 0; n < number_count; n++) {
		size_t i = numbers[n];
		const struct ignore_target *target = &plan->opts.targets[i];
		struct ignore_decision decision;
		int rc = ignore_rules_decide(
			&decision, plan->rules, target->path, err);
		if (rc < 0)
			return rc;
		if (decision.ignored)
			continue;
		file->cover_targets[*count] = i;
		out[(*count)++] = (struct cover_target){
			.path = path_below(file->dir, target->path),
			.pattern = pattern_below(plan, file->dir, target),
		};
	}
	return 0;
}

int ignore_entries_find(struct ignore_plan *plan, struct plan_file *file,
	const struct targets_by_dir *by_dir, struct err *err)
{
	size_t first;
	size_t count = targets_of(&first, by_dir, file->dir);
	CLEANUP(freep) const char **avoid = NULL;
	CLEANUP(freep)
	struct cover_target *targets = xcalloc(count, sizeof(*targets));
	free(file->cover_targets);
	file->cover_targets = xcalloc(count, sizeof(*file->cover_targets));
	struct cover_input input = {
		.targets = targets,
		.ignore_case = plan->opts.ignore_case,
		.secrets = plan->opts.secrets,
	};
	int rc = open_targets(targets, &input.target_count, plan, file,
		by_dir->numbers + first, count, err);
	if (rc < 0)
		return rc;
	input.kept = kept_entries(plan, file, &input.kept_count);
	if (input.target_count)
		avoid = avoided_paths(plan, file->dir, &input.avoid_count);
	input.avoid = avoid;
	cover_clear(&file->cover);
	rc = cover_find(&file->cover, &input, err);
	for (size_t i = 0; i < file->cover.missed_count; i++) {
		size_t target = file->cover_targets[file->cover.missed[i]];
		plan->states[target].missed = true;
	}
	return rc;
}
