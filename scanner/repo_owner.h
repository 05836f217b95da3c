/*
 * Whether a repository that belongs to somebody else may be read, by the rules
 * of git-config(1) "safe.directory". libgit2's own check is switched off: its
 * version 1.5 does not know "*", takes a relative value to start at the current
 * folder, and reads neither GIT_CONFIG_GLOBAL nor what `git -c` hands down.
 */
#ifndef SCANNER_REPO_OWNER_H
#define SCANNER_REPO_OWNER_H

#include "base/err.h"

#include <stdbool.h>

struct config;

/** ERR_GIT when the .git folder `git_dir`, found from `where` upwards, or the
 * folder that it was found in belongs to somebody else, and no protected
 * setting allows that. `named`: it was not searched for, but named. The message
 * has the command that allows this repository and no other. */
int repo_owner_check(const char *git_dir, const char *where, bool named,
	struct err *err) MUST_CHECK;

/** Whether protected settings of safe.directory allow `folder`, an absolute
 * path without symlinks. What the repository itself sets does not count, nor
 * does a relative value; `~user/` and `%(prefix)/` are not known. */
bool safe_directory_allows(const struct config *config, const char *folder);

#endif
