#include "scanner/follow_tips.h"

#include "base/array.h"
#include "scanner/holder_kind.h"

#include <stdlib.h>

/** A tree at a folder. */
struct visit {
	uint32_t folder, tree;
};

struct search {
	const struct follow_input *input;
	struct name_lists *lists;
	int kind;             /* of the tips: enum holder_kind */
	struct pair_map seen; /* (folder, tree), of these tips */
	struct visit *open;
	size_t open_count, open_capacity;
};

static void search_clear(struct search *search)
{
	pair_map_clear(&search->seen);
	free(search->open);
}

static void visit(struct search *search, uint32_t folder, uint32_t tree)
{
	bool is_new;
	pair_map_add(&search->seen, folder, tree, &is_new);
	if (!is_new)
		return;
	ARRAY_GROW(search->open, search->open_count, search->open_capacity);
	search->open[search->open_count++] = (struct visit){ folder, tree };
}

static void take_child(
	struct search *search, const struct reach_edge *edge, uint32_t child)
{
	if (child == SURVEY_NONE || child & SURVEY_GITLINK)
		return;
	const struct follow_input *input = search->input;
	if (edge->is_tree)
		visit(search, edge->target, child);
	else
		input->at_tip(edge->target, input->reach->blob_of[child],
			search->kind, input->ctx);
}

static void go_through(struct search *search, uint32_t number, uint32_t list)
{
	const struct name_lists *lists = search->lists;
	const struct name_folder *folder = &lists->folders[number];
	for (uint32_t i = 0; i < folder->count; i++) {
		uint32_t part =
			name_lists_part(lists, list, i / folder->part_len);
		take_child(search,
			&lists->reach->edges[lists->edges[folder->first + i]],
			name_lists_child(lists, part, i % folder->part_len));
	}
}

static int search_folders(struct search *search, struct err *err)
{
	while (search->open_count) {
		struct visit next = search->open[--search->open_count];
		const struct survey_tree *tree;
		int rc = survey_tree(
			&tree, search->input->survey, next.tree, err);
		if (rc < 0)
			return rc;
		if (tree->odd)
			return 1;
		if (tree->status < 0)
			continue; /* reach_run() told */
		uint32_t list;
		rc = name_lists_get(
			&list, search->lists, next.folder, next.tree, err);
		if (rc != 0)
			return rc;
		go_through(search, next.folder, list);
	}
	return 0;
}

/** `unnamed` is the number of the path "". */
static void visit_commit(struct search *search,
	const struct history_commit *commit, uint32_t unnamed)
{
	const struct follow_input *input = search->input;
	if (oid_is_zero(&commit->tree))
		return; /* told when it was loaded */
	uint32_t number = history_tree(commit, input->survey);
	if (!commit->is_blob)
		visit(search, REACH_ROOT, number);
	else if (unnamed != PATH_NONE && input->paths[unnamed])
		input->at_tip(unnamed, input->reach->blob_of[number],
			search->kind, input->ctx);
}

/** Goes through the tips of one kind. */
static int search_kind(
	struct search *search, const struct changes *changes, struct err *err)
{
	const struct history *history = search->input->history;
	uint32_t unnamed = path_table_find(&changes->paths, "", 0);
	pair_map_clear(&search->seen);
	for (size_t i = 0; i < history->tip_count; i++) {
		const struct history_tip *tip = &history->tips[i];
		if (tip->kind != search->kind)
			continue;
		uint32_t parts = history_tip_parts(history, tip);
		for (uint32_t part = 0; part <= parts; part++)
			visit_commit(search,
				history_tip_part(history, tip, part), unnamed);
	}
	return search_folders(search, err);
}

int follow_tips(struct name_lists *lists, const struct follow_input *input,
	const struct changes *changes, struct err *err)
{
	CLEANUP(search_clear)
	struct search search = { .input = input, .lists = lists };
	int rc = 0;
	for (int kind = 0; rc == 0 && kind < HOLDER_KIND_COUNT; kind++) {
		search.kind = kind;
		if (kind != HOLDER_REFLOG)
			rc = search_kind(&search, changes, err);
	}
	return rc;
}
