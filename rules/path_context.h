/*
 * What a path by itself says of a text in it: documentation, a test, a template
 * that somebody fills in, the code of others, a lock file full of hashes, or
 * code that a machine squeezed. A key in such a place is seldom in use.
 */
#ifndef RULES_PATH_CONTEXT_H
#define RULES_PATH_CONTEXT_H

#include <stdbool.h>

/** The words for contexts, NULL-ended: "docs", "test", "template",
 * "vendor", "lock", "minified". */
const char *const *path_context_names(void);

/** True for one of the words. */
bool path_context_is_known(const char *context);

/** True when the path (no leading slash) is of that context. */
bool path_context_has(const char *context, const char *path);

#endif
