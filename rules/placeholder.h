/*
 * Values that stand where a secret belongs and are none: what documentation,
 * templates and tests write. Every rule that takes a secret by a pattern drops
 * them, but for those with `placeholders: true`, with a `role` (a signing key
 * that reads "changeme" signs as well as any other) and with a `checksum` that
 * proves (it holds for no made-up value).
 *
 * What is written in place of a secret when one is taken out of history is a
 * placeholder to every rule, also to those.
 *
 * docs/rules.md lists what counts.
 */
#ifndef RULES_PLACEHOLDER_H
#define RULES_PLACEHOLDER_H

#include <stdbool.h>
#include <stddef.h>

/** What a purge writes in place of a secret; git-filter-repo and BFG do so,
 * too, where nobody names another text. */
#define PLACEHOLDER_REPLACEMENT "***REMOVED***"

/** True when nothing of a secret is left in the value but replacements: one,
 * or a list of them, quoted or not. */
bool placeholder_is_replacement(const unsigned char *bytes, size_t len);

/**
 * Why the value is a placeholder, as a static noun phrase: "a template", "one
 * character repeated"; NULL when it is none.
 */
const char *placeholder_kind(const unsigned char *bytes, size_t len);

#endif
