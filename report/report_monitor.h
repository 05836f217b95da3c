/*
 * Session directories on disk: the report of their state, and a line for each
 * change of it. For a person, or as JSON for a machine: one object a line.
 */
#ifndef REPORT_REPORT_MONITOR_H
#define REPORT_REPORT_MONITOR_H

#include "base/buf.h"
#include "base/err.h"
#include "report/report.h"
#include "scanner/session_status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/** What a report is about; all borrowed. */
struct monitor_result {
	const struct session_status *statuses;
	size_t count;
	const struct session_limits *limits;
	int64_t now;   /* seconds since 1970 */
	bool complete; /* all was looked at */
};

/** True when something is off. */
bool monitor_result_is_off(const struct monitor_result *result);

/** One format: both write whole lines and flush. */
struct monitor_reporter {
	const char *name;
	int (*write)(FILE *out, const struct monitor_result *result,
		const struct report_opts *opts, struct err *err);
	int (*write_change)(FILE *out, const struct session_change *change,
		const struct report_opts *opts, struct err *err);
};

extern const struct monitor_reporter monitor_reporter_human;
extern const struct monitor_reporter monitor_reporter_json;

/** The name of a file, shortened where the whole of it may be a session id: a
 * report is no place for one. Borrowed from `out`, which is emptied first. */
const char *monitor_file_name(struct buf *out, const struct session_file *file);

#endif
