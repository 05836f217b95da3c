/*
 * What a repository's own configuration would have git run. The environment of
 * a program (program.h) shuts off hooks, monitors, pagers, editors and remotes;
 * the rest has names of its own, and is looked for here.
 */
#ifndef REMEDY_CONFIG_PROGRAMS_H
#define REMEDY_CONFIG_PROGRAMS_H

#include "base/err.h"
#include "scanner/repo.h"

/**
 * ERR_UNSUPPORTED, with the key and the file, when the files of the repository
 * itself (`config`, `config.worktree`) name a program for content that git
 * takes in or gives out, or include another file, which may at any time. What
 * the user's own configuration says is the user's. `git`: its path.
 */
int config_programs_check(
	const char *git, const struct repo *repo, struct err *err) MUST_CHECK;

/** ERR_UNSUPPORTED for a partial clone: whatever reads it fetches what is not
 * there, with the program that it names. */
int config_check_whole(
	const char *git, const struct repo *repo, struct err *err) MUST_CHECK;

#endif
