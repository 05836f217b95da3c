/*
 * One pattern against one text, with the results of git's wildmatch(): what
 * differs from fnmatch(3) is `**`, and that a pattern that cannot be read
 * matches nothing. (rules/path_glob.h refuses such patterns, and reads a path
 * by components, which gitignore does not always do.)
 *
 * The pattern becomes a list of operations, and all of its states are advanced
 * together: matching takes at most length of pattern times length of text
 * steps, whatever a repository has put into the two.
 */
#ifndef RULES_WILDMATCH_H
#define RULES_WILDMATCH_H

#include "base/cleanup.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Longest pattern, in bytes. */
#define WILDMATCH_MAX 4096

enum wildmatch_flags {
	WILDMATCH_PATHNAME = 1, /* wildcards but `**` stop at a slash */
	WILDMATCH_FOLD = 2,     /* ASCII letters match in either case */
};

/** A compiled pattern; constant. */
struct wildmatch;

/** Compiles at most WILDMATCH_MAX bytes. NULL for a pattern that matches
 * nothing: an open bracket, an unknown character class, a backslash at the
 * end. Caller frees. */
struct wildmatch *wildmatch_new(
	const char *pattern, size_t len, unsigned flags);
void wildmatch_free(struct wildmatch *wildmatch);
DEFINE_CLEANUP(wildmatch_freep, struct wildmatch, wildmatch_free)

/** Which bytes a text has, in 64 classes; both cases of a letter are in one. */
uint64_t wildmatch_bytes(const char *text, size_t len);

/** What any text that matches has: all of these classes, and so many bytes at
 * least. */
void wildmatch_needs(
	const struct wildmatch *wildmatch, uint64_t *bytes, uint32_t *least);

/** True when the whole text matches. */
bool wildmatch_match(
	const struct wildmatch *wildmatch, const char *text, size_t len);

#endif
