/*
 * The lines of one ignore file, made to be asked about many entries. What is
 * literal is looked up; of other lines most are told apart by the bytes that
 * they need, before wildmatch is run; and lines that look at names alone are
 * asked once about a name. Answers are those of ignore_lines_last().
 */
#ifndef REMEDY_IGNORE_INDEX_H
#define REMEDY_IGNORE_INDEX_H

#include "base/buf.h"
#include "base/err.h"
#include "remedy/ignore_line.h"
#include "scanner/path_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What may still be done, by all indexes that share it. */
struct ignore_budget {
	uint64_t steps; /* of about a nanosecond */
	size_t answers; /* about names that may be kept */
};

/** For ordinary repositories a hundred times too much: 500,000 different names
 * and 100 patterns take 50 million steps. */
#define IGNORE_BUDGET            \
	((struct ignore_budget){ \
		.steps = (uint64_t)1 << 31, .answers = (size_t)1 << 20 })

struct literal_lines;
struct wild_line;

/** All zero is an index of no lines. */
struct ignore_index {
	const struct ignore_lines *lines;
	struct path_table literals; /* names; paths with a slash before them */
	struct literal_lines *literal_lines; /* by number */
	uint32_t literal_capacity;
	struct wild_line *names, *paths; /* in order */
	size_t name_count, name_capacity, path_count, path_capacity;
	struct path_table asked; /* names; of folders with a slash behind */
	uint32_t *answers;       /* by number: of a line + 1, or 0 */
	uint32_t answer_capacity;
	struct buf key;
};

/** `lines` are borrowed. Caller clears. */
void ignore_index_init(
	struct ignore_index *index, const struct ignore_lines *lines);
void ignore_index_clear(struct ignore_index *index);

/** *out is the last line that fits, or NULL. ERR_LIMIT, without a message, when
 * the budget is used up. */
int ignore_index_last(const struct ignore_line **out,
	struct ignore_index *index, const char *path, size_t len, bool is_dir,
	struct ignore_budget *budget) MUST_CHECK;

#endif
