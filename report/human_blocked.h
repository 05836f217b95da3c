/*
 * What somebody reads whose commit or push a hook has refused: what, where,
 * why, and the commands that lead out of it. It fits on one screen: 24 lines
 * of 80 columns, however much was found.
 */
#ifndef REPORT_HUMAN_BLOCKED_H
#define REPORT_HUMAN_BLOCKED_H

#include "report/report.h"

enum blocked {
	BLOCKED_COMMIT,  /* by pre-commit */
	BLOCKED_MESSAGE, /* by commit-msg */
	BLOCKED_PUSH,    /* by pre-push */
	BLOCKED_RECEIVE, /* by the server */
};

/** Prints why. Findings below `least` (enum severity), and those that were
 * accepted, did not block and are left out. */
void human_blocked(FILE *out, const struct scan_result *result,
	enum blocked blocked, int least, const struct report_opts *opts);

#endif
