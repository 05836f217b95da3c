/* What kinds of content a decoded tree of values holds. */
#ifndef RULES_HOLDS_H
#define RULES_HOLDS_H

#include "rules/value.h"

#include <stdbool.h>
#include <stddef.h>

/** Levels of a tree that are looked at; the root is level 0. */
#define HOLDS_MAX_DEPTH 4

/**
 * Bits of enum holds, by names of keys and shapes of values; 0 for NULL. Looks
 * at a bounded number of values, so a tree may refer to itself.
 */
unsigned holds_in(const struct value *root);

/** The bit of enum holds that a key's name announces, whatever its value is; 0
 * for a name that says nothing. */
unsigned holds_under(const unsigned char *key, size_t len);

/**
 * For a map that is one name and its value ({"name": "sid", "value": …}, as
 * exported cookies are), sets *name and *value and returns true.
 */
bool holds_pair(const struct value **name, const struct value **value,
	const struct value *map);

#endif
