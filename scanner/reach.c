#include "scanner/reach.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "scanner/tree_diff.h"
#include "scanner/unreadable.h"

#include <stdlib.h>
#include <string.h>

/* Entries looked at, those of a tree once for each of its paths. A hundred
 * thousand commits that mean well need two million; a repository made to
 * exhaust memory ends here. */
#define MAX_WORK ((size_t)64 << 20)

/* A new path counts as so many entries, and more for its bytes: it is kept. */
#define WORK_OF_PATH 8
#define WORK_BYTES   16

/* Entries that are looked at once more because their tree stands at another
 * folder too, or other trees build upon it there. Repositories that mean well
 * have up to some hundred thousand; one whose trees name the next one ten
 * times, on ten levels, has billions. */
#define MAX_REPEATED ((size_t)384 << 10)

/** A tree at a folder. */
struct visit {
	uint32_t folder;
	uint32_t tree;
	bool is_repeated; /* the tree was visited at another folder before */
};

struct visits {
	struct visit *items;
	size_t count, capacity;
};

struct search {
	struct reach *reach;
	struct survey *survey;
	struct entries *entries;
	struct changes *changes;
	struct pair_map visited; /* (folder, tree) */
	struct pair_map taken;   /* (edge, blob) */
	struct visits open;      /* to be gone through */
	struct visits partial;   /* whose base was not visited there then */
	struct unreadable unreadable;
	size_t work_left;
	size_t repeated_left;
	bool *known; /* by tree: visited at some folder */
	size_t known_count, known_capacity;
	uint32_t *stamps; /* by name: the expansion that has decided on it */
	size_t stamp_count, stamp_capacity;
	uint32_t expansion;

	unsigned place; /* that is gone through, 0 for one that is not wanted */
	uint32_t listed_count;
	uint32_t known_blobs; /* those with lower numbers are passed over */
};

static void search_clear(struct search *search)
{
	pair_map_clear(&search->visited);
	pair_map_clear(&search->taken);
	free(search->open.items);
	free(search->partial.items);
	unreadable_clear(&search->unreadable);
	free(search->stamps);
	free(search->known);
}

static void add_visit(struct visits *visits, const struct visit *visit)
{
	ARRAY_GROW(visits->items, visits->count, visits->capacity);
	visits->items[visits->count++] = *visit;
}

/** False when there is not that much work left. */
static bool spend(struct search *search, size_t work)
{
	bool enough = search->work_left >= work;
	search->work_left -= enough ? work : search->work_left;
	return enough;
}

static bool is_known(struct search *search, uint32_t tree)
{
	while (search->known_count <= tree) {
		ARRAY_GROW(search->known, search->known_count,
			search->known_capacity);
		search->known[search->known_count++] = false;
	}
	bool was_known = search->known[tree];
	search->known[tree] = true;
	return was_known;
}

static void visit(struct search *search, uint32_t folder, uint32_t tree)
{
	bool is_new;
	pair_map_add(&search->visited, folder, tree, &is_new);
	if (!is_new)
		return;
	bool is_repeated = is_known(search, tree);
	add_visit(&search->open, &(struct visit){ folder, tree, is_repeated });
}

static uint32_t blob_number(struct search *search, uint32_t object)
{
	struct reach *reach = search->reach;
	while (reach->blob_of_count <= object) {
		ARRAY_GROW(reach->blob_of, reach->blob_of_count,
			reach->blob_of_capacity);
		reach->blob_of[reach->blob_of_count++] = BLOB_NONE;
	}
	uint32_t *blob = &reach->blob_of[object];
	if (*blob == BLOB_NONE)
		*blob = oid_map_add(&search->changes->blobs,
			survey_oid(search->survey, object), NULL);
	return *blob;
}

static uint32_t add_folder(struct reach *reach, uint32_t edge, uint32_t depth,
	const struct buf *path)
{
	ARRAY_GROW(reach->folders, reach->folder_count, reach->folder_capacity);
	reach->folders[reach->folder_count] = (struct reach_folder){
		.edge = edge,
		.depth = depth,
		.path = arena_memdupz(&reach->arena, path->bytes, path->len),
		.len = path->len,
	};
	return (uint32_t)reach->folder_count++;
}

/** Gives a new edge its path or folder. False: too long or too deep. */
static bool make_edge(struct search *search, uint32_t number)
{
	struct reach *reach = search->reach;
	struct reach_edge *edge = &reach->edges[number];
	const struct path_entry *name =
		&survey_names(search->survey)->entries[edge->name];
	const struct reach_folder *folder = &reach->folders[edge->folder];
	edge->is_tree = survey_names_tree(search->survey, edge->name);
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, TREE_DIFF_MAX_PATH);
	if (buf_add(&path, folder->path, folder->len) < 0 ||
		buf_add(&path, name->text, name->len - edge->is_tree) < 0)
		return false;
	if (!spend(search, WORK_OF_PATH + path.len / WORK_BYTES))
		return false;
	if (!edge->is_tree) {
		edge->target = path_table_add(
			&search->changes->paths, path.bytes, path.len);
		return true;
	}
	uint32_t depth = folder->depth + 1;
	if (depth >= TREE_DIFF_MAX_DEPTH || buf_add_byte(&path, '/') < 0)
		return false;
	edge->target = add_folder(reach, number, depth, &path);
	return true;
}

/** Most blobs are met at a path more than once. */
static void take_blob(struct search *search, uint32_t number, uint32_t object)
{
	struct reach_edge *edge = &search->reach->edges[number];
	if (edge->last == object)
		return;
	edge->last = object;
	bool is_new;
	pair_map_add(&search->taken, number, object, &is_new);
	if (!is_new)
		return;
	uint32_t blob = blob_number(search, object);
	/* what nothing reaches may have lost parts: git gc took them */
	bool lost = search->place == PLACE_UNREACHABLE &&
		object >= search->listed_count;
	if (search->place && !lost && blob >= search->known_blobs)
		entries_add(search->entries, edge->target, blob, search->place);
}

/** Takes an entry of a tree that stands at the folder. 1: too much. */
static int take_entry(struct search *search, uint32_t folder,
	const struct survey_entry *entry)
{
	struct reach *reach = search->reach;
	bool is_new;
	uint32_t number = pair_map_add(
		&reach->edge_numbers, folder, entry->name, &is_new);
	if (is_new) {
		ARRAY_GROW(reach->edges, number, reach->edge_capacity);
		reach->edges[number] = (struct reach_edge){
			.folder = folder,
			.name = entry->name,
			.last = SURVEY_NONE,
		};
		if (!make_edge(search, number))
			return 1;
	}
	struct reach_edge *edge = &reach->edges[number];
	if (edge->is_tree)
		visit(search, edge->target, entry->child);
	else if (entry->child & SURVEY_GITLINK)
		edge->is_submodule = edge->is_submodule || search->place;
	else
		take_blob(search, number, entry->child);
	return 0;
}

/** What the tree has at this folder is looked at no further, and that told. */
static int cut(struct search *search, const struct visit *visit)
{
	return unreadable_add(&search->unreadable,
		survey_oid(search->survey, visit->tree),
		search->reach->folders[visit->folder].path, ERR_LIMIT);
}

static int go_through(
	struct search *search, const struct visit *visit, struct err *err)
{
	const struct survey_tree *found;
	int rc = survey_tree(&found, search->survey, visit->tree, err);
	if (rc < 0)
		return rc;
	struct survey_tree tree = *found;
	int status = tree.corrupt ? ERR_CORRUPT : tree.status;
	bool lost =
		status == ERR_NOT_FOUND && search->place == PLACE_UNREACHABLE;
	if (status < 0 && !lost)
		rc = unreadable_add(&search->unreadable,
			survey_oid(search->survey, visit->tree),
			search->reach->folders[visit->folder].path, status);
	for (uint32_t i = 0; rc == 0 && i < tree.count; i++) {
		if (visit->is_repeated && !search->repeated_left)
			return cut(search, visit);
		search->repeated_left -= visit->is_repeated;
		if (!spend(search, 1))
			return 1;
		if (tree.entries[i].child != SURVEY_NONE)
			rc = take_entry(
				search, visit->folder, &tree.entries[i]);
	}
	if (tree.base != SURVEY_NONE &&
		pair_map_find(&search->visited, visit->folder, tree.base) ==
			PAIR_NONE)
		add_visit(&search->partial, visit);
	return rc;
}

static bool decide(struct search *search, uint32_t name)
{
	while (search->stamp_count <= name) {
		ARRAY_GROW(search->stamps, search->stamp_count,
			search->stamp_capacity);
		search->stamps[search->stamp_count++] = 0;
	}
	bool is_new = search->stamps[name] != search->expansion;
	search->stamps[name] = search->expansion;
	return is_new;
}

/** Takes what the tree has of its base, and so on. New entries stand behind
 * those that are gone, and decide before them. */
static int take_inherited(
	struct search *search, const struct visit *visit, struct err *err)
{
	search->expansion++;
	for (uint32_t at = visit->tree; at != SURVEY_NONE;) {
		const struct survey_tree *found;
		int rc = survey_tree(&found, search->survey, at, err);
		if (rc < 0)
			return rc;
		struct survey_tree tree = *found;
		for (uint32_t i = tree.count; i-- > 0;) {
			const struct survey_entry *entry = &tree.entries[i];
			if (!spend(search, 1))
				return 1;
			if (!decide(search, entry->name) ||
				entry->child == SURVEY_NONE ||
				at == visit->tree)
				continue;
			if (!search->repeated_left)
				return cut(search, visit);
			search->repeated_left--;
			rc = take_entry(search, visit->folder, entry);
			if (rc != 0)
				return rc;
		}
		at = tree.base;
	}
	return 0;
}

/** Takes a tree as a whole, unless its base was visited since. */
static int complete(
	struct search *search, const struct visit *visit, struct err *err)
{
	const struct survey_tree *tree;
	int rc = survey_tree(&tree, search->survey, visit->tree, err);
	if (rc < 0)
		return rc;
	if (pair_map_find(&search->visited, visit->folder, tree->base) !=
		PAIR_NONE)
		return 0;
	return take_inherited(search, visit, err);
}

static int go_on(struct search *search, struct err *err)
{
	int rc = 0;
	while (rc == 0 && (search->open.count || search->partial.count)) {
		bool open = search->open.count;
		struct visits *visits = open ? &search->open : &search->partial;
		struct visit next = visits->items[--visits->count];
		rc = open ? go_through(search, &next, err)
			  : complete(search, &next, err);
	}
	return rc;
}

static void visit_commit(
	struct search *search, const struct history_commit *commit)
{
	if (oid_is_zero(&commit->tree))
		return; /* told when it was loaded */
	uint32_t object = history_tree(commit, search->survey);
	if (!commit->is_blob) {
		visit(search, REACH_ROOT, object);
		return;
	}
	uint32_t blob = blob_number(search, object);
	if (search->place)
		entries_add(search->entries,
			path_table_add(&search->changes->paths, "", 0), blob,
			search->place);
}

/** All trees of commits, those of the first place first. */
static int search_commits(
	struct search *search, const struct reach_input *input, struct err *err)
{
	const struct history *history = input->history;
	int rc = 0;
	for (unsigned left = PLACES_OF_HISTORY; rc == 0 && left;) {
		unsigned place = history_place_first(left);
		left &= ~place;
		search->place = input->places & place;
		for (uint32_t i = 0; i < history->count; i++)
			if (history_place(history, i) == place)
				visit_commit(search, &history->commits[i]);
		rc = go_on(search, err);
	}
	return rc;
}

/* Trees and blobs that no commit has. */

static bool is_lone_tree(const struct search *search,
	const struct object_name *listed, uint32_t number)
{
	return listed[number].type == OBJECT_TREE &&
		(number >= search->known_count || !search->known[number]);
}

/** Marks the trees that stand in a tree which was not met. What it has of a
 * base that was met was met, too; another one is marked by itself. */
static int mark_children(
	struct search *search, bool *is_child, uint32_t number, struct err *err)
{
	const struct survey_tree *tree;
	int rc = survey_tree(&tree, search->survey, number, err);
	if (rc < 0)
		return rc;
	for (uint32_t i = 0; i < tree->count; i++) {
		const struct survey_entry *entry = &tree->entries[i];
		if (entry->child < search->listed_count &&
			survey_names_tree(search->survey, entry->name))
			is_child[entry->child] = true;
	}
	return 0;
}

/** Visits, as if they were roots, the trees that stand in no other. */
static int search_trees(struct search *search, const struct object_name *listed,
	struct err *err)
{
	CLEANUP(freep)
	bool *is_child = xcalloc(search->listed_count, sizeof(*is_child));
	int rc = 0;
	for (uint32_t i = 0; rc == 0 && i < search->listed_count; i++)
		if (is_lone_tree(search, listed, i))
			rc = mark_children(search, is_child, i, err);
	for (uint32_t i = 0; rc == 0 && i < search->listed_count; i++)
		if (is_lone_tree(search, listed, i) && !is_child[i])
			visit(search, REACH_ROOT, i);
	return rc < 0 ? rc : go_on(search, err);
}

static void take_lone_blobs(
	struct search *search, const struct object_name *listed)
{
	struct changes *changes = search->changes;
	for (uint32_t i = 0; i < search->listed_count; i++)
		if (listed[i].type == OBJECT_BLOB &&
			oid_map_find(&changes->blobs, &listed[i].oid) ==
				OID_MAP_NONE)
			entries_add(search->entries,
				path_table_add(&changes->paths, "", 0),
				blob_number(search, i), PLACE_UNREACHABLE);
}

/* Most trees and blobs stand at one path. */
static void make_room(struct search *search, const struct object_name *listed)
{
	uint32_t trees = 0;
	uint32_t blobs = 0;
	for (uint32_t i = 0; i < search->listed_count; i++) {
		trees += listed[i].type == OBJECT_TREE;
		blobs += listed[i].type == OBJECT_BLOB;
	}
	pair_map_reserve(&search->visited, trees);
	pair_map_reserve(&search->taken, blobs);
}

static int search_all(
	struct search *search, const struct reach_input *input, struct err *err)
{
	const struct object_name *listed =
		survey_listed(search->survey, &search->listed_count);
	make_room(search, listed);
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_add(&path, "", 0);
	add_folder(search->reach, 0, 0, &path);
	int rc = search_commits(search, input, err);
	if (rc != 0 || !input->loose)
		return rc;
	search->place = PLACE_UNREACHABLE;
	search->known_blobs = search->changes->blobs.count;
	rc = search_trees(search, listed, err);
	if (rc == 0)
		take_lone_blobs(search, listed);
	return rc;
}

static void tell_submodules(const struct reach *reach,
	const struct path_table *paths, struct scan_result *result)
{
	for (uint32_t i = 0; i < reach->edge_numbers.count; i++) {
		const struct reach_edge *edge = &reach->edges[i];
		if (!edge->is_submodule)
			continue;
		struct skipped *skipped =
			scan_result_add_skipped(result, SKIP_SUBMODULE);
		skipped->path = arena_strdup(
			&result->arena, paths->entries[edge->target].text);
	}
}

int reach_run(struct reach *out, const struct reach_input *input,
	struct entries *entries, struct changes *changes,
	struct scan_result *result, struct err *err)
{
	*out = (struct reach){ 0 };
	CLEANUP(search_clear)
	struct search search = {
		.reach = out,
		.survey = input->survey,
		.entries = entries,
		.changes = changes,
		.work_left = MAX_WORK,
		.repeated_left = MAX_REPEATED,
	};
	int rc = search_all(&search, input, err);
	if (rc != 0)
		return rc;
	unreadable_tell(&search.unreadable, result);
	tell_submodules(out, &changes->paths, result);
	return 0;
}

void reach_clear(struct reach *reach)
{
	pair_map_clear(&reach->edge_numbers);
	free(reach->edges);
	free(reach->folders);
	free(reach->blob_of);
	arena_clear(&reach->arena);
	*reach = (struct reach){ 0 };
}
