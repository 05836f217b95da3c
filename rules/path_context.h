/*
 * What a path by itself says of a text in it: documentation, a test, a
 * template that somebody fills in, or the code of others. A key in such a place
 * is seldom in use.
 */
#ifndef RULES_PATH_CONTEXT_H
#define RULES_PATH_CONTEXT_H

#include <stdbool.h>

/** The words for contexts, NULL-ended: "docs", "test", "template",
 * "vendor". */
const char *const *path_context_names(void);

/** True for one of the words. */
bool path_context_is_known(const char *context);

/** True when the path (no leading slash) is of that context. */
bool path_context_has(const char *context, const char *path);

#endif
