/*
 * From a session id to its file: server-side stores name the file of a
 * session by a hash of a prefix and the id. Whoever has both the cookie and
 * the file has a login and what it can do.
 */
#ifndef SCANNER_SESSION_MATCH_H
#define SCANNER_SESSION_MATCH_H

#include "scanner/finding.h"

#include <stdbool.h>
#include <stddef.h>

/** Findings whose path ends in a hash, by that hash. All zero is empty. */
struct session_files {
	size_t *findings; /* numbers in the result, sorted by last component */
	size_t count;
};

/** Whether it is one of those by its path. */
bool session_file_is_named(const char *path);

void session_files_make(
	struct session_files *out, const struct scan_result *result);
void session_files_clear(struct session_files *files);

/** Calls `take` for each finding that the session id names. */
void session_files_find(const struct session_files *files,
	const struct scan_result *result, const unsigned char *id, size_t len,
	void (*take)(size_t finding, void *ctx), void *ctx);

#endif
