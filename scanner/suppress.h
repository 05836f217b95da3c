/*
 * What the content of a repository says of its own findings: comments beside
 * them and lines of .gitleaksignore. The newest version of a file decides, so
 * that a comment which was added later counts for the secret's history too.
 */
#ifndef SCANNER_SUPPRESS_H
#define SCANNER_SUPPRESS_H

#include "scanner/gitleaks_ignore.h"
#include "scanner/join.h"

#include <stdbool.h>

/**
 * Marks the findings that are accepted: by comments, when in its newest blob
 * every place of the secret has one; by `ignore` (may be NULL), when any
 * version of the file had the secret on such a line. Call it behind
 * joined_finish(), before the findings are sorted.
 */
void suppress_findings(const struct joined *joined,
	const struct join_input *input, bool by_comments,
	const struct gitleaks_ignore *ignore);

#endif
