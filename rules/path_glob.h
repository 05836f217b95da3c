/*
 * Globs over slash-separated paths, as gitignore(5) "PATTERN FORMAT" has them,
 * asked of one entry at a time:
 *
 *	*.pem		no slash: the last component, at any depth
 *	/a/b, a/b	a leading or inner slash: from the root
 *	name/		a trailing slash: everything below such a directory
 *	a/ ** /b	(without the blanks) any number of directories
 *
 * A glob without a trailing slash matches the entry itself, not what lies
 * below it. Paths are bytes: `?` and brackets stand for one byte, never for a
 * slash, and case counts. Matching takes no more steps than pattern length
 * times path length, whatever the path.
 */
#ifndef RULES_PATH_GLOB_H
#define RULES_PATH_GLOB_H

#include "base/cleanup.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/** A compiled glob; constant, can be shared by threads. */
struct path_glob;

/** Longest pattern that is taken, bytes. */
#define PATH_GLOB_MAX 4096

/**
 * Compiles. ERR_PARSE for an empty pattern or component, a leading `!`, an
 * open bracket, an unknown character class and a backslash at the end of a
 * component. Caller frees.
 */
int path_glob_new(struct path_glob **out, const char *pattern,
	struct err *err) MUST_CHECK;
void path_glob_free(struct path_glob *glob);
DEFINE_CLEANUP(path_glob_freep, struct path_glob, path_glob_free)

/** The pattern as it was given; borrowed from the glob. */
const char *path_glob_pattern(const struct path_glob *glob);

/** True when the glob matches the path (no leading slash). A path whose last
 * component is empty names no entry and is never matched. */
bool path_glob_match(
	const struct path_glob *glob, const char *path, size_t len);

/** What every path that a glob matches has in common. */
enum glob_key_kind {
	GLOB_KEY_NONE,
	GLOB_KEY_NAME,      /* the last component is this */
	GLOB_KEY_DIRECTORY, /* one of the other components is this */
	GLOB_KEY_EXTENSION, /* this follows the last dot of the last one */
	GLOB_KEY_PREFIX,    /* the last component starts with this */
	GLOB_KEY_PIECE,     /* this is somewhere in the path */
};

struct glob_key {
	enum glob_key_kind kind;
	const char *bytes; /* borrowed from the glob */
	size_t len;
};

/** The most selective key of the glob, to index it by. */
struct glob_key path_glob_key(const struct path_glob *glob);

#endif
