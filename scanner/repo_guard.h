/*
 * What libgit2 does not look at before it opens a repository: that it would
 * wait for a FIFO, or read a device, where a file is expected; and that the
 * user wants bare repositories named, not found (git-config(1)
 * "safe.bareRepository", which libgit2 1.5 does not know).
 */
#ifndef SCANNER_REPO_GUARD_H
#define SCANNER_REPO_GUARD_H

#include "base/err.h"

#include <stdbool.h>

struct git_repository;

/** What must hold of the repository around `where` before libgit2 reads
 * anything of it: its owner (repo_owner.h; `named` as there), and that no file
 * that libgit2 would read, nor the branch that HEAD names, is a FIFO, a socket
 * or a device: ERR_UNSUPPORTED. 0 where there is no repository. */
int repo_guard_place(const char *where, bool named, struct err *err) MUST_CHECK;

/** ERR_GIT when `git` is bare, was found by searching, and the user's or the
 * system's configuration asks for such ones to be named. */
int repo_guard_bare(struct git_repository *git, struct err *err) MUST_CHECK;

/** Refuses a .git folder (with its slash) whose HEAD is missing or is none: git
 * does not take that for a repository. ERR_NOT_FOUND. */
int repo_guard_head(const char *git_dir, struct err *err) MUST_CHECK;

#endif
