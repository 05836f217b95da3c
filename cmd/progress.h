/*
 * Progress on stderr, as git shows it: after a delay, once a second, one line
 * that is written over, with the rate and about how long it will take. For one
 * thread.
 */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include "cmd/opt.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct progress {
	FILE *out;
	double due;       /* monotonic seconds: when to write next */
	const char *what; /* that is being done, or NULL; static */
	double since;     /* monotonic seconds: when that began */
	size_t first;     /* how much of it was done then */
	bool stands;      /* a line of it stands there */
	int width;        /* columns of that line */
};

/** Starts; the first line comes after GIT_PROGRESS_DELAY seconds, else 2. */
void progress_init(struct progress *progress, FILE *out);

/** Says how much is done of what; `ctx` is a struct progress. */
void progress_tell(const char *what, size_t done, size_t total, void *ctx);

/** Ends the line that stands there. */
void progress_end(struct progress *progress);

/** The command line as typed. */
struct progress_fields {
	bool on, off;
};

/* clang-format off */

/** Rows of an option table; the fields lie at `base`. */
#define PROGRESS_ROWS(base)                                                   \
	{ OPT_FLAG, 0, "progress",                                            \
		(base) + offsetof(struct progress_fields, on),                \
		.help = "show progress also without a terminal" },            \
	{ OPT_FLAG, 0, "no-progress",                                         \
		(base) + offsetof(struct progress_fields, off),               \
		.help = "show no progress" }

/* clang-format on */

/** Whether to show it: where nothing is typed, on a terminal, unless
 * `verbosity` is that of -q. */
bool progress_is_wanted(
	const struct progress_fields *fields, FILE *out, int verbosity);

struct buf;

/** Appends "35,000/s, 12 s left": of `done` in so many seconds, with `left`
 * still to do. Nothing before there is enough to judge by. */
void progress_add_rate(
	struct buf *out, size_t done, double seconds, size_t left);

#endif
