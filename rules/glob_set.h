/* Bracket expressions of globs, POSIX 1003.1 §9.3.5 as gitignore(5) has them.
 */
#ifndef RULES_GLOB_SET_H
#define RULES_GLOB_SET_H

#include "base/cleanup.h"

#include <limits.h>
#include <stdbool.h>

/** The bytes that one pair of brackets takes. */
struct glob_set {
	unsigned char bits[(UCHAR_MAX + 1) / CHAR_BIT];
};

/**
 * Reads from *at, which stands behind the opening bracket, and leaves it
 * behind the closing one. Returns NULL, or what is wrong.
 */
const char *glob_set_read(
	struct glob_set *out, const char **at, const char *end) MUST_CHECK;

bool glob_set_has(const struct glob_set *set, unsigned char byte);

#endif
