#include "scanner/reach.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "scanner/partners.h"
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

#define EDGE_NONE UINT32_MAX

/* What is looked at lies far apart in memory. It is loaded in steps, before its
 * turn: so many visits, or blobs, ahead. */
#define AHEAD       4
#define BLOBS_AHEAD 16

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
	struct partners visited; /* of trees: folders */
	struct partners taken;   /* of blobs: edges */
	struct visits open;      /* to be gone through */
	struct visits partial;   /* whose base was not visited there then */
	uint32_t *edge_of;       /* by name: the edge met last, or EDGE_NONE */
	uint32_t edge_of_count;
	uint32_t *blobs; /* numbered, not yet in changes.blobs: their objects */
	size_t blob_count, blob_capacity;
	struct unreadable unreadable;
	size_t work_left;
	size_t repeated_left;
	uint32_t *stamps; /* by name: the expansion that has decided on it */
	size_t stamp_count, stamp_capacity;
	uint32_t expansion;

	unsigned place; /* that is gone through, 0 for one that is not wanted */
	uint32_t listed_count;
	uint32_t known_blobs; /* those with lower numbers are passed over */
};

static void search_clear(struct search *search)
{
	partners_clear(&search->visited);
	partners_clear(&search->taken);
	free(search->edge_of);
	free(search->blobs);
	free(search->open.items);
	free(search->partial.items);
	unreadable_clear(&search->unreadable);
	free(search->stamps);
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

static void visit(struct search *search, uint32_t folder, uint32_t tree)
{
	bool is_repeated = partners_has_any(&search->visited, tree);
	if (!partners_add(&search->visited, tree, folder))
		return;
	survey_tree_load(search->survey, tree, 0);
	add_visit(&search->open, &(struct visit){ folder, tree, is_repeated });
}

static uint32_t *blob_of(struct reach *reach, uint32_t object)
{
	while (reach->blob_of_count <= object) {
		ARRAY_GROW(reach->blob_of, reach->blob_of_count,
			reach->blob_of_capacity);
		reach->blob_of[reach->blob_of_count++] = BLOB_NONE;
	}
	return &reach->blob_of[object];
}

static uint32_t blobs_numbered(const struct search *search)
{
	return search->changes->blobs.count + (uint32_t)search->blob_count;
}

static uint32_t blob_number(struct search *search, uint32_t object)
{
	uint32_t *blob = blob_of(search->reach, object);
	if (*blob != BLOB_NONE)
		return *blob;
	*blob = blobs_numbered(search);
	ARRAY_GROW(search->blobs, search->blob_count, search->blob_capacity);
	search->blobs[search->blob_count++] = object;
	return *blob;
}

/** Takes over the numbers that blobs have already. */
static void take_blob_numbers(struct search *search)
{
	const struct oid_map *blobs = &search->changes->blobs;
	for (uint32_t i = 0; i < blobs->count; i++)
		*blob_of(search->reach,
			survey_number(search->survey, &blobs->oids[i])) = i;
}

/** Makes the numbers given since then those of the ids. */
static void give_blob_numbers(struct search *search)
{
	struct oid_map *blobs = &search->changes->blobs;
	for (size_t i = 0; i < search->blob_count; i++) {
		if (i + BLOBS_AHEAD < search->blob_count)
			__builtin_prefetch(survey_oid(search->survey,
				search->blobs[i + BLOBS_AHEAD]));
		oid_map_append(
			blobs, survey_oid(search->survey, search->blobs[i]));
	}
	search->blob_count = 0;
	oid_map_index(blobs);
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
static void take_blob(struct search *search, uint32_t at, uint32_t object)
{
	struct reach_edge *edge = &search->reach->edges[at];
	if (edge->last == object)
		return;
	edge->last = object;
	if (!partners_add(&search->taken, object, at))
		return;
	uint32_t blob = blob_number(search, object);
	/* what nothing reaches may have lost parts: git gc took them */
	bool lost = search->place == PLACE_UNREACHABLE &&
		object >= search->listed_count;
	if (search->place && !lost && blob >= search->known_blobs)
		entries_add(search->entries, edge->target, blob, search->place);
}

/** The number of an edge, which is made if it is new. False: too long, too deep
 * or too much. */
static bool find_edge(
	uint32_t *number, struct search *search, uint32_t folder, uint32_t name)
{
	struct reach *reach = search->reach;
	if (name < search->edge_of_count) {
		*number = search->edge_of[name];
		if (*number != EDGE_NONE &&
			reach->edges[*number].folder == folder)
			return true;
	}
	bool is_new;
	*number = pair_map_add(&reach->edge_numbers, folder, name, &is_new);
	if (name < search->edge_of_count)
		search->edge_of[name] = *number;
	if (!is_new)
		return true;
	ARRAY_GROW(reach->edges, *number, reach->edge_capacity);
	reach->edges[*number] = (struct reach_edge){
		.folder = folder,
		.name = name,
		.last = SURVEY_NONE,
	};
	return make_edge(search, *number);
}

/** Takes an entry of a tree that stands at the folder. 1: too much. */
static int take_entry(struct search *search, uint32_t folder,
	const struct survey_entry *entry)
{
	uint32_t number;
	if (!find_edge(&number, search, folder, entry->name))
		return 1;
	struct reach_edge *edge = &search->reach->edges[number];
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
		!partners_has(&search->visited, tree.base, visit->folder))
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
	if (partners_has(&search->visited, tree->base, visit->folder))
		return 0;
	return take_inherited(search, visit, err);
}

/** Loads what the visits below the last one will need. */
static void load_ahead(const struct search *search, const struct visits *visits)
{
	for (size_t step = 0; step < 3; step++) {
		size_t ahead = (3 - step) * AHEAD;
		if (visits->count > ahead)
			survey_tree_load(search->survey,
				visits->items[visits->count - 1 - ahead].tree,
				(unsigned)step);
	}
}

static int go_on(struct search *search, struct err *err)
{
	int rc = 0;
	while (rc == 0 && (search->open.count || search->partial.count)) {
		bool open = search->open.count;
		struct visits *visits = open ? &search->open : &search->partial;
		load_ahead(search, visits);
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
		!partners_has_any(&search->visited, number);
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
			*blob_of(search->reach, i) == BLOB_NONE)
			entries_add(search->entries,
				path_table_add(&changes->paths, "", 0),
				blob_number(search, i), PLACE_UNREACHABLE);
}

static void make_room(struct search *search)
{
	partners_reserve(&search->visited, search->listed_count);
	partners_reserve(&search->taken, search->listed_count);
	search->edge_of_count = survey_names(search->survey)->count;
	search->edge_of =
		xcalloc(search->edge_of_count, sizeof(*search->edge_of));
	memset(search->edge_of, 0xff,
		search->edge_of_count * sizeof(*search->edge_of));
}

static int search_all(
	struct search *search, const struct reach_input *input, struct err *err)
{
	const struct object_name *listed =
		survey_listed(search->survey, &search->listed_count);
	make_room(search);
	take_blob_numbers(search);
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_add(&path, "", 0);
	add_folder(search->reach, 0, 0, &path);
	int rc = search_commits(search, input, err);
	if (rc != 0 || !input->loose)
		return rc;
	search->place = PLACE_UNREACHABLE;
	search->known_blobs = blobs_numbered(search);
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
	give_blob_numbers(&search);
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
