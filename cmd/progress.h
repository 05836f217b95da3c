/*
 * Progress on stderr, as git shows it: after a delay, once a second, one line
 * that is written over. For one thread.
 */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct progress {
	FILE *out;
	double due;       /* monotonic seconds: when to write next */
	const char *what; /* of the line that stands there, or NULL */
};

/** Starts; the first line comes after GIT_PROGRESS_DELAY seconds, else 2. */
void progress_init(struct progress *progress, FILE *out);

/** Says how much is done of what; `ctx` is a struct progress. */
void progress_tell(const char *what, size_t done, size_t total, void *ctx);

/** Ends the line that stands there. */
void progress_end(struct progress *progress);

#endif
