/* The other part of a secret in two parts: the nearest match of another
 * pattern, within some lines or in the same file. */
#ifndef RULES_COMPANION_H
#define RULES_COMPANION_H

#include "base/cleanup.h"
#include "rules/pattern.h"
#include "rules/rule.h"

#include <stddef.h>

/** Bytes that are looked at on either side of the secret. */
#define COMPANION_MAX_FAR ((size_t)256 * 1024)

/**
 * Finds the match whose secret is nearest to `span`'s and does not overlap it,
 * on the lines that `with` says. 1 and *out, 0, or ERR_LIMIT.
 */
int companion_find(struct pattern_span *out, const struct pattern *pattern,
	struct pattern_state *state, const unsigned char *bytes, size_t len,
	const struct pattern_span *span,
	const struct rule_with *with) MUST_CHECK;

#endif
