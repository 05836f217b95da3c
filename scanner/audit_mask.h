/* The secrets in what reports show of an audit: paths, and values of settings
 * that are folders, addresses, names. */
#ifndef SCANNER_AUDIT_MASK_H
#define SCANNER_AUDIT_MASK_H

#include "base/err.h"
#include "rules/ruleset.h"
#include "scanner/audit.h"
#include "scanner/name_mask.h"

/** A mask of them, NULL when there are none. What is masked lives in the arena.
 * Caller frees. */
int audit_secrets(struct name_mask **out, const struct audit *audit,
	const struct ruleset *rules, struct arena *arena,
	struct err *err) MUST_CHECK;

/** Masks them as in an excerpt: "ghp_…(40 bytes)". The audit is one to be shown
 * from then on, and no more one to act by. */
int audit_mask(struct audit *audit, const struct ruleset *rules,
	struct err *err) MUST_CHECK;

#endif
