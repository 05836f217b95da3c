/*
 * The JSON of gitleaks (report/finding.go there), so that what reads it goes on
 * working. One object for each finding. `Secret` and `Match` hold no secret: a
 * keyed hash, so that importers can still tell secrets apart, and the line
 * without the secret.
 */
#include "report/group_identity.h"
#include "report/group_words.h"
#include "report/json_field.h"
#include "report/reporters.h"

static void put_place(struct json_writer *json, const struct region *region)
{
	put_count(json, "StartLine", region->start_line);
	put_count(json, "EndLine", region->end_line);
	put_count(json, "StartColumn", region->start_column);
	put_count(json, "EndColumn", region->end_column);
}

static void put_commit(
	struct json_writer *json, const struct commit_info *commit)
{
	put_text(json, "Commit", commit ? commit->oid : "");
	put_count(json, "Entropy", 0);
	put_text(
		json, "Author", commit && commit->author ? commit->author : "");
	put_text(json, "Email", "");
	if (commit)
		put_date(json, "Date", commit->time);
	else
		put_text(json, "Date", "");
	put_text(json, "Message", "");
}

static void put_tags(struct json_writer *json, const struct finding *finding)
{
	json_key(json, "Tags");
	json_begin_array(json);
	json_put_text(json, severity_name(finding->severity));
	json_put_text(json, finding->rule->pack);
	json_put_text(json, finding->tracked ? "tracked" : "not-tracked");
	json_end_array(json);
}

/* "commit:file:rule:line", as a .gitleaksignore has it. */
static void put_fingerprint(struct json_writer *json,
	const struct finding *finding, const char *path)
{
	const struct commit_info *commit = finding->exposure.first;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (commit)
		buf_printf(&text, "%s:", commit->oid);
	buf_printf(&text, "%s:%s:%zu", path, finding->rule->id,
		finding->region.start_line);
	put_text(json, "Fingerprint", text.bytes);
}

static void put_finding(struct json_writer *json, const struct finding *finding)
{
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf secret;
	buf_init(&path, 0);
	buf_init(&secret, 0);
	add_host_path(&path, finding);
	if (finding->inner)
		buf_printf(&path, "!%s", finding->inner);
	buf_printf(&secret, "redacted:%s",
		*finding->secret_id ? finding->secret_id
				    : finding->fingerprint);
	json_begin_object(json);
	put_text(json, "RuleID", finding->rule->id);
	put_text(json, "Description", rule_title(finding->rule));
	put_place(json, &finding->region);
	put_text(json, "Match",
		finding->excerpt ? finding->excerpt : secret.bytes);
	put_text(json, "Secret", secret.bytes);
	put_text(json, "File", path.bytes);
	put_text(json, "SymlinkFile", "");
	put_commit(json, finding->exposure.first);
	put_tags(json, finding);
	put_fingerprint(json, finding, path.bytes);
	json_end_object(json);
}

static int write_gitleaks(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	(void)opts;
	struct json_writer json;
	json_init(&json, out);
	json_begin_array(&json);
	for (size_t i = 0; i < result->finding_count; i++) {
		if (!finding_counts(&result->findings[i]))
			continue;
		fputc('\n', out);
		put_finding(&json, &result->findings[i]);
	}
	json_end_array(&json);
	fputc('\n', out);
	return report_finish(out, err);
}

const struct reporter reporter_gitleaks = {
	.name = "gitleaks",
	.summary = "JSON as gitleaks writes it, without the secrets",
	.write = write_gitleaks,
};
