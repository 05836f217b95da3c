/* What `audit` found out, for people and for machines. */
#ifndef REPORT_REPORT_AUDIT_H
#define REPORT_REPORT_AUDIT_H

#include "report/report.h"
#include "scanner/audit.h"

/** Prints a block for each setting, worst first, then where sessions are
 * kept, then what to use in production. ERR_IO when the stream failed. */
int report_audit(FILE *out, const struct audit *audit,
	const struct report_opts *opts, struct err *err) MUST_CHECK;

/** Writes the same as one JSON object: docs/formats.md. */
int json_audit(FILE *out, const struct audit *audit,
	const struct report_opts *opts, struct err *err) MUST_CHECK;

#endif
