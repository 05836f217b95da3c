/*
 * The lines of a jsonl report, and what they hold more where the report is one
 * of a shard: a last member "shard", with what merge needs to write the reports
 * of all shards together in any format. It drops it; nobody else has to know.
 */
#ifndef REPORT_SHARD_JSON_H
#define REPORT_SHARD_JSON_H

#include "report/json_writer.h"
#include "report/report.h"

/* One object each, without a newline; `result` says whether it is a shard. */
void jsonl_header(struct json_writer *json, const struct scan_result *result,
	const struct report_opts *opts);
/** In place of all of them: the repository of opts->list could not be scanned.
 */
void jsonl_failed(struct json_writer *json, const struct report_opts *opts,
	const char *message);
void jsonl_finding(struct json_writer *json, const struct scan_result *result,
	const struct finding *finding);
void jsonl_skipped(struct json_writer *json, const struct scan_result *result,
	const struct skipped *skipped);

#endif
