/* `monitor --prune-expired`: deletes sessions whose time is over. */
#ifndef CMD_MONITOR_PRUNE_H
#define CMD_MONITOR_PRUNE_H

#include "base/log.h"
#include "cmd/monitor.h"

struct prune_opts {
	bool yes;     /* do not ask */
	bool dry_run; /* only list */
	const struct report_opts *report;
	const struct log *log;
};

/**
 * Lists the expired sessions of the last look, asks on the terminal, and
 * deletes them. What is no regular file, is not proved to be a session, or
 * changed since it was looked at stays. Returns an exit code.
 */
int monitor_prune(struct monitor *monitor, FILE *out,
	const struct prune_opts *opts, struct err *err) MUST_CHECK;

#endif
