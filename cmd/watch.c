#include "cmd/watch.h"

#include "base/alloc.h"
#include "base/folder.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#if defined(__linux__)
#include <sys/inotify.h>
#include <sys/signalfd.h>
#endif

#define POLL_MS 500 /* between two looks, so that a second is kept */

struct watch {
	sigset_t old_mask;
	sigset_t ends; /* the signals that end it */
	int signal_fd; /* signalfd(2), or -1 */
	int events_fd; /* inotify(7), or -1: polling */
};

#if defined(__linux__)

static int open_signals(struct watch *watch, struct err *err)
{
	watch->signal_fd =
		signalfd(-1, &watch->ends, SFD_CLOEXEC | SFD_NONBLOCK);
	return watch->signal_fd < 0 ? err_errno(err, "cannot watch") : 0;
}

static void open_events(struct watch *watch)
{
	watch->events_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
}

void watch_add(struct watch *watch, const char *folder)
{
	const uint32_t mask = IN_CREATE | IN_DELETE | IN_MOVED_FROM |
		IN_MOVED_TO | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE_SELF |
		IN_MOVE_SELF | IN_ONLYDIR | IN_DONT_FOLLOW;
	if (watch->events_fd < 0 ||
		inotify_add_watch(watch->events_fd, folder, mask) >= 0 ||
		errno == ENOENT || errno == ENOTDIR)
		return;
	close(watch->events_fd);
	watch->events_fd = -1;
}

#else

static int open_signals(struct watch *watch, struct err *err)
{
	(void)err;
	watch->signal_fd = -1;
	return 0;
}

static void open_events(struct watch *watch)
{
	watch->events_fd = -1;
}

void watch_add(struct watch *watch, const char *folder)
{
	(void)watch;
	(void)folder;
}

#endif

/** A signal that came while all of them wait to be asked for. */
static bool has_ended(void)
{
	sigset_t pending;
	sigemptyset(&pending);
	sigpending(&pending);
	return sigismember(&pending, SIGINT) == 1 ||
		sigismember(&pending, SIGTERM) == 1;
}

/** Takes the pending signals, which would end the process otherwise. */
static void take_signals(const struct watch *watch)
{
	int signal_number;
	while (has_ended())
		if (sigwait(&watch->ends, &signal_number))
			return;
}

int watch_new(struct watch **out, bool poll_only, struct err *err)
{
	struct watch *watch = xcalloc(1, sizeof(*watch));
	watch->signal_fd = -1;
	watch->events_fd = -1;
	sigemptyset(&watch->ends);
	sigaddset(&watch->ends, SIGINT);
	sigaddset(&watch->ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &watch->ends, &watch->old_mask);
	int rc = open_signals(watch, err);
	if (rc < 0) {
		watch_free(watch);
		return rc;
	}
	if (!poll_only)
		open_events(watch);
	*out = watch;
	return 0;
}

void watch_free(struct watch *watch)
{
	if (!watch)
		return;
	take_signals(watch);
	fd_close(&watch->signal_fd);
	fd_close(&watch->events_fd);
	sigprocmask(SIG_SETMASK, &watch->old_mask, NULL);
	free(watch);
}

/** Forgets the events: the caller looks at everything after them. */
static void drain(const struct watch *watch)
{
	char events[16384];
	while (read(watch->events_fd, events, sizeof(events)) > 0)
		;
}

/** poll(2) of signals, and of events when there are any; a negative
 * descriptor is passed over. */
static int wait_once(const struct watch *watch, int events_fd, int timeout_ms,
	struct err *err)
{
	struct pollfd fds[] = {
		{ .fd = watch->signal_fd, .events = POLLIN },
		{ .fd = events_fd, .events = POLLIN },
	};
	if (poll(fds, ARRAY_SIZE(fds), timeout_ms) < 0 && errno != EINTR)
		return err_errno(err, "cannot wait for changes");
	if (has_ended())
		return WATCH_END;
	return fds[1].revents ? WATCH_CHANGE : WATCH_TIME;
}

int watch_wait(
	struct watch *watch, int timeout_ms, int settle_ms, struct err *err)
{
	bool polls = watch->events_fd < 0;
	if (polls && timeout_ms > POLL_MS)
		timeout_ms = POLL_MS;
	int rc = wait_once(watch, watch->events_fd, timeout_ms, err);
	if (rc != WATCH_CHANGE)
		return rc;
	rc = wait_once(watch, -1, settle_ms, err);
	drain(watch);
	return rc == WATCH_TIME ? WATCH_CHANGE : rc;
}
