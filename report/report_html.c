/*
 * One HTML file for people: what is exposed, since when, and what to do. It
 * fetches nothing and needs nothing but itself; its policy (CSP level 3) allows
 * its own style and script alone, by their hashes. What comes from a repository
 * is escaped text, or data in a script element that no browser runs. Without
 * scripts totals, steps and coverage are still there.
 */
#include "report/base64.h"
#include "report/host_rule.h"
#include "report/html_assets.h"
#include "report/html_data.h"
#include "report/iso_date.h"
#include "report/page.h"
#include "report/reporters.h"
#include "report/steps.h"
#include "report/xml.h"
#include "scanner/fingerprint.h"

#include <string.h>

#define MAX_SKIPPED 200

static void put_escaped(FILE *out, const char *text)
{
	CLEANUP(buf_clear) struct buf safe;
	buf_init(&safe, 0);
	xml_add_text(&safe, text);
	fputs(safe.len ? safe.bytes : "", out);
}

/* CSP 3 §2.3.1, "hash-source" */
static void put_hash(FILE *out, const unsigned char *text, size_t len)
{
	unsigned char digest[DIGEST_SIZE];
	CLEANUP(buf_clear) struct buf base64;
	buf_init(&base64, 0);
	byte_digest(digest, text, len);
	add_base64(&base64, digest, sizeof(digest));
	fprintf(out, "'sha256-%s'", base64.bytes);
}

static void put_head(FILE *out, const struct scan_result *result)
{
	fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\">\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\""
	      "default-src 'none'; base-uri 'none'; form-action 'none'; "
	      "script-src ",
		out);
	put_hash(out, html_script, html_script_size - 1);
	fputs("; style-src ", out);
	put_hash(out, html_style, html_style_size - 1);
	fputs("\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
	      "<meta name=\"referrer\" content=\"no-referrer\">\n"
	      "<title>",
		out);
	put_escaped(out, result->repository);
	fputs(": session data and secrets</title>\n<style>", out);
	fwrite(html_style, 1, html_style_size - 1, out);
	fputs("</style>\n</head>\n", out);
}

static void put_total(
	FILE *out, const char *class, size_t count, const char *words)
{
	CLEANUP(buf_clear) struct buf number;
	buf_init(&number, 0);
	add_number(&number, count);
	fprintf(out, "<li class=\"%s\"><b>%s</b> %s</li>\n", class,
		number.bytes, words);
}

static void put_totals(FILE *out, const struct group_list *list)
{
	size_t severities[SEVERITY_CRITICAL + 1] = { 0 };
	size_t tip = 0;
	size_t history = 0;
	size_t live = 0;
	for (size_t i = 0; i < list->count; i++) {
		const struct group *group = &list->groups[i];
		severities[group->worst->severity]++;
		tip += group->at_tip || group->tracked;
		history += group->in_history && !group->at_tip;
		live += group->live + group->never;
	}
	fputs("<ul class=\"totals\">\n", out);
	for (int i = SEVERITY_CRITICAL; i >= SEVERITY_INFO; i--)
		if (severities[i])
			put_total(out, severity_name(i), severities[i],
				severity_name(i));
	put_total(out, "tip", tip, "in the tree now");
	put_total(out, "past", history, "deleted, still in history");
	put_total(out, "live", live, "files still valid");
	fputs("</ul>\n", out);
}

static void put_verdict(FILE *out, const struct scan_result *result,
	const struct group_list *list)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_incomplete(&text, result);
	if (text.len) {
		fputs("<p class=\"warning\"><b>Incomplete.</b> ", out);
		put_escaped(out, text.bytes);
		fputs(".</p>\n", out);
	}
	if (!list->count)
		fputs(result->complete
				? "<p>Nothing found.</p>\n"
				: "<p>Nothing found, but this is no clean "
				  "bill.</p>\n",
			out);
}

static void put_header(FILE *out, const struct scan_result *result,
	const struct group_list *list, const struct report_opts *opts)
{
	char date[ISO_DATE_SIZE];
	iso_date(date, result->now);
	fputs("<body>\n<a class=\"skip\" href=\"#findings\">Skip to the "
	      "findings</a>\n<header>\n<h1>Session data and secrets in ",
		out);
	put_escaped(out, result->repository);
	fprintf(out,
		"</h1>\n<p class=\"dim\">git-hygiene %s, as of "
		"<time>%.*s</time>. Secrets are left out.</p>\n",
		opts->version, ISO_DAY_LEN, date);
	put_verdict(out, result, list);
	if (list->count)
		put_totals(out, list);
	fputs("</header>\n", out);
}

static void put_step(FILE *out, const struct step *step)
{
	fputs("<li>", out);
	put_escaped(out, step->title);
	if (step->notes.count)
		fputs("<ul>\n", out);
	for (size_t i = 0; i < step->notes.count; i++) {
		fputs("<li>", out);
		put_escaped(out, step->notes.items[i]);
		fputs("</li>\n", out);
	}
	if (step->notes.count)
		fputs("</ul>\n", out);
	for (size_t i = 0; step->commands && step->commands[i]; i++)
		fprintf(out,
			"<div class=\"command\"><pre>%s</pre><button "
			"type=\"button\" class=\"copy\" aria-label=\"Copy the "
			"command %s\">Copy</button></div>\n",
			step->commands[i], step->commands[i]);
	fputs("</li>\n", out);
}

static void put_steps(FILE *out, const struct group_list *list)
{
	CLEANUP(steps_clear) struct steps steps;
	steps_init(&steps, list);
	if (!steps.count)
		return;
	fputs("<section aria-labelledby=\"steps\">\n"
	      "<h2 id=\"steps\">Next steps</h2>\n<ol>\n",
		out);
	for (size_t i = 0; i < steps.count; i++)
		put_step(out, &steps.items[i]);
	fputs("</ol>\n</section>\n", out);
}

static void put_skipped(FILE *out, const struct scan_result *result)
{
	if (!result->skipped_count)
		return;
	fputs("<details><summary>Not looked at</summary>\n<ul>\n", out);
	for (size_t i = 0; i < result->skipped_count && i < MAX_SKIPPED; i++) {
		const struct skipped *skipped = &result->skipped[i];
		fprintf(out, "<li>%s: <code>",
			skip_reason_name(skipped->reason));
		put_escaped(out,
			skipped->path && *skipped->path ? skipped->path
							: skipped->object);
		fputs("</code> ", out);
		put_escaped(out, skipped->detail ? skipped->detail : "");
		fputs("</li>\n", out);
	}
	if (result->skipped_count > MAX_SKIPPED)
		fprintf(out, "<li>and %zu more, in the jsonl report</li>\n",
			result->skipped_count - MAX_SKIPPED);
	fputs("</ul></details>\n", out);
}

static void put_coverage(FILE *out, const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_looked_at(&text, result);
	fputs("<section aria-labelledby=\"coverage\">\n"
	      "<h2 id=\"coverage\">What was looked at</h2>\n<p>",
		out);
	put_escaped(out, text.bytes);
	fputs(".</p>\n", out);
	buf_reset(&text);
	add_left_out(&text, result);
	if (text.len)
		fprintf(out, "<p>Findings left out: %s.</p>\n", text.bytes);
	put_skipped(out, result);
	fprintf(out,
		"<p class=\"dim\">Rules <code>%.16s</code>, refs "
		"<code>%.16s</code>.</p>\n</section>\n</main>\n",
		result->rules_digest, result->tips_digest);
}

static int write_html(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	CLEANUP(group_list_clear) struct group_list list;
	group_list_init(&list, result);
	put_head(out, result);
	put_header(out, result, &list, opts);
	fwrite(html_findings, 1, html_findings_size - 1, out);
	put_steps(out, &list);
	put_coverage(out, result);
	fputs("<script type=\"application/json\" id=\"data\">", out);
	html_put_data(out, &list, result);
	fputs("</script>\n<script>", out);
	fwrite(html_script, 1, html_script_size - 1, out);
	fputs("</script>\n</body>\n</html>\n", out);
	return report_finish(out, err);
}

const struct reporter reporter_html = {
	.name = "html",
	.summary = "one page for a browser, with timeline and filters",
	.write = write_html,
};
