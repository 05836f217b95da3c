/* What `inspect` found out about one file, for people and for machines. */
#ifndef REPORT_REPORT_INSPECTION_H
#define REPORT_REPORT_INSPECTION_H

#include "report/report.h"
#include "report/report_value.h"
#include "rules/evidence.h"
#include "rules/identify.h"

/** All is borrowed. */
struct inspection {
	const char *name;            /* as the user called it */
	char blob[OID_HEX_SIZE + 1]; /* id of the object, or "" */
	size_t len;                  /* bytes of it */
	const struct identity *identity;
	const struct evidence *evidence; /* NULL when no decoder accepted */
	int64_t now;                     /* expiry is judged by it */
};

/** Prints what it is, what it gives away, and the tree of its values.
 * ERR_IO when the stream failed. */
int report_inspection(FILE *out, const struct inspection *inspection,
	const struct report_opts *opts, const struct value_opts *values,
	struct err *err) MUST_CHECK;

/** Writes the same as one JSON object: docs/formats.md. */
int json_inspection(FILE *out, const struct inspection *inspection,
	const struct report_opts *opts, const struct value_opts *values,
	struct err *err) MUST_CHECK;

#endif
