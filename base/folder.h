/*
 * Folders, opened and listed without following a symlink: whoever writes into
 * a worktree must not be able to lead the program out of it.
 */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include "base/err.h"

/** For CLEANUP on a descriptor; a negative one is left alone. */
void fd_close(const int *fd);

/**
 * Opens the folder at an absolute path for reading. ERR_NOT_FOUND when it is
 * not there, or when any component of it is a symlink or no folder. Caller
 * closes *out.
 */
int folder_open(int *out, const char *path, struct err *err) MUST_CHECK;

/** As folder_open() for a path below the open folder `root`; "" is `root`
 * itself. The caller keeps `root`. */
int folder_open_at(
	int *out, int root, const char *path, struct err *err) MUST_CHECK;

enum folder_entry {
	FOLDER_ENTRY_FILE,
	FOLDER_ENTRY_FOLDER,
	FOLDER_ENTRY_OTHER, /* symlink, socket, … */
};

/** Takes an entry; 0 go on, 1 stop, negative is passed up. */
typedef int folder_sink(const char *name, int type, void *ctx, struct err *err);

/** Pushes every entry but "." and "..", in no order; returns what the sink
 * did. `fd` stays open. */
int folder_each(
	int fd, folder_sink *sink, void *ctx, struct err *err) MUST_CHECK;

#endif
