/*
 * Every blob at every path that some commit has, worked out from a survey
 * without walking the commits: from the root trees of all of them, a folder's
 * path and a tree are visited once together.
 *
 * What a visit gives is only what the tree has and its base has not; the rest
 * comes when the base is visited at the same path. Where it is not, because
 * no commit has it there, the tree is taken as a whole.
 */
#ifndef SCANNER_REACH_H
#define SCANNER_REACH_H

#include "base/err.h"
#include "scanner/entries.h"
#include "scanner/finding.h"
#include "scanner/history.h"
#include "scanner/history_walk.h"
#include "scanner/pair_map.h"
#include "scanner/survey.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The folder without a name, number 0. */
#define REACH_ROOT 0

/** A name in a folder. */
struct reach_edge {
	uint32_t folder;
	uint32_t name;   /* in survey_names() */
	uint32_t target; /* of a tree: number of the folder; else of the path */
	bool is_tree;
	bool is_submodule; /* in some tree */
	uint32_t last;     /* object that was met there last */
};

struct reach_folder {
	uint32_t edge;    /* that leads to it; none for the root */
	uint32_t depth;   /* of the root: 0 */
	const char *path; /* with a slash behind it; "" for the root */
	size_t len;
};

/** What was met. All zero is empty. */
struct reach {
	struct pair_map edge_numbers; /* of (folder, name) */
	struct reach_edge *edges;
	size_t edge_capacity;
	struct reach_folder *folders;
	size_t folder_count, folder_capacity;
	struct arena arena; /* paths of folders */
	uint32_t *blob_of;  /* by number of the survey: that of the blob in
			       changes.blobs, or BLOB_NONE */
	size_t blob_of_count, blob_of_capacity;
};

/** Where to look; all is borrowed. */
struct reach_input {
	struct survey *survey;
	const struct history *history;
	unsigned places; /* of commits: those that are wanted */
	bool loose;      /* PLACE_UNREACHABLE: also trees that no commit has,
			    with paths as from their own top, and blobs that
			    nothing has, at the path "": those that were not
			    numbered before */
};

/**
 * Adds the entries of a whole history, each in the first of the places of
 * commits that it is in, and numbers paths and blobs in `changes`, whose list
 * stays empty.
 *
 * Trees that cannot be read and submodules become `skipped` entries of the
 * result. 1: that is too deep, too long or too much for this way; entries and
 * changes may hold a part then, and the result nothing.
 */
int reach_run(struct reach *out, const struct reach_input *input,
	struct entries *entries, struct changes *changes,
	struct scan_result *result, struct err *err) MUST_CHECK;
void reach_clear(struct reach *reach);

#endif
