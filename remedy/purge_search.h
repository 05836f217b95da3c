/*
 * Where the target of a purge still is: in which objects, what keeps those, and
 * in the names of which refs. Every object of the repository is looked at,
 * reachable or not: blobs for target ids and secrets, commits and tags for
 * secrets in messages, the trees of every commit for target paths, and all
 * trees for names that hold a secret.
 *
 * What a tree that no commit has is called from the root on is not known, so
 * target paths without a secret are not looked for there; the blobs that it
 * names are objects like any other.
 */
#ifndef REMEDY_PURGE_SEARCH_H
#define REMEDY_PURGE_SEARCH_H

#include "base/err.h"
#include "remedy/inventory.h"
#include "remedy/purge_target.h"
#include "remedy/purge_values.h"
#include "remedy/secret_search.h"
#include "remedy/storage.h"
#include "rules/ruleset.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum left_what {
	LEFT_PATH,    /* a tree or an index names a target path; the object
			 is what stands there, or a tree of no commit with
			 such a name */
	LEFT_BLOB,    /* a target blob, at another path or at none */
	LEFT_SECRET,  /* a blob that holds a target secret */
	LEFT_MESSAGE, /* a commit or tag that holds one */
	LEFT_LFS,     /* a file in the store of Git LFS */
	LEFT_REF,     /* a ref has a target secret in its name, which no
			rewrite changes */
};

/** "path", "blob", … */
const char *left_what_name(int what);

/** Something that is left; texts are borrowed from inventory and target. */
struct purge_left {
	int what;
	const char *path; /* or NULL, secrets masked; of LEFT_LFS: the file, of
				LEFT_REF: the ref */
	struct oid oid;   /* the object; zero for LEFT_LFS and LEFT_REF */
	const char *rule; /* that found the secret; NULL: none did, or it is
				none */
	bool named;       /* a ref, log or index keeps it */
	size_t first_origin, origin_count;
};

/** What brought it: a commit, or a holder that has it directly. */
struct purge_origin {
	uint32_t commit; /* in the history, or ORIGIN_NO_COMMIT */
	size_t holder;   /* in the inventory's holders */
};

#define ORIGIN_NO_COMMIT UINT32_MAX

#define PLACE_EXAMPLES 20

/** A holder and what it keeps. */
struct purge_place {
	struct holder holder;            /* texts borrowed */
	size_t object_count;             /* of search.left, each object once */
	size_t last_object;              /* counted, while they are */
	size_t examples[PLACE_EXAMPLES]; /* the first ones in search.left */
	size_t example_count;
};

/** All zero is empty. Borrows from inventory and target. */
struct purge_search {
	struct purge_left *left; /* by path, then object */
	size_t left_count, left_capacity;
	size_t object_count; /* of `left`, each once however many paths it has;
				names of refs are none */
	struct purge_origin *origins;
	size_t origin_count, origin_capacity;
	struct purge_place *places; /* by kind, then name */
	size_t place_count, place_capacity;
	struct secret_names names; /* that hold a target secret */
	struct holders stores;     /* packs, files and folders among them */
	struct scan_result skips;  /* contents that could not be searched */
	struct storage *storage;
	size_t searched; /* objects whose content was looked at */
	bool complete;   /* nothing was skipped: here, in the inventory, or
				when the target was made */
};

/** `rules` are those that made the target; `opts` gives threads, fingerprint
 * key and progress. `values`, where they are known, are searched for beside
 * what the rules find; else empty. */
int purge_search_run(struct purge_search *out,
	const struct inventory *inventory, const struct purge_target *target,
	const struct purge_values *values, const struct ruleset *rules,
	const struct scan_opts *opts, struct err *err) MUST_CHECK;
void purge_search_clear(struct purge_search *search);

/** Lists what was not looked at: when the target was made, for the inventory,
 * in the search. What two of them tell stands there once. Texts are borrowed;
 * caller clears. */
void purge_search_list_skips(struct scan_result *out,
	const struct purge_search *search, const struct inventory *inventory,
	const struct purge_target *target);

/** The last step of it, in purge_places.c: fills `places` from `left`, and
 * counts objects. */
void purge_places_make(
	struct purge_search *search, const struct inventory *inventory);

#endif
