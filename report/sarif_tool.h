/* The part of a SARIF log that says who found it, by which rules. */
#ifndef REPORT_SARIF_TOOL_H
#define REPORT_SARIF_TOOL_H

#include "report/host_rule.h"
#include "report/json_writer.h"
#include "report/report.h"

/** Writes the member "tool" (SARIF 2.1.0 §3.14.6) with all rules of the table,
 * in its order. */
void sarif_put_tool(struct json_writer *json, const struct rule_table *rules,
	const struct report_opts *opts);

/** "note", "warning" or "error" for an enum severity. */
const char *sarif_level(int severity);

#endif
