#include "report/report_audit.h"

#include "base/alloc.h"
#include "report/audit_advice.h"
#include "report/page.h"
#include "report/reporters.h"
#include "report/text_escape.h"
#include "rules/settings/setting_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define INDENT 2  /* of the risk */
#define BODY   12 /* behind it */
#define LABEL  22 /* behind the labels of the body */

static void put_label(
	const struct page *page, const char *label, const char *text)
{
	page_labelled(page, BODY, LABEL, label, text);
}

static enum style style_of(int severity)
{
	if (severity < 0)
		return STYLE_GREEN;
	if (severity >= SEVERITY_HIGH)
		return STYLE_RED;
	return severity == SEVERITY_MEDIUM ? STYLE_YELLOW : STYLE_DIM;
}

/* "  MEDIUM    text": the risk, then a line that is cut to fit. */
static void put_head(const struct page *page, const char *risk, int severity,
	struct buf *text)
{
	char word[BODY];
	snprintf(word, sizeof(word), "%-*s", BODY - INDENT - 2, risk);
	for (char *at = word; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	text_shorten(text, page->width - BODY, page->opts->utf8);
	fprintf(page->out, "%*s", INDENT, "");
	page_styled(page, style_of(severity), word);
	fprintf(page->out, "  %s\n", text->bytes);
}

static void add_value(
	const struct page *page, struct buf *out, const struct setting *setting)
{
	CLEANUP(buf_clear) struct buf value;
	buf_init(&value, 0);
	setting_value_text(&value, setting);
	text_add(out, value.bytes, page->opts->utf8);
}

static void add_place(const struct page *page, struct buf *out,
	const char *path, const struct setting *setting)
{
	text_add_path(out, path, page->opts->utf8);
	text_shorten(out, page->width - LABEL - 8, page->opts->utf8);
	buf_printf(out, ":%zu", setting->line);
}

/* Settings */

static const char *risk_of(const struct audit_row *row)
{
	if (row->rule)
		return severity_name(row->severity);
	/* a secret that cannot be told from the source is as it should be */
	if (row->setting && row->setting->value.type == SETTING_UNRESOLVED &&
		!row->known->secret)
		return "unknown";
	return row->known->note ? "note" : "ok";
}

/* Worst first; then what is not known, what has a note, what is right. */
static int rank_of(const struct audit_row *row)
{
	if (row->rule)
		return 10 + row->severity;
	const char *risk = risk_of(row);
	if (!strcmp(risk, "unknown"))
		return 2;
	return !strcmp(risk, "note") ? 1 : 0;
}

/* Rows stand in one array, so addresses keep the order of equals. */
static int compare_rank(const void *left, const void *right)
{
	const struct audit_row *a = *(const struct audit_row *const *)left;
	const struct audit_row *b = *(const struct audit_row *const *)right;
	int order = rank_of(b) - rank_of(a);
	return order ? order : (a > b) - (a < b);
}

static void put_row_head(const struct page *page, const struct audit_row *row)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	const struct setting *setting = row->setting;
	buf_add_text(&text, row->known->key);
	if (setting) {
		buf_add_text(&text, " = ");
		add_value(page, &text, setting);
	} else {
		buf_add_text(&text, " is not set");
	}
	put_head(page, risk_of(row), row->rule ? row->severity : -1, &text);
}

static void put_place(const struct page *page, const struct audit_row *row)
{
	if (!row->setting) {
		put_label(page, "default", row->known->default_value);
		return;
	}
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_place(page, &text, row->path, row->setting);
	if (row->setting->scope) {
		buf_add_text(&text, " in class ");
		text_add(&text, row->setting->scope, page->opts->utf8);
	}
	if (row->setting->development)
		buf_add_text(&text, ", not for production");
	put_label(page, "at", text.bytes);
}

static void put_weakness(const struct page *page, const struct rule *rule)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; rule->cwe && rule->cwe[i]; i++)
		buf_printf(&text, "%sCWE-%s", i ? ", " : "", rule->cwe[i]);
	if (text.len)
		put_label(page, "weakness", text.bytes);
}

/* Something to copy is printed as it is, whatever its width. */
static void put_line(const struct page *page, const struct audit_row *row)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	text_add(&text, row->line, page->opts->utf8);
	fprintf(page->out, "%*s%-*s%s\n", BODY, "", LABEL - BODY, "write",
		text.bytes);
}

static void put_row(const struct page *page, const struct audit_row *row)
{
	put_row_head(page, row);
	put_place(page, row);
	if (row->rule) {
		put_label(page, "why", row->rule->why);
		put_weakness(page, row->rule);
		if (row->line)
			put_line(page, row);
	}
	if (row->known->note)
		put_label(page, "note", row->known->note);
}

static void put_rows(const struct page *page, const struct audit_app *app)
{
	CLEANUP(freep)
	const struct audit_row **rows = xcalloc(app->row_count, sizeof(*rows));
	for (size_t i = 0; i < app->row_count; i++)
		rows[i] = &app->rows[i];
	if (app->row_count)
		qsort(rows, app->row_count, sizeof(*rows), compare_rank);
	for (size_t i = 0; i < app->row_count; i++) {
		put_row(page, rows[i]);
		if (rank_of(rows[i]) || i + 1 == app->row_count)
			fputc('\n', page->out);
	}
}

/* Stores */

static void add_store_state(struct buf *text, const struct page *page,
	const struct audit_store *store)
{
	if (store->inside != YES) {
		buf_add_text(text, "outside of the repository");
		return;
	}
	buf_add_text(text, "inside the work tree; ");
	if (store->tracked) {
		add_counted(text, store->tracked, "file");
		buf_add_text(text, " in it tracked; ");
	} else {
		buf_add_text(text, "no file in it tracked; ");
	}
	if (store->ignored == YES)
		buf_add_text(text, "ignored by git");
	else if (store->ignored == NO)
		buf_add_text(text, "not ignored by git");
	else
		buf_add_text(text, "no ignore rules to ask");
	if (!store->started_in)
		return;
	buf_add_text(text, " (if the server is started in ");
	CLEANUP(buf_clear) struct buf folder;
	buf_init(&folder, 0);
	buf_printf(&folder, "%s/", store->started_in);
	if (*store->started_in)
		text_add_path(text, folder.bytes, page->opts->utf8);
	else
		buf_add_text(text, "the top folder");
	buf_add_byte(text, ')');
}

static void put_store(const struct page *page, const struct audit_store *store)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s%s", *store->path ? store->path : ".",
		store->inside == YES ? "/" : "");
	buf_add_text(&text, "sessions in ");
	text_add_path(&text, path.bytes, page->opts->utf8);
	const char *risk =
		store->severity < 0 ? "ok" : severity_name(store->severity);
	put_head(page, risk, store->severity, &text);
	buf_reset(&text);
	if (store->setting)
		add_place(page, &text, store->file, store->setting);
	else
		buf_add_text(&text, "nowhere: it is the default");
	put_label(page, "set at", text.bytes);
	buf_reset(&text);
	add_store_state(&text, page, store);
	put_label(page, "is", text.bytes);
	const char *advice = audit_store_advice(store);
	if (advice)
		put_label(page, "so", advice);
	fputc('\n', page->out);
}

/* Applications */

static void put_app_head(const struct page *page, const struct audit_app *app)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	text_add_path(&text, app->path, page->opts->utf8);
	text_shorten(&text, page->width - 1, page->opts->utf8);
	page_styled(page, STYLE_BOLD, text.bytes);
	buf_reset(&text);
	buf_add_text(&text, framework_title(app->framework));
	if (app->uses_flask_session) {
		buf_add_text(&text, " with Flask-Session");
		if (app->version) {
			buf_printf(&text, " %s, says ", app->version);
			text_add_path(&text, app->version_at, page->opts->utf8);
		} else {
			buf_add_text(&text,
				", of a version that no list of "
				"requirements states");
		}
	}
	fputc('\n', page->out);
	page_wrap(page, INDENT, INDENT, text.bytes);
	size_t at = 0;
	for (const char *note; (note = audit_version_note(app, &at));)
		page_wrap(page, INDENT, INDENT, note);
	fputc('\n', page->out);
}

static void put_production(const struct page *page, const struct audit_app *app)
{
	if (!audit_keeps_files(app))
		return;
	page_wrap(page, INDENT, INDENT, "In production use, instead of files,");
	for (size_t i = 0; i < audit_backend_count; i++) {
		const struct audit_backend *backend = &audit_backends[i];
		page_wrap(page, INDENT + 2, INDENT + 2, backend->title);
		for (size_t l = 0; backend->lines[l]; l++)
			page_line(page, INDENT + 6, backend->lines[l]);
	}
	fputc('\n', page->out);
}

static void put_app(const struct page *page, const struct audit_app *app)
{
	put_app_head(page, app);
	put_rows(page, app);
	for (size_t i = 0; i < app->store_count; i++)
		put_store(page, &app->stores[i]);
	put_production(page, app);
}

/* Summary */

struct totals {
	size_t by_severity[SEVERITY_CRITICAL + 1];
	size_t unknown;
};

static struct totals count_all(const struct audit *audit)
{
	struct totals totals = { 0 };
	for (size_t i = 0; i < audit->app_count; i++) {
		const struct audit_app *app = &audit->apps[i];
		for (size_t r = 0; r < app->row_count; r++)
			if (app->rows[r].rule)
				totals.by_severity[app->rows[r].severity]++;
			else if (!strcmp(risk_of(&app->rows[r]), "unknown"))
				totals.unknown++;
		for (size_t s = 0; s < app->store_count; s++)
			if (app->stores[s].severity >= 0)
				totals.by_severity[app->stores[s].severity]++;
	}
	return totals;
}

static void put_summary(const struct page *page, const struct audit *audit)
{
	static const char *const sources[] = {
		[AUDIT_WORKTREE] = "the work tree",
		[AUDIT_INDEX] = "the index",
		[AUDIT_REVISION] = "the revision",
	};
	struct totals totals = count_all(audit);
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_counted(&text, audit->app_count, "application");
	const char *before = ": ";
	for (int i = SEVERITY_CRITICAL; i >= SEVERITY_INFO; i--) {
		if (!totals.by_severity[i])
			continue;
		buf_printf(&text, "%s%zu %s", before, totals.by_severity[i],
			severity_name(i));
		before = ", ";
	}
	if (totals.unknown)
		buf_printf(&text, "%s%zu not known", before, totals.unknown);
	page_wrap(page, 0, 2, text.bytes);
	buf_reset(&text);
	buf_printf(&text, "Read in %s: ", sources[audit->source]);
	add_counted(&text, audit->files_read, "file");
	buf_add_text(&text, " that could hold settings");
	page_wrap(page, 0, 2, text.bytes);
	if (audit->app_count && page->opts->verbosity >= 0)
		page_wrap(page, 0, 2,
			"Sessions that were committed before stay in history: "
			"git hygiene scan --history");
}

static void put_skipped(const struct page *page, const struct audit *audit)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < audit->skipped.skipped_count; i++) {
		const struct skipped *skipped = &audit->skipped.skipped[i];
		buf_reset(&text);
		buf_printf(&text,
			"Not read (%s): ", skip_reason_name(skipped->reason));
		text_add_path(&text, skipped->path ? skipped->path : "",
			page->opts->utf8);
		page_wrap(page, 0, 2, text.bytes);
	}
}

int report_audit(FILE *out, const struct audit *audit,
	const struct report_opts *opts, struct err *err)
{
	struct page page;
	page_init(&page, out, opts);
	for (size_t i = 0; opts->verbosity >= 0 && i < audit->app_count; i++)
		put_app(&page, &audit->apps[i]);
	put_summary(&page, audit);
	put_skipped(&page, audit);
	return report_finish(out, err);
}
