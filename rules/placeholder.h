/*
 * Values that stand where a secret belongs and are none: what documentation,
 * templates and tests write. Every rule that takes a secret by a pattern drops
 * them, but for those with `placeholders: true`, with a `role` (a signing key
 * that reads "changeme" signs as well as any other) and with a `checksum` that
 * proves (it holds for no made-up value).
 *
 * docs/rules.md lists what counts.
 */
#ifndef RULES_PLACEHOLDER_H
#define RULES_PLACEHOLDER_H

#include <stddef.h>

/**
 * Why the value is a placeholder, as a static noun phrase: "a template", "one
 * character repeated"; NULL when it is none.
 */
const char *placeholder_kind(const unsigned char *bytes, size_t len);

#endif
