/*
 * Waiting until something changes in a few folders, a time comes, or the user
 * asks to end. With inotify(7) where there is one; elsewhere, and when it is
 * out of watches, the caller is woken often and looks for itself.
 *
 * While a watch exists, SIGINT and SIGTERM do not end the process: they are
 * what watch_wait() answers with. For one at a time, on the main thread.
 */
#ifndef CMD_WATCH_H
#define CMD_WATCH_H

#include "base/err.h"

#include <stdbool.h>

struct watch;

/** `poll`: do without inotify. Caller frees. */
int watch_new(struct watch **out, bool poll, struct err *err) MUST_CHECK;

/** Gives the signals back. */
void watch_free(struct watch *watch);
DEFINE_CLEANUP(watch_freep, struct watch, watch_free)

/** Also watches this folder, itself and what lies in it. One that is watched
 * already stays so, one that is not there is left out. */
void watch_add(struct watch *watch, const char *folder);

enum watch_answer {
	WATCH_TIME = 0, /* the time is up: look what changed */
	WATCH_CHANGE = 1,
	WATCH_END = 2, /* SIGINT or SIGTERM came */
};

/**
 * Waits for at most `timeout_ms`, less when it has to be looked for. After a
 * change it waits for `settle_ms` more: where one file is written, more follow.
 */
int watch_wait(struct watch *watch, int timeout_ms, int settle_ms,
	struct err *err) MUST_CHECK;

#endif
