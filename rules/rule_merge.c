#include "rules/rule_merge.h"

#include "base/array.h"
#include "base/suggest.h"
#include "rules/rule_reader.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

void rule_merge_init(struct rule_merge *merge, struct arena *arena)
{
	*merge = (struct rule_merge){ .arena = arena };
}

void rule_merge_clear(struct rule_merge *merge)
{
	free(merge->rules);
	free(merge->files);
	rule_merge_init(merge, merge->arena);
}

static void add_rule(struct rule_merge *merge, const struct rule *rule)
{
	ARRAY_GROW(merge->rules, merge->count, merge->capacity);
	merge->rules[merge->count++] = *rule;
}

void rule_merge_add_table(
	struct rule_merge *merge, const struct rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_rule(merge, &rules[i]);
}

static int add_file_rule(struct rule_merge *merge, const struct rule_file *file,
	size_t index, struct err *err)
{
	const struct rule_reader reader = {
		.arena = merge->arena,
		.file = file->file,
		.err = err,
	};
	const struct rule *rule = &file->rules[index];
	for (size_t i = 0; i < merge->count; i++)
		if (!strcmp(merge->rules[i].id, rule->id))
			return reader_fail(&reader, file->places[index],
				"id '%s' is taken in %s:%d; override changes "
				"a rule that exists",
				rule->id, merge->rules[i].file,
				merge->rules[i].line);
	add_rule(merge, rule);
	return 0;
}

int rule_merge_add_file(
	struct rule_merge *merge, const struct rule_file *file, struct err *err)
{
	ARRAY_GROW(merge->files, merge->file_count, merge->file_capacity);
	merge->files[merge->file_count++] = *file;
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < file->rule_count; i++)
		rc = add_file_rule(merge, file, i, err);
	return rc;
}

static int add_file(struct rule_merge *merge, const char *path, struct err *err)
{
	struct rule_file file;
	int rc = rule_file_read(&file, merge->arena, path, err);
	return rc < 0 ? rc : rule_merge_add_file(merge, &file, err);
}

/* Sorted names of the *.yml in a folder that are not hidden. */
struct names {
	char **items;
	size_t count, capacity;
};

static void clear_names(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void close_dir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static void add_name(struct names *names, const char *name)
{
	ARRAY_GROW(names->items, names->count, names->capacity);
	names->items[names->count++] = xstrdup(name);
}

static int list_folder(struct names *names, const char *path, struct err *err)
{
	CLEANUP(close_dir) DIR *dir = opendir(path);
	if (!dir)
		return err_errno(err, "%s", path);
	struct dirent *entry;
	while ((errno = 0, entry = readdir(dir)))
		if (fnmatch("*.yml", entry->d_name, FNM_PERIOD) == 0)
			add_name(names, entry->d_name);
	if (errno)
		return err_errno(err, "%s", path);
	if (!names->count)
		return err_set(err, ERR_NOT_FOUND, "%s: no *.yml in it", path);
	qsort(names->items, names->count, sizeof(*names->items), compare_names);
	return 0;
}

int rule_merge_add_path(
	struct rule_merge *merge, const char *path, struct err *err)
{
	struct stat st;
	if (stat(path, &st) < 0 || !S_ISDIR(st.st_mode))
		return add_file(merge, path, err);
	CLEANUP(clear_names) struct names names = { 0 };
	int rc = list_folder(&names, path, err);
	for (size_t i = 0; rc == 0 && i < names.count; i++)
		rc = add_file(merge,
			arena_printf(
				merge->arena, "%s/%s", path, names.items[i]),
			err);
	return rc;
}

static int compare_ids(const void *a, const void *b)
{
	const struct rule *first = a;
	const struct rule *second = b;
	return strcmp(first->id, second->id);
}

struct rule *rule_merge_find(const struct rule_merge *merge, const char *id)
{
	const struct rule wanted = { .id = id };
	if (!merge->count)
		return NULL;
	return bsearch(&wanted, merge->rules, merge->count,
		sizeof(*merge->rules), compare_ids);
}

const char *const *rule_merge_ids(const struct rule_merge *merge)
{
	const char **ids =
		arena_array(merge->arena, merge->count + 1, sizeof(*ids));
	for (size_t i = 0; i < merge->count; i++)
		ids[i] = merge->rules[i].id;
	return ids;
}

static int apply_changes(
	struct rule_merge *merge, const struct rule_file *file, struct err *err)
{
	const struct rule_reader reader = {
		.arena = merge->arena,
		.file = file->file,
		.err = err,
	};
	for (size_t i = 0; i < file->change_count; i++) {
		const struct rule_change *change = &file->changes[i];
		struct rule *rule = rule_merge_find(merge, change->id);
		if (!rule)
			return reader_fail_unknown(&reader, change->target,
				"rule", rule_merge_ids(merge));
		int rc = rule_change_apply(
			change, rule, merge->arena, file->file, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

bool rule_id_matches(const char *glob, const char *id)
{
	const char *star = NULL; /* the last one met, and where it began */
	const char *star_id = NULL;
	while (*id) {
		if (*glob == '*') {
			star = glob++;
			star_id = id;
		} else if (*glob == '?' || *glob == *id) {
			glob++;
			id++;
		} else if (star) {
			glob = star + 1;
			id = ++star_id;
		} else {
			return false;
		}
	}
	return glob[strspn(glob, "*")] == '\0';
}

bool rule_id_is_glob(const char *text)
{
	return strpbrk(text, "*?") != NULL;
}

static int check_disables(
	struct rule_merge *merge, const struct rule_file *file, struct err *err)
{
	const struct rule_reader reader = {
		.arena = merge->arena,
		.file = file->file,
		.err = err,
	};
	for (size_t i = 0; i < file->disable_count; i++) {
		const struct rule_disable *disable = &file->disables[i];
		if (!rule_id_is_glob(disable->glob) &&
			!rule_merge_find(merge, disable->glob))
			return reader_fail_unknown(&reader, disable->place,
				"rule", rule_merge_ids(merge));
	}
	return 0;
}

static bool is_enabled(const struct rule *rule, const void *ctx)
{
	const struct rule_file *file = ctx;
	for (size_t i = 0; i < file->disable_count; i++)
		if (rule_id_matches(file->disables[i].glob, rule->id))
			return false;
	return true;
}

void rule_merge_filter(struct rule_merge *merge,
	bool (*keep)(const struct rule *rule, const void *ctx), const void *ctx)
{
	size_t kept = 0;
	for (size_t i = 0; i < merge->count; i++)
		if (keep(&merge->rules[i], ctx))
			merge->rules[kept++] = merge->rules[i];
	merge->count = kept;
}

int rule_merge_finish(struct rule_merge *merge, struct err *err)
{
	if (merge->count)
		qsort(merge->rules, merge->count, sizeof(*merge->rules),
			compare_ids);
	int rc = 0;
	for (size_t i = 0; rc == 0 && i < merge->file_count; i++)
		rc = apply_changes(merge, &merge->files[i], err);
	for (size_t i = 0; rc == 0 && i < merge->file_count; i++)
		rc = check_disables(merge, &merge->files[i], err);
	for (size_t i = 0; rc == 0 && i < merge->file_count; i++)
		rule_merge_filter(merge, is_enabled, &merge->files[i]);
	return rc;
}
