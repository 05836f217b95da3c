#include "cmd/monitor_watch.h"

#include "cmd/watch.h"

#include <time.h>

#define TICK_MS       10000 /* looks at what no event tells */
#define SEARCH_MS     60000 /* walks the worktree for new directories */
#define MIN_SETTLE_MS 50
#define MAX_SETTLE_MS 400 /* so that a change is told within a second */

static int64_t clock_ms(clockid_t id)
{
	struct timespec now;
	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void watch_folder(const char *path, void *ctx)
{
	watch_add(ctx, path);
}

/** Watches before it is looked: a change in between is told twice, not lost.
 * A directory that was made again is a new one to the system. */
static void watch_all(struct watch *watch, const struct monitor *monitor)
{
	for (size_t i = 0; i < monitor->count; i++)
		session_place_each_folder(
			monitor->places[i], watch_folder, watch);
}

/** Until the next session expires, at most a tick. */
static int timeout_ms(const struct monitor *monitor)
{
	int64_t now = clock_ms(CLOCK_REALTIME);
	int64_t timeout = TICK_MS;
	for (size_t i = 0; i < monitor->count; i++) {
		int64_t next = monitor->statuses[i].dir.next_expiry;
		if (next && next - now / 1000 < TICK_MS / 1000 &&
			next * 1000 - now < timeout)
			timeout = next * 1000 - now;
	}
	return timeout < 1 ? 1 : (int)timeout;
}

/** Where changes are told. */
struct teller {
	struct name_guard *guard;
	FILE *out;
	const struct monitor_reporter *reporter;
	const struct report_opts *opts;
};

static int tell(const struct session_change *change, void *ctx, struct err *err)
{
	const struct teller *teller = ctx;
	CLEANUP(buf_clear) struct buf name;
	buf_init(&name, 0);
	if (!change->file)
		return teller->reporter->write_change(
			teller->out, change, teller->opts, err);
	int rc = name_guard_add(&name, teller->guard, change->file->name, err);
	if (rc < 0)
		return rc;
	struct session_file file = *change->file;
	struct session_change shown = *change;
	file.name = name.bytes;
	shown.file = &file;
	return teller->reporter->write_change(
		teller->out, &shown, teller->opts, err);
}

/** What the loop keeps: monotonic times, and how long the last look took. */
struct rhythm {
	int64_t asked_ms, searched_ms, look_ms;
};

/** A busy application must not keep the watch busy: it waits longer than it
 * works. */
static int settle_ms(const struct rhythm *rhythm)
{
	int64_t settle = rhythm->look_ms * 4;
	if (settle < MIN_SETTLE_MS)
		return MIN_SETTLE_MS;
	return settle > MAX_SETTLE_MS ? MAX_SETTLE_MS : (int)settle;
}

static int look(struct rhythm *rhythm, struct monitor *monitor,
	struct watch *watch, struct teller *teller, struct err *err)
{
	int64_t start = clock_ms(CLOCK_MONOTONIC);
	int rc = 0;
	if (start - rhythm->searched_ms >= SEARCH_MS) {
		rhythm->searched_ms = start;
		rc = monitor_search_again(monitor, err);
	}
	bool ask_git = start - rhythm->asked_ms >= TICK_MS;
	if (ask_git)
		rhythm->asked_ms = start;
	watch_all(watch, monitor);
	if (rc == 0)
		rc = monitor_look_again(monitor, ask_git, tell, teller, err);
	rhythm->look_ms = clock_ms(CLOCK_MONOTONIC) - start;
	return rc;
}

int monitor_watch(struct monitor *monitor, FILE *out,
	const struct monitor_reporter *reporter, const struct report_opts *opts,
	bool poll, struct err *err)
{
	CLEANUP(watch_freep) struct watch *watch = NULL;
	int rc = watch_new(&watch, poll, err);
	if (rc < 0)
		return rc;
	watch_all(watch, monitor);
	rc = monitor_look(monitor, err);
	const struct monitor_result result = monitor_result(monitor);
	if (rc == 0)
		rc = reporter->write(out, &result, opts, err);
	struct teller teller = { monitor->guard, out, reporter, opts };
	struct rhythm rhythm = { 0 };
	rhythm.asked_ms = rhythm.searched_ms = clock_ms(CLOCK_MONOTONIC);
	while (rc == 0) {
		int answer = watch_wait(
			watch, timeout_ms(monitor), settle_ms(&rhythm), err);
		if (answer == WATCH_END)
			return 0;
		rc = answer < 0 ? answer
				: look(&rhythm, monitor, watch, &teller, err);
	}
	return rc;
}
