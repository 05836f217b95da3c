/*
 * .gitleaksignore, so that people can switch: a fingerprint a line,
 * "<commit>:<path>:<rule>:<line>" or, for any commit, "<path>:<rule>:<line>"
 * (gitleaks README, "gitleaksignore"). Gitleaks names its rules otherwise, so
 * that what counts is the place: the line of the file as it was in the commit.
 * A line whose commit or path is gone has no effect.
 */
#ifndef SCANNER_GITLEAKS_IGNORE_H
#define SCANNER_GITLEAKS_IGNORE_H

#include "base/arena.h"
#include "scanner/objects/objects.h"
#include "scanner/repo.h"

#include <stdbool.h>
#include <stddef.h>

/** A place that was accepted. */
struct gitleaks_place {
	const char *path;
	size_t line;
	bool any_blob;   /* no commit was named */
	struct oid blob; /* else the file in that commit */
};

/** Sorted by path; all zero is empty. */
struct gitleaks_ignore {
	struct arena arena;
	struct gitleaks_place *places;
	size_t count, capacity;
	size_t unresolved; /* lines whose commit or path is gone */
};

#define GITLEAKS_IGNORE_MAX ((size_t)4 << 20) /* bytes of the file */

/** Takes the lines of the file; those that name a commit are looked up, each
 * through `reader`. Comments and what is no fingerprint are passed over. */
void gitleaks_ignore_parse(struct gitleaks_ignore *out, const char *text,
	size_t len, struct repo *repo, struct objects_reader *reader);
void gitleaks_ignore_clear(struct gitleaks_ignore *ignore);

/** True when the line of the blob at the path is one of the places. */
bool gitleaks_ignore_has(const struct gitleaks_ignore *ignore, const char *path,
	const struct oid *blob, size_t line);

#endif
