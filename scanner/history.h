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
	bool is_cut;   /* it has parents that are not here: a shallow clone
			  leaves them out, they cannot be read, or there
			  are too many */
};

/** What history is walked from. */
struct history_start {
	const char *name; /* of a ref, or of the ref whose log it stands in;
			     borrowed. "": where a range ends */
	struct oid oid;   /* commit, tag, tree or blob */
	uint8_t kind;     /* enum holder_kind; of a range HOLDER_REF */
	uint32_t entry;   /* of a reflog: counted from the newest, 0 */
};

/** The same with the commit (by number) that it leads to. */
struct history_tip {
	const char *ref;
	uint32_t commit;
	uint32_t entry;
	uint8_t kind;
};

/** All zero is empty. Constant once loaded. */
struct history {
	struct history_commit *commits;
	uint32_t count, capacity;
	uint32_t *parents; /* numbers of commits */
	uint32_t parents_count, parents_capacity;
	struct history_tip *tips; /* sorted by ref, newest entry first */
	size_t tip_count, tip_capacity;
	uint8_t *standing; /* by commit; see history_place() */
};

/** Which commits. All is borrowed. */
struct history_range {
	const struct history_start *tips; /* what these reach */
	size_t tip_count;
	const struct oid *cuts; /* but not what these reach */
	size_t cut_count;
	const struct oid *more; /* and what these commits reach, which are no
				   tips; not together with cuts. Of what no tip
				   reaches, ancestors that are gone are not
				   missed: git gc took them */
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

/** Parents of a commit, each with another tree, in order; of those whose tree
 * could be read. `out` has room for all parents; the answer is how many. */
uint32_t history_distinct_parents(uint32_t *out, const struct history *history,
	const struct history_commit *commit);

/** How many of the tip's own parents belong to it: the index and untracked
 * files of a stash entry are commits behind the first (git-stash(1),
 * "Discussion"). Further ones are no part of it.
 */
uint32_t history_tip_parts(
	const struct history *history, const struct history_tip *tip);

/** The tip's commit, number 0, or one of its parts. */
const struct history_commit *history_tip_part(const struct history *history,
	const struct history_tip *tip, uint32_t part);

/** In which place what stands in the commit, and in none that is reached by
 * more, is: PLACE_HISTORY for what a ref reaches, PLACE_REPLACED where git log
 * shows another commit instead, PLACE_STASH, PLACE_NOTE, PLACE_REFLOG for what
 * only those reach, PLACE_UNREACHABLE for what nothing does. */
unsigned history_place(const struct history *history, uint32_t commit);

/** The first of several such places, 0 for none. */
unsigned history_place_first(unsigned places);

/** Gives each commit the bits of its descendants: what the caller set in the
 * `words` words of c, from masks[c * words] on, is then set in those of every
 * ancestor of c as well. */
void history_reach(
	uint64_t *masks, size_t words, const struct history *history);

#endif
