/* The session store that a path belongs to. */
#ifndef SCANNER_STORE_H
#define SCANNER_STORE_H

#include "base/arena.h"

/**
 * The store of `path` by a rule's `store` word: its folder for "directory",
 * itself for "file", nothing for "none" or NULL; any other word is a name (with
 * the wildcards of fnmatch(3)), and the store ends with the first component
 * that fits. NULL when there is none: a file at the root has no folder.
 * Borrowed from the arena.
 */
const char *store_of(struct arena *arena, const char *store, const char *path);

#endif
