/*
 * Every tree and commit of the object store, read once, base first, and kept
 * as small tables: a tree is what it has that the tree it was made from has
 * not. What history holds, and when it changed, is then worked out in memory.
 *
 * Objects have numbers: those of the packs and the loose ones in the order of
 * their ids, and behind them others that are only named.
 */
#ifndef SCANNER_SURVEY_H
#define SCANNER_SURVEY_H

#include "base/err.h"
#include "scanner/objects/objects.h"
#include "scanner/oid.h"
#include "scanner/path_table.h"
#include "scanner/walk_progress.h"

#include <stdbool.h>
#include <stdint.h>

#define SURVEY_NONE    UINT32_MAX
#define SURVEY_GITLINK (1U << 31)

struct survey_entry {
	uint32_t name;  /* in survey_names() */
	uint32_t child; /* number of the object, SURVEY_GITLINK set for the
			   commit of a submodule; SURVEY_NONE: gone */
};

/**
 * A tree: what its base has, without the names of these entries, and with
 * those entries that are not gone. Names that are gone come first, and may be
 * among the new ones again.
 */
struct survey_tree {
	const struct survey_entry *entries;
	uint32_t count;
	uint32_t base; /* or SURVEY_NONE: the entries are all */
	int status;    /* negative: what reading it gave, and no entries */
	bool corrupt;  /* behind these entries stand bytes that are none */
	bool odd;      /* the entries are a list with names out of order or
			  twice; then there is no base */
};

/** A commit; parents are borrowed. */
struct survey_commit {
	uint32_t tree;
	uint32_t parent_count;
	const uint32_t *parents;
	int64_t time; /* committer's */
};

struct survey;

struct cache;

/** How to read; borrowed. */
struct survey_opts {
	unsigned jobs;                        /* threads */
	size_t max_object_size;               /* of the store */
	const struct walk_progress *progress; /* or NULL */
	struct cache *cache; /* what was read before is not read again; or
				NULL */
};

/**
 * Reads all that is not in the cache. 1, with *out NULL: it would take too much
 * memory, which does not happen where trees are stored as deltas. Caller frees;
 * `objects` is borrowed. For one thread at a time.
 */
int survey_new(struct survey **out, const struct objects *objects,
	const struct survey_opts *opts, struct err *err) MUST_CHECK;
void survey_free(struct survey *survey);
DEFINE_CLEANUP(survey_freep, struct survey, survey_free)

/** The ids of the listed objects of these types, a bit each (1 << OBJECT_BLOB),
 * that were not read, by number, and their numbers. Caller frees both. */
struct oid *survey_collect(const struct survey *survey, unsigned types,
	uint32_t **numbers, size_t *count);

/** Names of entries. That of a tree ends with a NUL that its length counts, so
 * that a file and a tree of one name have two numbers. */
const struct path_table *survey_names(const struct survey *survey);

/** True for the name of a tree. */
bool survey_names_tree(const struct survey *survey, uint32_t name);

/** The objects that have numbers from 0 on, in their order. Borrowed. */
const struct object_name *survey_listed(
	const struct survey *survey, uint32_t *count);

/** The number of an object, a new one for what the store does not list. */
uint32_t survey_number(struct survey *survey, const struct oid *oid);

/** The id of a number. */
const struct oid *survey_oid(const struct survey *survey, uint32_t number);

/** A tree, read now if the store does not list it. Borrowed until the next
 * call. Errors are those of the machine; a tree's own stand in its status. */
int survey_tree(const struct survey_tree **out, struct survey *survey,
	uint32_t number, struct err *err) MUST_CHECK;

/** Begins to load a tree that will be asked for, step 0 first and step 2 last,
 * with other work in between: each reads what the one before has loaded. */
void survey_tree_load(
	const struct survey *survey, uint32_t number, unsigned step);

/** A commit; false when it was not read, or does not parse. */
bool survey_commit(struct survey_commit *out, const struct survey *survey,
	uint32_t number);

/** As survey_tree_load(), for a commit and the id of its tree. */
void survey_commit_load(
	const struct survey *survey, uint32_t number, unsigned step);

#endif
