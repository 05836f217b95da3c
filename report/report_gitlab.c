/*
 * GitLab's secret detection report, schema 15.0.7: a report of a newer minor
 * version than the server knows is not taken. One vulnerability for each store,
 * secret, setting and other path. Of the raw source, which GitLab defines as
 * not redacted, there is nothing.
 */
#include "report/group_identity.h"
#include "report/group_words.h"
#include "report/host_rule.h"
#include "report/json_field.h"
#include "report/markdown.h"
#include "report/reporters.h"

#include <string.h>

#define SCHEMA_VERSION "15.0.7"
#define MAX_NAME       255
#define MAX_SOLUTION   7000

/* What GitLab's own analyzer writes for a secret in no commit. */
#define NO_COMMIT "0000000"
#define NO_DATE   "0001-01-01T00:00:00Z"

static const char *severity_word(int severity)
{
	static const char *const words[] = {
		[SEVERITY_INFO] = "Info",
		[SEVERITY_LOW] = "Low",
		[SEVERITY_MEDIUM] = "Medium",
		[SEVERITY_HIGH] = "High",
		[SEVERITY_CRITICAL] = "Critical",
	};
	return words[severity];
}

static void put_cut(struct json_writer *json, const char *key, const char *text,
	size_t most)
{
	CLEANUP(buf_clear) struct buf cut;
	buf_init(&cut, 0);
	add_cut(&cut, text, most);
	put_text(json, key, cut.bytes);
}

/* Without a Z: the schema's pattern has none. */
static void put_time(struct json_writer *json, const char *key, int64_t time)
{
	char text[ISO_DATE_SIZE];
	iso_date(text, time);
	text[strlen(text) - 1] = '\0';
	put_text(json, key, text);
}

static void put_maker(struct json_writer *json, const char *key,
	const struct report_opts *opts)
{
	json_key(json, key);
	json_begin_object(json);
	put_text(json, "id", "git-hygiene");
	put_text(json, "name", "git-hygiene");
	put_text(json, "version", opts->version);
	json_key(json, "vendor");
	json_begin_object(json);
	put_text(json, "name", "git-hygiene");
	json_end_object(json);
	json_end_object(json);
}

static void put_messages(
	struct json_writer *json, const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_incomplete(&text, result);
	if (!text.len)
		return;
	json_key(json, "messages");
	json_begin_array(json);
	json_begin_object(json);
	put_text(json, "level", "warn");
	put_text(json, "value", text.bytes);
	json_end_object(json);
	json_end_array(json);
}

static void put_scan(struct json_writer *json, const struct scan_result *result,
	const struct report_opts *opts)
{
	json_key(json, "scan");
	json_begin_object(json);
	put_maker(json, "analyzer", opts);
	put_maker(json, "scanner", opts);
	put_text(json, "type", "secret_detection");
	put_time(json, "start_time", result->now);
	put_time(json, "end_time", result->now);
	put_text(json, "status", "success");
	put_messages(json, result);
	json_end_object(json);
}

static void put_identifier(struct json_writer *json, const char *type,
	const char *name, const char *value, const char *url)
{
	json_begin_object(json);
	put_text(json, "type", type);
	put_text(json, "name", name);
	put_text(json, "value", value);
	if (url)
		put_text(json, "url", url);
	json_end_object(json);
}

static void put_identifiers(struct json_writer *json, const struct rule *rule)
{
	CLEANUP(buf_clear) struct buf name;
	CLEANUP(buf_clear) struct buf url;
	buf_init(&name, 0);
	buf_init(&url, 0);
	buf_printf(&name, "git-hygiene rule %s", rule->id);
	json_key(json, "identifiers");
	json_begin_array(json);
	put_identifier(json, "git_hygiene_rule_id", name.bytes, rule->id,
		rule_url(rule));
	for (size_t i = 0; i < RULE_MAX_CWES && rule_cwe(rule, i); i++) {
		const char *cwe = rule_cwe(rule, i);
		buf_reset(&name);
		buf_reset(&url);
		buf_printf(&name, "CWE-%s", cwe);
		buf_printf(&url,
			"https://cwe.mitre.org/data/definitions/%s.html", cwe);
		put_identifier(json, "cwe", name.bytes, cwe, url.bytes);
	}
	json_end_array(json);
}

static void put_links(struct json_writer *json, const struct rule *rule)
{
	json_key(json, "links");
	json_begin_array(json);
	if (rule_url(rule)) {
		json_begin_object(json);
		put_text(json, "url", rule_url(rule));
		json_end_object(json);
	}
	json_end_array(json);
}

static void put_place(struct json_writer *json, const struct finding *spot)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	add_host_path(&path, spot);
	size_t start = spot->region.start_line;
	size_t end = spot->region.end_line;
	put_text(json, "file", path.bytes);
	put_count(json, "start_line", start ? start : 1);
	put_count(json, "end_line", end ? end : 1);
}

static void put_location(struct json_writer *json, const struct finding *spot)
{
	const struct commit_info *commit = spot->exposure.first;
	json_key(json, "location");
	json_begin_object(json);
	put_place(json, spot);
	json_key(json, "commit");
	json_begin_object(json);
	put_text(json, "sha", commit ? commit->oid : NO_COMMIT);
	if (commit && commit->author)
		put_text(json, "author", commit->author);
	if (commit)
		put_date(json, "date", commit->time);
	else
		put_text(json, "date", NO_DATE);
	json_end_object(json);
	json_end_object(json);
}

static void put_tracking(struct json_writer *json, const struct finding *spot,
	const char *identity)
{
	json_key(json, "tracking");
	json_begin_object(json);
	put_text(json, "type", "source");
	json_key(json, "items");
	json_begin_array(json);
	json_begin_object(json);
	put_place(json, spot);
	json_key(json, "signatures");
	json_begin_array(json);
	json_begin_object(json);
	put_text(json, "algorithm", "hash");
	put_text(json, "value", identity);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
}

/* GitLab shows it as Markdown. */
static void put_description(struct json_writer *json, const struct group *group,
	const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf text;
	CLEANUP(buf_clear) struct buf label;
	buf_init(&text, 0);
	buf_init(&label, 0);
	group_add_public_label(&label, group);
	markdown_add_code(&text, label.bytes);
	buf_add_text(&text, ": ");
	group_add_details(&text, group, result);
	if (group->worst->rule->why) {
		buf_add_text(&text, ". ");
		markdown_add_text(&text, group->worst->rule->why);
	}
	put_text(json, "description", text.bytes);
}

static void put_vulnerability(struct json_writer *json,
	const struct group *group, const struct scan_result *result)
{
	const struct rule *rule = group->worst->rule;
	const struct finding *spot = group_spot(group);
	char identity[FINGERPRINT_HEX + 1];
	char uuid[FINGERPRINT_HEX + 5];
	group_fingerprint(identity, group);
	snprintf(uuid, sizeof(uuid), "%.8s-%.4s-%.4s-%.4s-%.12s", identity,
		identity + 8, identity + 12, identity + 16, identity + 20);
	json_begin_object(json);
	put_text(json, "id", uuid);
	put_cut(json, "name", rule_title(rule), MAX_NAME);
	put_description(json, group, result);
	put_text(json, "severity", severity_word(group->worst->severity));
	if (rule->advice)
		put_cut(json, "solution", rule->advice, MAX_SOLUTION);
	put_identifiers(json, rule);
	put_links(json, rule);
	put_location(json, spot);
	put_tracking(json, spot, identity);
	json_end_object(json);
}

static int write_gitlab(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	CLEANUP(group_list_clear) struct group_list list;
	group_list_init(&list, result);
	struct json_writer json;
	json_init(&json, out);
	json_begin_object(&json);
	put_text(&json, "version", SCHEMA_VERSION);
	put_scan(&json, result, opts);
	json_key(&json, "vulnerabilities");
	json_begin_array(&json);
	for (size_t i = 0; i < list.count; i++)
		put_vulnerability(&json, &list.groups[i], result);
	json_end_array(&json);
	json_end_object(&json);
	fputc('\n', out);
	return report_finish(out, err);
}

const struct reporter reporter_gitlab = {
	.name = "gitlab",
	.summary = "GitLab secret detection, gl-secret-detection-report.json",
	.write = write_gitlab,
};
