/*
 * The commits that tips reach, or a range of them, parents before children.
 * Where several orders are possible the older committer date goes first, then
 * the smaller id: the order depends on the commits alone, not on how they are
 * stored.
 */
#ifndef SCANNER_HISTORY_H
#define SCANNER_HISTORY_H

#include "base/err.h"
#include "scanner/finding.h"
#include "scanner/objects/objects.h"
#include "scanner/oid_map.h"
#include "scanner/repo.h"
#include "scanner/survey.h"

#include <stddef.h>
#include <stdint.h>

/** A commit, or a tree or blob that a ref names without one: then `oid` is
 * zero, and `is_blob` tells what `tree` is the id of. */
struct history_commit {
	struct oid oid;
	struct oid tree;
	uint32_t tree_number;  /* in the survey that it was taken from, or
				  SURVEY_NONE */
	int64_t time;          /* committer's, seconds since 1970 */
	uint32_t first_parent; /* into history.parents */
	uint16_t parent_count;
	bool is_blob;
	bool left_out; /* not of the range: known as a parent alone */
};

/** A ref and the commit (by number) that it leads to. */
struct history_tip {
	const char *ref; /* borrowed from the repo; "": where a range ends */
	uint32_t commit;
};

/** All zero is empty. Constant once loaded. */
struct history {
	struct history_commit *commits;
	uint32_t count, capacity;
	uint32_t *parents; /* numbers of commits */
	uint32_t parents_count, parents_capacity;
	struct history_tip *tips; /* sorted by ref */
	size_t tip_count, tip_capacity;
};

/** Which commits. All is borrowed. */
struct history_range {
	const struct repo_ref *tips; /* what these reach: mostly repo_refs() */
	size_t tip_count;
	const struct oid *cuts; /* but not what these reach */
	size_t cut_count;
	const struct oid *more; /* and what these commits reach, which are no
				   tips; not together with cuts */
	size_t more_count;
	bool tips_alone; /* the tips, nothing that they reach */
	bool has_since;
	int64_t since;         /* none with an older committer date */
	struct survey *survey; /* to take commits from; or NULL: read them */
};

/**
 * Loads the commits of the range; parents of its first ones are in it as left
 * out. Tips of one name may be several, and each becomes one of the history.
 * Objects that are missing or damaged, and the cut of a shallow clone, become
 * `skipped` entries of the result.
 */
int history_load(struct history *out, const struct history_range *range,
	struct repo *repo, struct objects_reader *reader,
	struct scan_result *result, struct err *err) MUST_CHECK;
void history_clear(struct history *history);

/** The number of the tree, or blob, of a commit in a survey. */
uint32_t history_tree(
	const struct history_commit *commit, struct survey *survey);

/** Gives each commit the bits of its descendants: what the caller set
 * in masks[c] is then set in every ancestor of c as well. */
void history_reach(uint64_t *masks, const struct history *history);

#endif
