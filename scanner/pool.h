/*
 * Threads: a number of workers that run the same function, each with its own
 * number, and are joined before anyone goes on. What they share, and how they
 * divide the work, is the caller's.
 */
#ifndef SCANNER_POOL_H
#define SCANNER_POOL_H

#include "base/err.h"

#include <stdbool.h>

/** What each worker runs; `err` is its own. 0 or negative. */
typedef int pool_work(unsigned worker, void *ctx, struct err *err);

/**
 * Runs `work` on `jobs` threads (at least 1; a single one is the caller's
 * own) and joins them. Returns the error of the lowest worker that failed, or
 * 0. Either all threads can be had or none runs: ERR_LIMIT. A worker that must
 * make the others end says so through ctx.
 */
int pool_run(
	unsigned jobs, pool_work *work, void *ctx, struct err *err) MUST_CHECK;

/** One thread beside the caller's. */
struct pool_task;

/** Runs `work` as worker 0 on a thread of its own while the caller goes on.
 * ERR_LIMIT: no thread can be had. To be joined. */
int pool_task_start(struct pool_task **out, pool_work *work, void *ctx,
	struct err *err) MUST_CHECK;

/** Waits for it, frees it, and returns what the work did. */
int pool_task_join(struct pool_task *task, struct err *err) MUST_CHECK;

/*
 * Work that a busy worker hands to an idle one. A worker without work waits in
 * handoff_take(); one with much of it looks at handoff_wanted() now and then,
 * which is cheap, and gives some away. When all wait, the work is done.
 */
struct handoff;

/** For that many workers: the work is done when so many wait. Caller frees. */
struct handoff *handoff_new(unsigned workers);
void handoff_free(struct handoff *handoff);
DEFINE_CLEANUP(handoff_freep, struct handoff, handoff_free)

/** True when somebody waits and nothing lies there for him yet. */
bool handoff_wanted(const struct handoff *handoff);

/** Takes over `item` and returns true, unless nobody wants it any more. */
bool handoff_give(struct handoff *handoff, void *item);

/** Waits for an item; NULL when all workers wait or handoff_stop() was called.
 */
void *handoff_take(struct handoff *handoff);

/** Makes every handoff_take(), present and future, return NULL. */
void handoff_stop(struct handoff *handoff);

/** After the join: an item that was given and not taken, or NULL. */
void *handoff_left(struct handoff *handoff);

#endif
