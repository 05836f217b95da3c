/* The report of `inspect` as one JSON object: docs/formats.md. */
#include "report/report_inspection.h"

#include "report/finding_json.h"
#include "report/json_field.h"
#include "report/reporters.h"

static void put_subject(
	struct json_writer *json, const struct inspection *inspection)
{
	json_path(json, "name", "name_base64", inspection->name);
	put_text(json, "blob", *inspection->blob ? inspection->blob : NULL);
	json_key(json, "size");
	json_put_uint(json, inspection->len);
}

static void put_identity(
	struct json_writer *json, const struct inspection *inspection)
{
	const struct identity *identity = inspection->identity;
	const struct evidence *evidence = inspection->evidence;
	put_text(json, "verdict", verdict_name(identity->verdict));
	put_text(json, "looks_like",
		identity->decoder ? NULL : identity->looks_like);
	put_text(json, "cookie", identity->cookie);
	put_bool(json, "limited", identity->limited);
	put_bool(json, "truncated", identity->decoded.truncated);
	json_key(json, "evidence");
	json_evidence(json, evidence,
		evidence ? evidence_state(evidence, inspection->now) : NULL);
}

int json_inspection(FILE *out, const struct inspection *inspection,
	const struct report_opts *opts, const struct value_opts *values,
	struct err *err)
{
	struct json_writer json;
	json_init(&json, out);
	json_begin_object(&json);
	put_text(&json, "type", "inspection");
	json_key(&json, "format");
	json_put_uint(&json, JSON_FORMAT);
	put_text(&json, "version", opts->version);
	put_subject(&json, inspection);
	put_identity(&json, inspection);
	json_key(&json, "value");
	if (opts->verbosity >= 0 && inspection->identity->decoded.root)
		json_value(&json, inspection->identity->decoded.root, values);
	else
		json_put_null(&json);
	json_end_object(&json);
	fputc('\n', out);
	return report_finish(out, err);
}
