/*
 * A corrected file as a unified diff that shows no secret: headings of hunks
 * say nothing, and context ends at a line that holds one. A line that changes
 * and holds one is masked; nothing takes such a diff for what it is not, as its
 * lines are nowhere in the file.
 */
#ifndef REMEDY_SETTINGS_PATCH_H
#define REMEDY_SETTINGS_PATCH_H

#include "base/buf.h"
#include "base/err.h"
#include "remedy/secret_spans.h"

#include <stdbool.h>

/** A file as it is and as it will be, and the secrets in it; borrowed. */
struct patch_input {
	const char *path; /* as it is shown */
	const struct buf *before, *after;
	struct secret_spans secrets_before, secrets_after;
};

/** What to know of a diff. */
struct patch_traits {
	bool needs_zero; /* a hunk ends without context: git apply asks for
			    --unidiff-zero */
	bool is_masked;  /* no patch to apply */
};

/** Appends the diff and adds to the traits. libgit2 must be started. */
int settings_patch_add(struct buf *out, struct patch_traits *traits,
	const struct patch_input *input, struct err *err) MUST_CHECK;

#endif
