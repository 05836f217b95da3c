/*
 * The state of a session directory: what lies in it, what git says of it, what
 * is off; and the changes from one state to the next.
 */
#ifndef SCANNER_SESSION_STATUS_H
#define SCANNER_SESSION_STATUS_H

#include "base/err.h"
#include "scanner/session_dir.h"
#include "scanner/session_place.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What can be off; a set of bits. */
enum session_problem {
	PROBLEM_OVER_THRESHOLD = 1 << 0,
	PROBLEM_DIR_MODE = 1 << 1,  /* wider than 0700 */
	PROBLEM_FILE_MODE = 1 << 2, /* wider than 0600 */
	PROBLEM_TRACKED = 1 << 3,
	PROBLEM_NOT_IGNORED = 1 << 4,
	PROBLEM_EXPIRED = 1 << 5, /* when the limits say so */
};

/** "over-threshold", "directory-mode", …; the word for one bit. */
const char *session_problem_name(unsigned bit);

struct session_limits {
	uint64_t threshold; /* greatest number of sessions; 0: any */
	bool no_expired;    /* expired sessions are off */
};

struct session_status {
	const struct session_place *place;   /* borrowed */
	const struct session_limits *limits; /* borrowed */
	struct session_dir dir;
	struct session_git git;
	int64_t now; /* seconds since 1970: when it was looked at */
	unsigned problems;
	bool complete; /* false: something could not be told */
};

void session_status_clear(struct session_status *status);

/** How to look; all borrowed. The limits must outlive the status. */
struct session_look {
	struct session_reader *reader;
	const struct session_limits *limits;
	bool ask_git; /* even if nothing seems to have changed there */
	int64_t now;  /* seconds since 1970 */
};

/** Looks at the place. `before` (may be NULL) spares reading what is still the
 * same. */
int session_status_read(struct session_status *out,
	const struct session_place *place, const struct session_look *look,
	const struct session_status *before, struct err *err) MUST_CHECK;

enum session_change_kind {
	CHANGE_DIR_MADE,
	CHANGE_DIR_REMOVED,
	CHANGE_DIR_MODE,
	CHANGE_OVER_THRESHOLD,
	CHANGE_WITHIN_THRESHOLD,
	CHANGE_TRACKED,
	CHANGE_UNTRACKED,
	CHANGE_UNIGNORED,
	CHANGE_IGNORED,
	/* of one file: */
	CHANGE_FILE_ADDED,
	CHANGE_FILE_REMOVED,
	CHANGE_FILE_EXPIRED,
	CHANGE_FILE_RENEWED,
	CHANGE_FILE_MODE,
};

/** "directory-made", "file-added", … */
const char *session_change_name(int kind);

/** Borrowed for the time of the call. */
struct session_change {
	int kind;
	const struct session_status *before, *after;
	const struct session_file *file; /* as it is, or was when removed; NULL
					  * for changes of the directory */
	unsigned old_mode, new_mode;     /* permission bits, for _MODE */
};

/** Takes a change; 0 go on, other codes end the comparison. */
typedef int session_change_sink(
	const struct session_change *change, void *ctx, struct err *err);

/** Pushes what changed: the directory first, then its files by name. Not told
 * are rewritten files, those of a directory that is gone, those that are no
 * session, and of a companion all but its mode. Returns what the sink did. */
int session_status_compare(const struct session_status *before,
	const struct session_status *after, session_change_sink *sink,
	void *ctx, struct err *err) MUST_CHECK;

#endif
