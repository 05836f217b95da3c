/* PCRE2 patterns. Only this module knows PCRE2. */
#ifndef RULES_PATTERN_H
#define RULES_PATTERN_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/**
 * Checks that a pattern compiles; else ERR_PARSE with PCRE2's words and the
 * byte of the pattern at which it gave up.
 */
int pattern_check(const char *pattern, bool ignore_case, struct err *err,
	size_t *error_offset) MUST_CHECK;

#endif
