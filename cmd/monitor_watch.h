/* `monitor --watch`: tells each change of a session directory as it comes. */
#ifndef CMD_MONITOR_WATCH_H
#define CMD_MONITOR_WATCH_H

#include "cmd/monitor.h"

/**
 * Writes the report and then a line for each change, until SIGINT or SIGTERM.
 * `poll`: look twice a second instead of asking the system to tell.
 */
int monitor_watch(struct monitor *monitor, FILE *out,
	const struct monitor_reporter *reporter, const struct report_opts *opts,
	bool poll, struct err *err) MUST_CHECK;

#endif
