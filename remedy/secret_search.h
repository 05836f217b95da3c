/* Which objects of an inventory hold a target secret. */
#ifndef REMEDY_SECRET_SEARCH_H
#define REMEDY_SECRET_SEARCH_H

#include "base/err.h"
#include "remedy/inventory.h"
#include "remedy/purge_target.h"
#include "rules/ruleset.h"

/** A blob, commit or tag, and the rule that found the secret in it. */
struct secret_hit {
	struct oid oid;
	const char *rule; /* borrowed from the target; NULL: none, the value
			     itself was searched for */
};

/** Sorted by id, none twice; all zero is empty. */
struct secret_hits {
	struct secret_hit *items;
	size_t count, capacity;
};

/** A ref whose name holds one. */
struct secret_ref {
	const char *name; /* with the secret masked */
	const char *rule; /* borrowed from the target */
};

/** A tree that has an entry whose name holds one, which no commit has. */
struct secret_tree {
	struct oid oid;
	const char *name; /* with the secret masked */
	const char *rule; /* borrowed from the target */
};

/** What holds one in its name; all zero is empty. */
struct secret_names {
	struct arena arena;
	const char **paths; /* by number in inventory.changes: the path with
				its secrets masked, or NULL */
	struct secret_ref *refs;
	size_t ref_count, ref_capacity;
	struct secret_tree *trees;
	size_t tree_count, tree_capacity;
};

void secret_names_clear(struct secret_names *names);

/** What is searched, and for what. */
struct secret_search_input {
	const struct inventory *inventory;
	const struct purge_target *target;
	const struct ruleset *rules; /* with those that found the secrets */
	const struct scan_opts *opts;
};

/**
 * Runs the rules of the target's secrets on the content of every blob, commit
 * and tag, wherever it lies: a rule that asks for a path is not asked for it.
 * The same rules look at the names of paths, of entries of all trees, and of
 * refs. What cannot be read is
 * recorded in `skips`. ERR_NOT_FOUND when a rule that the target names does not
 * exist.
 */
int secret_search(struct secret_hits *out, struct secret_names *names,
	const struct secret_search_input *input, struct scan_result *skips,
	struct err *err) MUST_CHECK;
void secret_hits_clear(struct secret_hits *hits);

/** Takes over `more`, in any order, none of which is there already. */
void secret_hits_join(struct secret_hits *hits, struct secret_hits *more);

/** The hit in that object, or NULL. */
const struct secret_hit *secret_hits_find(
	const struct secret_hits *hits, const struct oid *oid);

#endif
