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

struct blocked_opts {
	enum blocked what;
	int least;        /* enum severity: findings below did not block */
	const char *head; /* commit that `git commit --amend` would change, as
				hex; NULL where that is not known */
	bool below_top;   /* the user stands in a folder of the worktree */
};

/** Prints why. Findings below `least`, and those that were accepted, are left
 * out. */
void human_blocked(FILE *out, const struct scan_result *result,
	const struct blocked_opts *blocked, const struct report_opts *opts);

#endif
