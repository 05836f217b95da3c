/*
 * What the words behind `scan` mean: a repository, pathspecs, or both.
 *
 * The first word is the repository when it is a folder that is the top of one
 * (`scan .` in a checkout, `scan ../other`, `scan project.git`) or when it lies
 * in no repository around the current folder. All other words are pathspecs,
 * and so is every word behind a "--" (opt_spec.keep_dashes).
 */
#ifndef CMD_SCAN_TARGET_H
#define CMD_SCAN_TARGET_H

#include "base/err.h"
#include "scanner/pathspec.h"
#include "scanner/repo.h"

/** Opens the repository and, when there are any, the pathspecs. Caller frees
 * both; *pathspec stays NULL without any, and where they are all paths. */
int scan_target_open(struct repo **repo, struct pathspec **pathspec,
	const char *git_dir, int words, char **argv,
	struct err *err) MUST_CHECK;

/** Opens the repository whose top this folder is: no other around it. */
int scan_target_open_at(
	struct repo **repo, const char *folder, struct err *err) MUST_CHECK;

#endif
