/*
 * The rewrite itself, done by git-filter-repo. What it works on is a mirror
 * clone made here, or the repository itself after a bundle of all of it was
 * written and verified. No remote is ever talked to: the clone forgets where it
 * came from, and the protocols of remotes are shut off.
 */
#ifndef REMEDY_PURGE_APPLY_H
#define REMEDY_PURGE_APPLY_H

#include "base/err.h"
#include "remedy/inventory.h"
#include "remedy/purge_files.h"

/** The programs, found and looked at; all zero is none. */
struct purge_tools {
	char *git;
	char *filter_repo;
	char *version; /* what git-filter-repo calls itself */
};

/**
 * Finds both on PATH, and checks that git-filter-repo knows the options that
 * are needed: its --version is a hash that says nothing of age. ERR_NOT_FOUND
 * and ERR_UNSUPPORTED say how to get it.
 */
int purge_tools_find(struct purge_tools *out, struct err *err) MUST_CHECK;
void purge_tools_clear(struct purge_tools *tools);

/** Makes a bare mirror clone of the repository at `source` in `folder`, which
 * must not exist, with all of its refs and objects of its own. */
int purge_clone(const struct purge_tools *tools, const char *source,
	const char *folder, struct err *err) MUST_CHECK;

/**
 * ERR_UNSUPPORTED, with the reason and what to do, when a rewrite in place
 * would lose or leave something: changes that are not committed, linked
 * worktrees, older stash entries; or would run a program that the repository
 * names.
 */
int purge_check_in_place(const struct purge_tools *tools,
	const struct inventory *inventory, struct err *err) MUST_CHECK;

/** Writes everything that refs and reflogs reach to a bundle, mode 0600, which
 * must not exist, and verifies it. */
int purge_backup(const struct purge_tools *tools, const struct repo *repo,
	const char *bundle, struct err *err) MUST_CHECK;

/** Runs git-filter-repo in `folder`. */
int purge_rewrite(const struct purge_tools *tools, const char *folder,
	const struct purge_files *files, struct err *err) MUST_CHECK;

#endif
