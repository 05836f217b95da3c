/* `audit --fix`: the corrections of an audit as a patch, and written. */
#ifndef CMD_AUDIT_FIX_H
#define CMD_AUDIT_FIX_H

#include "cmd/cmd.h"
#include "report/report.h"
#include "scanner/audit.h"

/** Prints the patch, with advice that git apply passes over; what a person
 * has to do goes to the log. With `write` the files are replaced. */
int audit_fix(const struct cmd_env *env, const struct repo *repo,
	const struct audit *audit, const struct ruleset *rules,
	const struct report_opts *opts, bool write, struct err *err) MUST_CHECK;

#endif
