/* Scan results as the scanner would make them, for the tests of reports. */
#ifndef TESTS_UNIT_REPORT_SAMPLES_H
#define TESTS_UNIT_REPORT_SAMPLES_H

#include "report/report.h"

#define SAMPLE_NOW 1785542400 /* 2026-08-01 */

/** A scan of index and history that found nothing yet. */
void sample_empty(struct scan_result *result);

/** A store that was deleted from the tree, one that is still tracked, a key
 * in two files, and an environment file. */
void sample_case(struct scan_result *result);

/** A finding at a path that no longer is in the tree. */
struct finding *sample_finding(struct scan_result *result,
	const struct rule *rule, const char *path, const char *store);

/** All of a reporter's output for the result. Caller frees. */
char *sample_report(const char *format, const struct scan_result *result,
	const struct report_opts *opts);

extern const struct rule sample_session_rule;
extern const struct rule sample_transient_rule;
extern const struct rule sample_key_rule;
extern const struct rule sample_env_rule;

#endif
