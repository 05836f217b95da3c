/*
 * The tables of a survey, for the two files that fill them: survey_read.c in
 * bulk, survey.c with what is asked for later. Constant in between.
 */
#ifndef SCANNER_SURVEY_TABLE_H
#define SCANNER_SURVEY_TABLE_H

#include "base/arena.h"
#include "base/err.h"
#include "scanner/objects/objects.h"
#include "scanner/oid_map.h"
#include "scanner/survey.h"
#include "scanner/tree_shape.h"

#include <stddef.h>
#include <stdint.h>

/** Entries are kept in blocks, which do not move. */
struct survey_block {
	struct survey_block *next;
	size_t used, capacity;
	struct survey_entry entries[];
};

struct survey_commit_row {
	uint32_t number;
	uint32_t parent_count;
	uint32_t *links; /* numbers: of the tree, then of the parents */
	int64_t time;
};

struct survey {
	const struct objects *objects;
	size_t max_object_size;
	struct object_name *listed; /* by id */
	uint32_t listed_count;
	uint32_t *fan; /* where the ids begin that have those first bits */
	unsigned fan_bits;
	struct oid_map others; /* numbers from listed_count on */
	struct survey_block *blocks;
	struct survey_tree *trees;
	size_t tree_count, tree_capacity;
	uint32_t *tree_of; /* by number: row of `trees`, or SURVEY_NONE */
	size_t tree_of_count, tree_of_capacity;
	struct survey_commit_row *commits;
	size_t commit_count, commit_capacity;
	uint32_t *commit_of; /* by number, of those that are listed */
	struct arena links;
	struct objects_reader *reader;
	struct shape_reader late; /* for trees asked for later; has the names */
};

/** The number of an object that is listed, or SURVEY_NONE. */
uint32_t survey_find(const struct survey *survey, const struct oid *oid);

/** Begins to load what survey_find() will read for the id, in two steps: memory
 * is slower than all else there. */
void survey_find_soon(const struct survey *survey, const struct oid *oid);
void survey_find_next(const struct survey *survey, const struct oid *oid);

/** Room for so many entries in the blocks. */
struct survey_entry *survey_add_entries(
	struct survey_block **blocks, size_t count);

/** A survey of these objects, by id, of which nothing was read yet; takes over
 * the list. */
struct survey *survey_of_list(struct object_name *listed, uint32_t count);

/** Lets go of all that was read; what is listed stays. */
void survey_forget(struct survey *survey);

/** Reads everything that is listed and not known. 1: too much. */
int survey_read(struct survey *survey, unsigned jobs,
	const struct walk_progress *progress, struct err *err) MUST_CHECK;

#endif
