/*
 * Which paths of a repository words of the command line stand for, as git
 * reads them: gitglossary(7) "pathspec". A word names a path, all below it, or
 * is a pattern; it begins at the current folder, and may have magic in front:
 * top, exclude, icase, glob, literal, in the long form and the short one.
 * `attr` would need .gitattributes, and is refused. GIT_LITERAL_PATHSPECS,
 * GIT_GLOB_PATHSPECS, GIT_NOGLOB_PATHSPECS and GIT_ICASE_PATHSPECS count.
 */
#ifndef SCANNER_PATHSPEC_H
#define SCANNER_PATHSPEC_H

#include "base/cleanup.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/** Some words; constant. */
struct pathspec;

/** Where words begin. */
struct pathspec_base {
	const char *top;    /* the worktree, without links, or NULL: none */
	const char *prefix; /* the current folder from there: "", or "a/b/" */
};

/** Reads the words. ERR_USAGE, with the word, for one that is empty, leads out
 * of the repository, or has magic that is not known here. Caller frees. */
int pathspec_new(struct pathspec **out, const char *const *words, size_t count,
	const struct pathspec_base *base, struct err *err) MUST_CHECK;
void pathspec_free(struct pathspec *pathspec);
DEFINE_CLEANUP(pathspec_freep, struct pathspec, pathspec_free)

/** True when a file of this path, from the top, fits one of the words that do
 * not exclude, or there are only such as do, and none of those. */
bool pathspec_matches(const struct pathspec *pathspec, const char *path);

/** The same of a submodule, which a word that ends in a slash fits, too. */
bool pathspec_matches_submodule(
	const struct pathspec *pathspec, const char *path);

/** True when there is no path that it does not fit. */
bool pathspec_takes_all(const struct pathspec *pathspec);

#endif
