/*
 * The object folders of a repository: its own and, through
 * objects/info/alternates and the environment, those it borrows from
 * (gitrepository-layout(5), git(1) GIT_OBJECT_DIRECTORY and
 * GIT_ALTERNATE_OBJECT_DIRECTORIES).
 */
#ifndef SCANNER_ALTERNATES_H
#define SCANNER_ALTERNATES_H

#include "base/err.h"

#include <stddef.h>

/** Real paths without a trailing slash, none twice; items ends with NULL. */
struct object_dirs {
	char **items;
	size_t count, capacity;
};

/**
 * Fills `out` for the repository whose .git folder is `common_dir`. Alternates
 * of alternates are followed to git's depth of 5; a folder that does not exist
 * is left out, as git does.
 */
int object_dirs_find(struct object_dirs *out, const char *common_dir,
	struct err *err) MUST_CHECK;
void object_dirs_clear(struct object_dirs *dirs);

#endif
