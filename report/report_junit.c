/*
 * JUnit XML, for CI servers that show tests (Jenkins' junit-10.xsd, GitLab): a
 * rule is a class, each store, secret, setting and other path of it a test that
 * fails, and a rule that found nothing a test that passes. What was accepted is
 * a test that was skipped.
 */
#include "base/alloc.h"
#include "report/group_identity.h"
#include "report/group_words.h"
#include "report/host_rule.h"
#include "report/iso_date.h"
#include "report/reporters.h"
#include "report/xml.h"
#include "rules/ruleset.h"

#include <string.h>

static void put_attribute(FILE *out, const char *name, const char *text)
{
	CLEANUP(buf_clear) struct buf safe;
	buf_init(&safe, 0);
	xml_add_text(&safe, text);
	fprintf(out, " %s=\"%s\"", name, safe.len ? safe.bytes : "");
}

/* The name of a test must differ from all others of its class: GitLab keeps the
 * first alone. */
static void put_testcase(FILE *out, const struct group *group)
{
	CLEANUP(buf_clear) struct buf name;
	buf_init(&name, 0);
	char identity[FINGERPRINT_HEX + 1];
	group_fingerprint(identity, group);
	group_add_public_label(&name, group);
	const struct finding *spot = group_spot(group);
	if (group->kind != GROUP_STORE && finding_line(spot))
		buf_printf(&name, ":%zu", finding_line(spot));
	buf_printf(&name, " [%.8s]", identity);
	fputs("<testcase", out);
	put_attribute(out, "classname", group->worst->rule->id);
	put_attribute(out, "name", name.bytes);
	fputs(">", out);
}

static void put_failure(
	FILE *out, const struct group *group, const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf text;
	CLEANUP(buf_clear) struct buf safe;
	buf_init(&text, 0);
	buf_init(&safe, 0);
	group_add_sentence(&text, group, result);
	put_testcase(out, group);
	fputs("<failure", out);
	put_attribute(out, "type", severity_name(group->worst->severity));
	put_attribute(out, "message", rule_title(group->worst->rule));
	xml_add_text(&safe, text.bytes);
	buf_add_byte(&safe, '\n');
	xml_add_text(&safe,
		group->worst->rule->advice ? group->worst->rule->advice : "");
	fprintf(out, ">%s</failure></testcase>\n", safe.bytes);
}

static void put_accepted(FILE *out, const struct group *group)
{
	const struct suppression *suppressed = &group->worst->suppressed;
	put_testcase(out, group);
	fputs("<skipped", out);
	put_attribute(out, "type", suppressed_by_name(suppressed->by));
	put_attribute(out, "message",
		suppressed->reason ? suppressed->reason : "accepted");
	fputs("/></testcase>\n", out);
}

/* Rules with findings, by index; both lists are sorted by id. */
static bool *mark_found(const struct scan_result *result, size_t *count)
{
	size_t rules = result->rules ? ruleset_count(result->rules) : 0;
	bool *found = xcalloc(rules, sizeof(*found));
	size_t at = 0;
	*count = 0;
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct rule *rule = result->findings[i].rule;
		while (at < rules &&
			strcmp(ruleset_get(result->rules, at)->id, rule->id) <
				0)
			at++;
		if (at < rules && ruleset_get(result->rules, at) == rule)
			found[at] = true;
	}
	for (size_t i = 0; i < rules; i++)
		*count += !found[i];
	return found;
}

static void put_clean_rules(
	FILE *out, const struct scan_result *result, const bool *found)
{
	size_t rules = result->rules ? ruleset_count(result->rules) : 0;
	for (size_t i = 0; i < rules; i++) {
		const struct rule *rule = ruleset_get(result->rules, i);
		if (found[i])
			continue;
		fputs("<testcase", out);
		put_attribute(out, "classname", rule->id);
		put_attribute(out, "name", rule_title(rule));
		fputs("/>\n", out);
	}
}

static void put_coverage(FILE *out, const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	fputs("<testcase classname=\"git-hygiene\" name=\"everything was "
	      "looked at\">",
		out);
	add_incomplete(&text, result);
	if (text.len) {
		fputs("<error type=\"incomplete\"", out);
		put_attribute(out, "message", text.bytes);
		fputs("/>", out);
	}
	fputs("</testcase>\n", out);
}

static void put_suite(FILE *out, const struct scan_result *result,
	const struct group_list *list, const struct group_list *accepted)
{
	size_t clean;
	CLEANUP(freep) bool *found = mark_found(result, &clean);
	char date[ISO_DATE_SIZE];
	iso_date(date, result->now);
	fprintf(out,
		"<testsuite name=\"git-hygiene\" tests=\"%zu\" "
		"failures=\"%zu\" errors=\"%d\" skipped=\"%zu\" "
		"timestamp=\"%s\">\n",
		list->count + accepted->count + clean + 1, list->count,
		result->complete ? 0 : 1, accepted->count, date);
	for (size_t i = 0; i < list->count; i++)
		put_failure(out, &list->groups[i], result);
	for (size_t i = 0; i < accepted->count; i++)
		put_accepted(out, &accepted->groups[i]);
	put_clean_rules(out, result, found);
	put_coverage(out, result);
	fputs("</testsuite>\n", out);
}

static int write_junit(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	(void)opts;
	CLEANUP(group_list_clear) struct group_list list;
	CLEANUP(group_list_clear) struct group_list accepted;
	group_list_init(&list, result);
	group_list_init_accepted(&accepted, result);
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n",
		out);
	put_suite(out, result, &list, &accepted);
	fputs("</testsuites>\n", out);
	return report_finish(out, err);
}

const struct reporter reporter_junit = {
	.name = "junit",
	.summary = "JUnit XML, for CI servers that show tests",
	.write = write_junit,
};
