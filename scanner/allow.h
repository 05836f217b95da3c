/*
 * Comments that accept a finding where it stands:
 *
 *	key = "…"  # hygiene:allow RULE[,RULE…] reason
 *
 * on the line of the match, or alone on the line before it. RULE is an id or a
 * glob over ids. So that people can switch, `gitleaks:allow`, and
 * `pragma: allowlist secret` of detect-secrets, count for every rule.
 */
#ifndef SCANNER_ALLOW_H
#define SCANNER_ALLOW_H

#include "base/arena.h"
#include "scanner/finding.h"

#include <stddef.h>

/** Farther from the match than this, in bytes, no comment is looked for. */
#define ALLOW_REACH 2048

/**
 * The comment that accepts what `rule` found at the half-open span, or NULL.
 * Borrowed from `arena`; the reason is cut so that it holds neither the match
 * nor another long word that could be a secret.
 */
const struct suppression *allow_find(struct arena *arena, const char *rule,
	const unsigned char *bytes, size_t len, size_t start, size_t end);

#endif
