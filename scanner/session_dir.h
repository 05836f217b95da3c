/*
 * A session directory on disk: its files, counted by what they are and when
 * they expire. Subfolders and symlinks are not part of it.
 */
#ifndef SCANNER_SESSION_DIR_H
#define SCANNER_SESSION_DIR_H

#include "base/err.h"
#include "scanner/session_file.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SESSION_DIR_MAX_FILES ((size_t)100000)

/** All zero is valid: a directory that does not exist. */
struct session_dir {
	bool exists;
	bool truncated;             /* more than SESSION_DIR_MAX_FILES */
	unsigned mode;              /* permission bits */
	struct session_file *files; /* sorted by name */
	size_t count, capacity;

	/* set by session_dir_count() */
	size_t sessions; /* what a threshold counts: proved, or by name */
	size_t live, expired, never, unknown;  /* … by state */
	size_t companions, transients, others; /* beside them */
	size_t unread;        /* of any kind, that could not be told */
	uint64_t bytes;       /* of the sessions */
	int64_t oldest;       /* last write of the sessions, seconds since */
	int64_t newest;       /* 1970; 0 without any */
	int64_t next_expiry;  /* of the live ones, 0 without any */
	size_t wide_files;    /* that others may read, or that may be run */
	unsigned widest_mode; /* permission bits that any of them has */
};

void session_dir_clear(struct session_dir *dir);

/**
 * Reads and counts the directory at the absolute path `path`; `inside` is its
 * name for the rules, from the top of the worktree. A file that is the same
 * as in `before` (may be NULL) is not read again. A directory that is not
 * there is no error. `dir` is cleared first.
 */
int session_dir_read(struct session_dir *dir, struct session_reader *reader,
	const char *path, const char *inside, const struct session_dir *before,
	int64_t now, struct err *err) MUST_CHECK;

/** Counts again, at another time. */
void session_dir_count(struct session_dir *dir, int64_t now);

/** True for files that a session store wrote and keeps. */
bool session_file_is_kept(const struct session_file *file);

/** Permission bits of a file that are more than 0600. */
unsigned session_file_wide_bits(const struct session_file *file);

/** True when a directory's mode is wider than 0700. */
bool session_dir_is_wide(const struct session_dir *dir);

#endif
