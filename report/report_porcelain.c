/*
 * A line for each finding, for scripts of the shell: fields between tabs, the
 * path last. It is quoted as git quotes paths, or with -z the bytes it has, and
 * the record ends with NUL. Fields may be added before the path only under
 * another first word.
 */
#include "report/places.h"
#include "report/reporters.h"
#include "report/text_escape.h"

static void put_path(
	FILE *out, const char *path, const struct report_opts *opts)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (opts->nul_ended) {
		fputs(path, out);
		fputc('\0', out);
		return;
	}
	text_add_path(&text, path, false);
	fprintf(out, "%s\n", text.len ? text.bytes : "");
}

static void put_finding(FILE *out, const struct finding *finding,
	const struct report_opts *opts)
{
	CLEANUP(buf_clear) struct buf places;
	buf_init(&places, 0);
	add_places(&places, finding->places, ",");
	fprintf(out, "%s\t%s\t%s\t%s\t%zu\t%s\t",
		finding_counts(finding) ? "finding" : "accepted",
		severity_name(finding->severity), finding->rule->id,
		places.len ? places.bytes : "-", finding->region.start_line,
		finding->fingerprint);
	put_path(out, finding->path, opts);
}

static void put_skipped(FILE *out, const struct skipped *skipped,
	const struct report_opts *opts)
{
	fprintf(out, "skipped\t%s\t%s\t", skip_reason_name(skipped->reason),
		*skipped->object ? skipped->object : "-");
	put_path(out, skipped->path ? skipped->path : "", opts);
}

static int write_porcelain(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	for (size_t i = 0; i < result->finding_count; i++)
		put_finding(out, &result->findings[i], opts);
	for (size_t i = 0; i < result->skipped_count; i++)
		put_skipped(out, &result->skipped[i], opts);
	return report_finish(out, err);
}

const struct reporter reporter_porcelain = {
	.name = "porcelain",
	.summary = "fields between tabs, for scripts (-z: NUL-ended)",
	.write = write_porcelain,
};
