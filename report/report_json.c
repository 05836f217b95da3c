/* The json report: the objects of jsonl as one array. */
#include "report/finding_json.h"
#include "report/reporters.h"

/* Each object on a line of its own: the array stays readable by diff. */
static void next_line(struct json_writer *json)
{
	fputc('\n', json->out);
}

static int write_json(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	struct json_writer json;
	json_init(&json, out);
	json_begin_array(&json);
	json_header(&json, result, opts);
	for (size_t i = 0; i < result->finding_count; i++) {
		next_line(&json);
		json_finding(&json, &result->findings[i]);
	}
	for (size_t i = 0; i < result->skipped_count; i++) {
		next_line(&json);
		json_skipped(&json, &result->skipped[i]);
	}
	next_line(&json);
	json_summary(&json, result);
	json_end_array(&json);
	next_line(&json);
	return report_finish(out, err);
}

const struct reporter reporter_json = {
	.name = "json",
	.summary = "the objects of jsonl as one array",
	.write = write_json,
};
