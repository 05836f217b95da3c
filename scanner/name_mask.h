/*
 * Secrets that names hold, and texts without them. A path or ref is told in
 * many fields of a finding, and so is the path of another finding that a proof
 * ties to it: each is a text in which the secrets are looked for.
 */
#ifndef SCANNER_NAME_MASK_H
#define SCANNER_NAME_MASK_H

#include "base/err.h"
#include "scanner/content_scan.h"
#include "scanner/finding.h"
#include "scanner/path_table.h"

/**
 * Masks the secrets of `hits`, which are of a name_search over these paths, in
 * all texts of the result that are paths or names of refs; findings keep in
 * `raw_path` what they are called. Each secret becomes what an excerpt shows of
 * it: "ghp_…(40 bytes)".
 */
int name_mask_apply(struct scan_result *result, const struct hits *hits,
	const struct path_table *paths, struct err *err) MUST_CHECK;

#endif
