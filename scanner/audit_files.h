/*
 * The files that an audit reads: those of the worktree (tracked, or untracked
 * and not ignored), of the index, or of a revision. What the worktree leaves
 * out (a sparse checkout, a clone that checked nothing out) is read as it is
 * in the index, or in HEAD where there is none. Only names that settings or
 * requirements stand in are read, and no link is followed.
 */
#ifndef SCANNER_AUDIT_FILES_H
#define SCANNER_AUDIT_FILES_H

#include "base/arena.h"
#include "base/err.h"
#include "scanner/audit.h"
#include "scanner/repo.h"

#include <stdbool.h>
#include <stddef.h>

/** Larger files are data, no settings. */
#define AUDIT_MAX_FILE ((size_t)1024 * 1024)

/** Paths of what is tracked, sorted; texts live in the arena. */
struct audit_paths {
	struct arena arena;
	const char **items;
	size_t count, capacity;
};

void audit_paths_clear(struct audit_paths *paths);

/** Number of the paths that lie below the folder. */
size_t audit_paths_below(const struct audit_paths *paths, const char *folder);

/** Takes a file; the bytes are borrowed for the call. Negative is passed up. */
typedef int audit_file_sink(const char *path, const unsigned char *bytes,
	size_t len, void *ctx, struct err *err);

/**
 * Pushes each file that `opts` ask for, sorted by path, and fills `tracked`
 * with the paths of the index, or of the revision. What cannot be read becomes
 * a `skipped` entry of the audit.
 */
int audit_each_file(struct audit *audit, struct audit_paths *tracked,
	struct repo *repo, const struct audit_opts *opts, audit_file_sink *sink,
	void *ctx, struct err *err) MUST_CHECK;

/** True for a list of what a Python project needs: requirements.txt, … */
bool audit_is_requirements(const char *path);

#endif
