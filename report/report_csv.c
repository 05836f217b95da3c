/* CSV: a row for each finding, for spreadsheets and scripts. */
#include "report/csv.h"
#include "report/group_words.h"
#include "report/places.h"
#include "report/reporters.h"

static const char *const columns[] = { "severity", "confidence", "rule",
	"title", "path", "line", "store", "places", "tracked", "at_tip",
	"versions", "state", "expires", "first_commit", "first_date",
	"first_author", "removed_commit", "removed_date", "refs", "blob",
	"secret_id", "fingerprint", "accepted" };

static void put_commit(struct csv_row *row, const struct commit_info *commit)
{
	csv_put_text(row, commit ? commit->oid : NULL);
	csv_put_date(row, commit, commit ? commit->time : 0);
}

static void put_places(struct csv_row *row, unsigned places)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_places(&text, places, " ");
	csv_put_text(row, text.bytes);
}

static void put_state(struct csv_row *row, const struct finding *finding)
{
	const struct evidence *evidence = finding->evidence;
	bool dated = evidence && evidence->expiry == EXPIRY_AT;
	csv_put_text(row, evidence ? finding->state : NULL);
	csv_put_date(row, dated, dated ? evidence->expires_at : 0);
}

static void put_finding(struct csv_row *row, const struct finding *finding)
{
	const struct exposure *exposure = &finding->exposure;
	csv_put_text(row, severity_name(finding->severity));
	csv_put_text(row, confidence_name(finding->confidence));
	csv_put_text(row, finding->rule->id);
	csv_put_text(row, rule_title(finding->rule));
	csv_put_path(row, finding->path);
	csv_put_count(row, finding->region.start_line);
	csv_put_path(row, finding->store);
	put_places(row, finding->places);
	csv_put_text(row, finding->tracked ? "yes" : "no");
	csv_put_text(row, finding->at_tip ? "yes" : "no");
	csv_put_count(row, finding->versions);
	put_state(row, finding);
	put_commit(row, exposure->first);
	csv_put_text(row, exposure->first ? exposure->first->author : NULL);
	put_commit(row, exposure->removed);
	csv_put_count(row, exposure->refs_count);
	csv_put_text(row, finding->blob);
	csv_put_text(row, finding->secret_id);
	csv_put_text(row, finding->fingerprint);
	csv_put_text(row,
		finding_counts(finding)
			? NULL
			: suppressed_by_name(finding->suppressed.by));
	csv_end_row(row);
}

static int write_csv(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	(void)opts;
	struct csv_row row = { .out = out };
	for (size_t i = 0; i < ARRAY_SIZE(columns); i++)
		csv_put_text(&row, columns[i]);
	csv_end_row(&row);
	for (size_t i = 0; i < result->finding_count; i++)
		put_finding(&row, &result->findings[i]);
	return report_finish(out, err);
}

const struct reporter reporter_csv = {
	.name = "csv",
	.summary = "a row for each finding, for spreadsheets",
	.write = write_csv,
};
