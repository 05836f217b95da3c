/*
 * The smallest set of .gitignore entries that covers a list of paths and no
 * path of another list.
 *
 * Candidates are the pattern that each path brings (mostly that of its session
 * store), `name/` for any depth where several stores bear a name, and where
 * these would take too much with them: everything in the store but what is to
 * stay, or the single paths. The largest are taken first and those that others
 * make superfluous are dropped; where one candidate's paths contain another's
 * or have none in common, as stores and names do, no smaller set exists.
 * A secret in a name is not written: `?` stands for each of its bytes.
 */
#ifndef REMEDY_IGNORE_COVER_H
#define REMEDY_IGNORE_COVER_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct name_mask;

/** A path to cover, below the folder of the .gitignore. */
struct cover_target {
	const char *path;
	const char *pattern; /* gitignore(5), one line */
};

struct cover_input {
	const struct cover_target *targets;
	size_t target_count;
	const char *const *avoid; /* paths that must not become ignored,
				     sorted */
	size_t avoid_count;
	const char *const *kept; /* entries of an earlier run: each stays
				    unless a larger one takes its place */
	size_t kept_count;
	bool ignore_case;
	struct name_mask *secrets; /* that no entry may name, or NULL */
};

/** An entry: one line, or a line and negations that belong to it. */
struct cover_entry {
	const char *text;    /* lines joined by a newline, none at the end */
	size_t target_count; /* that it covers */
	size_t first_target; /* when it covers any */
	const char *name;    /* of the store, for any depth; or NULL */
};

/** All zero is empty. Texts live in the arena or are the input's. */
struct cover {
	struct arena arena;
	struct cover_entry *entries; /* sorted by text */
	size_t count;
	size_t *missed; /* targets that no entry can cover, by number */
	size_t missed_count;
};

void cover_clear(struct cover *cover);

/** Finds the entries. ERR_LIMIT when there are too many candidates. */
int cover_find(struct cover *out, const struct cover_input *input,
	struct err *err) MUST_CHECK;

#endif
