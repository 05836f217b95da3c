/* Searching for one literal in bytes. */
#ifndef RULES_KEYWORD_H
#define RULES_KEYWORD_H

#include <stdbool.h>
#include <stddef.h>

/**
 * The first occurrence of `keyword`, or NULL; also NULL for an empty one. With
 * ignore_case ASCII letters, and only these, are equal in both cases.
 */
const unsigned char *keyword_find(const unsigned char *bytes, size_t len,
	const char *keyword, size_t keyword_len, bool ignore_case);

#endif
