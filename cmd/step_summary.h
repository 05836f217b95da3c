/* The summary that GitHub Actions shows for a job. */
#ifndef CMD_STEP_SUMMARY_H
#define CMD_STEP_SUMMARY_H

#include "report/report.h"

/** Appends the markdown report to the file that GITHUB_STEP_SUMMARY names, if
 * there is one and GitHub's limit of 1 MiB leaves room for it. */
int step_summary_append(const struct scan_result *result,
	const struct report_opts *opts, struct err *err) MUST_CHECK;

#endif
