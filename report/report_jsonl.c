/* The jsonl report: one object a line, header first, summary last. */
#include "report/finding_json.h"
#include "report/reporters.h"
#include "report/shard_json.h"

static int write_jsonl(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	struct json_writer json;
	json_init(&json, out);
	jsonl_header(&json, result, opts);
	fputc('\n', out);
	for (size_t i = 0; i < result->finding_count; i++) {
		jsonl_finding(&json, result, &result->findings[i]);
		fputc('\n', out);
	}
	for (size_t i = 0; i < result->skipped_count; i++) {
		jsonl_skipped(&json, result, &result->skipped[i]);
		fputc('\n', out);
	}
	json_summary(&json, result);
	fputc('\n', out);
	return report_finish(out, err);
}

const struct reporter reporter_jsonl = {
	.name = "jsonl",
	.summary = "one JSON object a line; the stable machine format",
	.write = write_jsonl,
};
