/*
 * Secrets that names hold, and texts without them. A path or ref is told in
 * many fields of a finding, and so is the path of another finding that a proof
 * ties to it: each is a text in which the secrets are looked for.
 */
#ifndef SCANNER_NAME_MASK_H
#define SCANNER_NAME_MASK_H

#include "base/arena.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "scanner/finding.h"
#include "scanner/path_table.h"

struct hits;
struct name_mask;

/** Masks the secrets of `hits`, which are of a name_search over these paths.
 * Each becomes what an excerpt shows of it: "ghp_…(40 bytes)". What is masked
 * lives in the arena; it and nothing else is borrowed. */
int name_mask_new(struct name_mask **out, const struct hits *hits,
	const struct path_table *paths, struct arena *arena,
	struct err *err) MUST_CHECK;
void name_mask_free(struct name_mask *mask);
DEFINE_CLEANUP(name_mask_freep, struct name_mask, name_mask_free)

/** The text itself when it holds none of them, or is NULL. A mask that is NULL
 * masks nothing. */
const char *name_mask_text(struct name_mask *mask, const char *text);

/** The same for lines of a .gitignore, as ignore_pattern_add_path() writes
 * them: each byte of a secret but a slash becomes `?`, which git matches
 * against any one byte. */
const char *name_mask_pattern(struct name_mask *mask, const char *pattern);

/** The same for all texts of the result that are paths or names of refs;
 * findings keep in `raw_path` what they are called. */
int name_mask_apply(struct scan_result *result, const struct hits *hits,
	const struct path_table *paths, struct err *err) MUST_CHECK;

#endif
