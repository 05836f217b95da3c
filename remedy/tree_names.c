#include "remedy/tree_names.h"

#include "base/alloc.h"
#include "scanner/survey.h"

#include <stdlib.h>
#include <string.h>

struct tree_names {
	struct survey *survey;
	uint32_t *numbers; /* by name of the survey: in the list, or PATH_NONE
			    */
};

void tree_names_free(struct tree_names *names)
{
	if (!names)
		return;
	survey_free(names->survey);
	free(names->numbers);
	free(names);
}

/** Adds the components of the paths. */
static void add_components(
	struct path_table *out, const struct path_table *paths)
{
	for (uint32_t p = 0; p < paths->count; p++) {
		const char *at = paths->entries[p].text;
		const char *end = at + paths->entries[p].len;
		while (at < end) {
			const char *slash = memchr(at, '/', (size_t)(end - at));
			const char *stop = slash ? slash : end;
			path_table_add(out, at, (size_t)(stop - at));
			at = stop + 1;
		}
	}
}

static void number_names(struct tree_names *names, struct path_table *list,
	const struct path_table *paths)
{
	CLEANUP(path_table_clear) struct path_table known = { 0 };
	const struct path_table *found = survey_names(names->survey);
	add_components(&known, paths);
	names->numbers = xcalloc(found->count, sizeof(*names->numbers));
	for (uint32_t i = 0; i < found->count; i++) {
		const struct path_entry *entry = &found->entries[i];
		size_t len = entry->len - survey_names_tree(names->survey, i);
		names->numbers[i] =
			path_table_find(&known, entry->text, len) == PATH_NONE
			? path_table_add(list, entry->text, len)
			: PATH_NONE;
	}
}

typedef void tree_fn(
	const struct oid *oid, const struct survey_tree *tree, void *ctx);

/** Gives every tree of the store, read or not. */
static int each_tree(
	struct survey *survey, tree_fn *give, void *ctx, struct err *err)
{
	uint32_t count;
	const struct object_name *listed = survey_listed(survey, &count);
	for (uint32_t i = 0; i < count; i++) {
		const struct survey_tree *tree;
		if (listed[i].type != OBJECT_TREE)
			continue;
		int rc = survey_tree(&tree, survey, i, err);
		if (rc < 0)
			return rc;
		give(&listed[i].oid, tree, ctx);
	}
	return 0;
}

struct unread {
	struct scan_result *skips;
	struct oid_map told; /* what the inventory has told */
};

static void unread_clear(struct unread *unread)
{
	oid_map_clear(&unread->told);
}

static void note_unread(
	const struct oid *oid, const struct survey_tree *tree, void *ctx)
{
	struct unread *unread = ctx;
	if ((tree->status == 0 && !tree->corrupt) ||
		oid_map_find(&unread->told, oid) != OID_MAP_NONE)
		return;
	struct skipped *skipped = scan_result_add_skipped(unread->skips,
		tree->status == ERR_LIMIT ? SKIP_TOO_LARGE : SKIP_CORRUPT);
	oid_to_hex(skipped->object, oid);
	skipped->detail = "tree";
}

/** Tells of trees that cannot be read, but for those of commits: they were told
 * before. No tree is read after this, so no name is new. */
static int note_all_unread(const struct tree_names *names,
	const struct inventory *inventory, struct scan_result *skips,
	struct err *err)
{
	CLEANUP(unread_clear) struct unread unread = { .skips = skips };
	for (size_t i = 0; i < inventory->skips.skipped_count; i++) {
		struct oid oid;
		if (oid_from_hex(&oid, inventory->skips.skipped[i].object))
			oid_map_add(&unread.told, &oid, NULL);
	}
	return each_tree(names->survey, note_unread, &unread, err);
}

int tree_names_new(struct tree_names **out, struct path_table *list,
	const struct inventory *inventory, const struct scan_opts *opts,
	struct scan_result *skips, struct err *err)
{
	CLEANUP(tree_names_freep)
	struct tree_names *names = xcalloc(1, sizeof(*names));
	struct inventory_progress context = { opts, "Reading trees" };
	const struct walk_progress progress = { inventory_tell, &context };
	const struct survey_opts how = {
		.jobs = opts->jobs,
		.max_object_size = opts->max_blob_size,
		.progress = &progress,
	};
	int rc = survey_new(&names->survey, inventory->objects, &how, err);
	if (rc < 0)
		return rc;
	if (!names->survey)
		scan_result_add_skipped(skips, SKIP_LIMIT)->detail =
			"names in trees that no commit has";
	else
		rc = note_all_unread(names, inventory, skips, err);
	if (rc < 0)
		return rc;
	if (names->survey)
		number_names(names, list, &inventory->changes.paths);
	*out = STEAL(names);
	return 0;
}

struct finder {
	const uint32_t *numbers;
	const char *const *wanted;
	tree_name_sink *sink;
	void *ctx;
};

static void find_in(
	const struct oid *oid, const struct survey_tree *tree, void *ctx)
{
	const struct finder *finder = ctx;
	for (uint32_t i = 0; i < tree->count; i++) {
		const struct survey_entry *entry = &tree->entries[i];
		uint32_t name = finder->numbers[entry->name];
		if (name != PATH_NONE && finder->wanted[name] &&
			entry->child != SURVEY_NONE)
			finder->sink(oid, name, finder->ctx);
	}
}

int tree_names_find(const struct tree_names *names, const char *const *wanted,
	tree_name_sink *sink, void *ctx, struct err *err)
{
	struct finder finder = { names->numbers, wanted, sink, ctx };
	return names->survey ? each_tree(names->survey, find_in, &finder, err)
			     : 0;
}
