/*
 * Reflogs: what a ref named before. git keeps every object that they name, a
 * stash's older entries exist in one alone (gitrepository-layout(5) "logs",
 * git-stash(1)).
 *
 * A line is "<old id> <new id> <who> <time> <zone>\t<message>\n".
 */
#ifndef SCANNER_REFLOG_H
#define SCANNER_REFLOG_H

#include "base/err.h"
#include "scanner/oid.h"

#include <stdbool.h>
#include <stddef.h>

#define REFLOG_MAX_SIZE ((size_t)256 << 20)

struct reflog_entry {
	struct oid before, after; /* zero: the ref was not there */
};

/** One log, oldest entry first. */
struct reflog {
	char *ref; /* "HEAD", "refs/heads/main" */
	struct reflog_entry *entries;
	size_t count, capacity;
	bool damaged; /* a line was none, or the file could not be read */
};

/** Sorted by ref; all zero is empty. */
struct reflogs {
	struct reflog *logs;
	size_t count, capacity;
};

/** Parses the text of a log; lines that are none set `damaged`. */
void reflog_parse(struct reflog *log, const char *text, size_t len);

/** Reads the log of a ref; one that does not exist is empty, others that cannot
 * be read are damaged. Caller clears. */
void reflog_read(struct reflog *out, const char *git_dir, const char *ref);
void reflog_clear(struct reflog *log);

/** Reads all logs below "<git_dir>/logs". A log that is a symlink, too large
 * or unreadable is listed as damaged, without entries. */
void reflogs_read(struct reflogs *out, const char *git_dir);
void reflogs_clear(struct reflogs *reflogs);

#endif
