#include "scanner/name_lists.h"

#include "base/alloc.h"
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

#define PART_LEN  32                 /* names, where there are more */
#define MAX_WORDS ((size_t)64 << 20) /* 256 MB */

/** Marks the edges that lead to the paths, and those that lead to them. */
static bool *mark_edges(const struct reach *reach, const bool *paths)
{
	uint32_t count = reach->edge_numbers.count;
	bool *marked = xcalloc(count, sizeof(*marked));
	for (uint32_t i = 0; i < count; i++) {
		if (reach->edges[i].is_tree || !paths[reach->edges[i].target])
			continue;
		for (uint32_t edge = i; !marked[edge];) {
			marked[edge] = true;
			uint32_t folder = reach->edges[edge].folder;
			if (folder != REACH_ROOT)
				edge = reach->folders[folder].edge;
		}
	}
	return marked;
}

static void set_parts(struct name_folder *folder)
{
	folder->part_len = folder->count < PART_LEN ? folder->count : PART_LEN;
	if (folder->count)
		folder->parts = (folder->count - 1) / folder->part_len + 1;
}

/** Puts the marked edges in order of their folders. */
static void group_edges(struct name_lists *lists, const bool *marked)
{
	const struct reach *reach = lists->reach;
	uint32_t count = reach->edge_numbers.count;
	lists->folders = xcalloc(reach->folder_count, sizeof(*lists->folders));
	for (uint32_t i = 0; i < count; i++)
		lists->folders[reach->edges[i].folder].count += marked[i];
	for (size_t i = 0; i < reach->folder_count; i++) {
		lists->folders[i].first = lists->edge_count;
		lists->edge_count += lists->folders[i].count;
		set_parts(&lists->folders[i]);
		lists->folders[i].count = 0;
	}
	lists->edges = xcalloc(lists->edge_count, sizeof(*lists->edges));
	for (uint32_t i = 0; i < count; i++) {
		struct name_folder *folder =
			&lists->folders[reach->edges[i].folder];
		if (marked[i])
			lists->edges[folder->first + folder->count++] = i;
	}
}

void name_lists_init(struct name_lists *lists, const struct reach *reach,
	struct survey *survey, const bool *paths)
{
	*lists = (struct name_lists){ .reach = reach, .survey = survey };
	CLEANUP(freep) bool *marked = mark_edges(reach, paths);
	group_edges(lists, marked);
	lists->name_count = survey_names(survey)->count;
	lists->leads = xcalloc(lists->name_count, sizeof(*lists->leads));
	for (uint32_t i = 0; i < lists->edge_count; i++) {
		const struct reach_edge *edge = &reach->edges[lists->edges[i]];
		bool is_new;
		lists->leads[edge->name] = true;
		pair_map_add(&lists->places, edge->folder, edge->name, &is_new);
	}
}

void name_lists_clear(struct name_lists *lists)
{
	pair_map_clear(&lists->places);
	pair_map_clear(&lists->known);
	free(lists->edges);
	free(lists->leads);
	free(lists->folders);
	free(lists->lists);
	free(lists->words);
	free(lists->chain);
	*lists = (struct name_lists){ 0 };
}

uint32_t name_lists_part(
	const struct name_lists *lists, uint32_t list, uint32_t part)
{
	return list == LIST_NONE ? LIST_NONE : lists->words[list + part];
}

uint32_t name_lists_child(
	const struct name_lists *lists, uint32_t part, uint32_t at)
{
	return part == LIST_NONE ? SURVEY_NONE : lists->words[part + at];
}

/** A copy of `count` words at `from`, all LIST_NONE if that is. */
static uint32_t copy_words(
	struct name_lists *lists, uint32_t from, uint32_t count)
{
	while (lists->word_capacity - lists->word_count < count) {
		lists->word_capacity = (lists->word_capacity + 1024) * 2;
		lists->words = xreallocarray(lists->words, lists->word_capacity,
			sizeof(*lists->words));
	}
	uint32_t *to = lists->words + lists->word_count;
	if (from == LIST_NONE)
		memset(to, 0xff, count * sizeof(*to));
	else
		memcpy(to, lists->words + from, count * sizeof(*to));
	lists->word_count += count;
	return (uint32_t)(lists->word_count - count);
}

/** Sets one entry of the list that is being made: its own words are those from
 * `own` on, others are copied before they change. */
static void set_child(struct name_lists *lists, uint32_t *list, size_t own,
	uint32_t place, uint32_t child)
{
	const struct reach_edge *edge =
		&lists->reach->edges[lists->edges[place]];
	const struct name_folder *folder = &lists->folders[edge->folder];
	uint32_t number = (place - folder->first) / folder->part_len;
	uint32_t at = (place - folder->first) % folder->part_len;
	uint32_t part = name_lists_part(lists, *list, number);
	if (name_lists_child(lists, part, at) == child)
		return;
	if (*list == LIST_NONE || *list < own)
		*list = copy_words(lists, *list, folder->parts);
	if (part == LIST_NONE || part < own) {
		part = copy_words(lists, part, folder->part_len);
		lists->words[*list + number] = part;
	}
	lists->words[part + at] = child;
}

static void keep_list(
	struct name_lists *lists, uint32_t folder, uint32_t tree, uint32_t list)
{
	bool is_new;
	uint32_t number = pair_map_add(&lists->known, folder, tree, &is_new);
	ARRAY_GROW(lists->lists, number, lists->list_capacity);
	lists->lists[number] = list;
}

/** Collects the tree and its bases up to one whose list is known, which is
 * *list, or up to the last. */
static int collect_chain(struct name_lists *lists, uint32_t *list,
	uint32_t folder, uint32_t tree, struct err *err)
{
	lists->chain_count = 0;
	*list = LIST_NONE;
	while (tree != SURVEY_NONE) {
		uint32_t known = pair_map_find(&lists->known, folder, tree);
		if (known != PAIR_NONE) {
			*list = lists->lists[known];
			return 0;
		}
		ARRAY_GROW(lists->chain, lists->chain_count,
			lists->chain_capacity);
		lists->chain[lists->chain_count++] = tree;
		const struct survey_tree *found;
		int rc = survey_tree(&found, lists->survey, tree, err);
		if (rc < 0)
			return rc;
		tree = found->base;
	}
	return 0;
}

/** The place of a name of the folder in `edges`, or PAIR_NONE; mostly that. */
static uint32_t find_place(
	const struct name_lists *lists, uint32_t folder, uint32_t name)
{
	return name < lists->name_count && lists->leads[name]
		? pair_map_find(&lists->places, folder, name)
		: PAIR_NONE;
}

void name_lists_load(const struct name_lists *lists, uint32_t folder,
	uint32_t tree, unsigned step)
{
	survey_tree_load(lists->survey, tree, step);
	if (step == 0)
		pair_map_load(&lists->known, folder, tree);
}

int name_lists_get(uint32_t *out, struct name_lists *lists, uint32_t folder,
	uint32_t tree, struct err *err)
{
	uint32_t list;
	int rc = collect_chain(lists, &list, folder, tree, err);
	while (rc == 0 && lists->chain_count) {
		uint32_t at = lists->chain[--lists->chain_count];
		const struct survey_tree *found;
		rc = survey_tree(&found, lists->survey, at, err);
		if (rc < 0)
			return rc;
		size_t own = lists->word_count;
		for (uint32_t i = 0; i < found->count; i++) {
			const struct survey_entry *entry = &found->entries[i];
			uint32_t place = find_place(lists, folder, entry->name);
			if (place != PAIR_NONE)
				set_child(
					lists, &list, own, place, entry->child);
		}
		if (lists->word_count > MAX_WORDS)
			return 1;
		keep_list(lists, folder, at, list);
	}
	*out = list;
	return rc;
}
