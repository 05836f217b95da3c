/*
 * Values that have the form of a secret and that anybody may read: keys made
 * for browsers, encrypted values, and references to where a secret is kept.
 * Rules that fall back on the name of a value (`fallback`) drop them; a rule
 * for the form itself does not.
 *
 * docs/rules.md lists what counts.
 */
#ifndef RULES_PUBLISHED_H
#define RULES_PUBLISHED_H

#include <stdbool.h>
#include <stddef.h>

/** True when the value tells no secret to whoever reads it. */
bool is_published(const unsigned char *bytes, size_t len);

#endif
