/*
 * What trees have of some names of a folder: one list a tree, made from that
 * of its base. Lists are divided into parts, and those that did not change are
 * shared.
 */
#ifndef SCANNER_NAME_LISTS_H
#define SCANNER_NAME_LISTS_H

#include "base/err.h"
#include "scanner/pair_map.h"
#include "scanner/reach.h"
#include "scanner/survey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A list without entries, and an absent part of a list. */
#define LIST_NONE UINT32_MAX

/** The names of one folder: edges [first, first + count) of `edges`. */
struct name_folder {
	uint32_t first, count;
	uint32_t part_len; /* names in a part */
	uint32_t parts;
};

/** Which edges of the history lead to some path, and the lists. */
struct name_lists {
	const struct reach *reach;
	struct survey *survey;
	uint32_t *edges; /* numbers, grouped by folder */
	uint32_t edge_count;
	struct pair_map places; /* of (folder, name) in `edges` */
	bool *leads;            /* by name: some edge has it */
	uint32_t name_count;
	struct name_folder *folders; /* by number */
	struct pair_map known; /* (folder, tree), in the order of `lists` */
	uint32_t *lists;
	size_t list_capacity;
	uint32_t *words; /* lists of parts, and parts: lists of children */
	size_t word_count, word_capacity;
	uint32_t *chain; /* trees, while a list is made */
	size_t chain_count, chain_capacity;
};

/** Begins with the edges that lead to these paths, by number. Caller clears. */
void name_lists_init(struct name_lists *lists, const struct reach *reach,
	struct survey *survey, const bool *paths);
void name_lists_clear(struct name_lists *lists);

/** The list of a tree that stands at the folder, and is not odd. 1: too much
 * memory. */
int name_lists_get(uint32_t *out, struct name_lists *lists, uint32_t folder,
	uint32_t tree, struct err *err) MUST_CHECK;

/** Begins to load a tree whose list will be asked for; steps as for
 * survey_tree_load(). */
void name_lists_load(const struct name_lists *lists, uint32_t folder,
	uint32_t tree, unsigned step);

/** A part of a list, or LIST_NONE; equal numbers are equal parts. */
uint32_t name_lists_part(
	const struct name_lists *lists, uint32_t list, uint32_t part);

/** An entry of a part: what survey_entry.child is, SURVEY_NONE if absent. */
uint32_t name_lists_child(
	const struct name_lists *lists, uint32_t part, uint32_t at);

#endif
