/* Entries of a .gitignore that name one path, and what else names it. Texts
 * that are returned live in the arena. */
#ifndef REMEDY_IGNORE_TEXT_H
#define REMEDY_IGNORE_TEXT_H

#include "base/arena.h"

#include <stdbool.h>

/** True for "/path/to/name/" without wildcards. */
bool ignore_text_is_folder(const char *text);

/** The path that an anchored entry without wildcards names, without slashes at
 * its ends. */
char *ignore_text_path(struct arena *arena, const char *text);

/** The anchored entry for a path, escaped. */
const char *ignore_text_of_path(struct arena *arena, const char *path);

/** "name/" of "/path/to/name/", escaped where it would read as something
 * else. */
const char *ignore_text_any_depth(struct arena *arena, const char *text);

#endif
