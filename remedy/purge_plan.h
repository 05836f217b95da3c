/*
 * What a rewrite would touch, worked out without running anything: commits and
 * refs that get another id, signatures that are lost, bytes that go.
 *
 * What git-filter-repo rewrites is what the refs reach. git-fast-export(1),
 * on which it is built, drops the signature of every commit, so a signed commit
 * changes even where nothing is taken from it, and so do all behind it.
 */
#ifndef REMEDY_PURGE_PLAN_H
#define REMEDY_PURGE_PLAN_H

#include "base/err.h"
#include "remedy/purge_search.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A ref that gets another id. */
struct purge_effect {
	const struct holder *holder; /* borrowed from the inventory */
	struct oid first;  /* first changed commit; zero: none, a message of
				its tag alone */
	bool is_annotated; /* a tag with an object of its own */
	bool is_signed;
	bool is_bare; /* names a blob or tree: filter-repo leaves it alone */
};

/** All zero is empty. */
struct purge_plan {
	struct purge_effect *effects; /* by kind, then name */
	size_t effect_count, effect_capacity;
	struct oid *first_changed; /* changed, and none of their parents is */
	size_t first_count, first_capacity;
	size_t commits;          /* that refs reach */
	size_t commits_changed;  /* of them: content is taken away, or before */
	size_t commits_unsigned; /* the others that change: a signature is lost,
				in them or before */
	size_t signed_commits;   /* all that lose one */
	size_t signed_tags;
	uint64_t size;       /* bytes of the object store; 0: not known */
	uint64_t size_freed; /* bytes of target blobs in it */
};

/** Adds to the target the LFS objects whose pointers its blobs are. */
int purge_target_add_pointers(struct purge_target *target,
	const struct inventory *inventory, struct err *err) MUST_CHECK;

/** Works it out. */
int purge_plan_make(struct purge_plan *out, const struct inventory *inventory,
	const struct purge_target *target, const struct purge_search *search,
	struct err *err) MUST_CHECK;
void purge_plan_clear(struct purge_plan *plan);

#endif
