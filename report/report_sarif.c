/*
 * SARIF 2.1.0 (OASIS, errata 01) as GitHub's code scanning takes it: one
 * result for each store, secret, setting and other path, not one for each file
 * or commit. docs/formats.md says what of it other readers use.
 */
#include "report/group_identity.h"
#include "report/group_words.h"
#include "report/host_rule.h"
#include "report/json_field.h"
#include "report/places.h"
#include "report/reporters.h"
#include "report/sarif_tool.h"

#include <string.h>

#define SCHEMA                                                        \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/" \
	"schemas/sarif-schema-2.1.0.json"

/* docs.github.com, "SARIF support for code scanning": a run with more is
 * refused; of the locations of a result 100 are kept. */
#define MAX_RESULTS 25000
#define MAX_RELATED 99

/** What all parts of the log need. */
struct sarif {
	struct json_writer json;
	const struct scan_result *result;
	const struct rule_table *rules;
	size_t result_count;
	size_t left_out; /* beyond MAX_RESULTS */
};

/* §3.11.5 doubles braces, which else name arguments; §3.11.6 escapes brackets,
 * which else make links. Paths of a repository are in it. */
static void put_message(struct json_writer *json, const char *text)
{
	CLEANUP(buf_clear) struct buf safe;
	buf_init(&safe, 0);
	for (; *text; text++) {
		if (strchr("[]\\", *text))
			buf_add_byte(&safe, '\\');
		if (strchr("{}", *text))
			buf_add_byte(&safe, (unsigned char)*text);
		buf_add_byte(&safe, (unsigned char)*text);
	}
	json_begin_object(json);
	put_text(json, "text", safe.bytes);
	json_end_object(json);
}

static void put_region(struct json_writer *json, const struct finding *finding)
{
	const struct region *region = &finding->region;
	const struct text_place *place = finding->text_place;
	json_key(json, "region");
	json_begin_object(json);
	/* GitHub wants a region also of a finding that is a whole file */
	put_count(
		json, "startLine", region->start_line ? region->start_line : 1);
	if (place || !region->start_line)
		put_count(json, "startColumn", place ? place->start_column : 1);
	put_count(json, "endLine", region->end_line ? region->end_line : 1);
	if (place || !region->start_line)
		put_count(json, "endColumn", place ? place->end_column : 1);
	json_end_object(json);
}

static void put_location(
	struct json_writer *json, const struct finding *finding)
{
	CLEANUP(buf_clear) struct buf uri;
	buf_init(&uri, 0);
	add_host_uri(&uri, finding);
	json_begin_object(json);
	json_key(json, "physicalLocation");
	json_begin_object(json);
	json_key(json, "artifactLocation");
	json_begin_object(json);
	put_text(json, "uri", uri.bytes);
	put_text(json, "uriBaseId", "%SRCROOT%");
	json_end_object(json);
	put_region(json, finding);
	json_end_object(json);
	json_end_object(json);
}

static void put_locations(struct json_writer *json, const struct group *group)
{
	const struct finding *spot = group_spot(group);
	json_key(json, "locations");
	json_begin_array(json);
	put_location(json, spot);
	json_end_array(json);
	if (group->member_count < 2)
		return;
	json_key(json, "relatedLocations");
	json_begin_array(json);
	size_t related = 0;
	for (size_t i = 0; i < group->member_count && related < MAX_RELATED;
		i++) {
		if (group->members[i] == spot)
			continue;
		put_location(json, group->members[i]);
		related++;
	}
	json_end_array(json);
}

/* Code scanning knows a result again by the first of them alone. The content of
 * a session file changes with every request, so what is about a whole file or
 * store is known by its name. DefectDojo takes a key with a slash only when it
 * ends in /v and a number. */
static void put_fingerprints(
	struct json_writer *json, const struct group *group)
{
	char identity[FINGERPRINT_HEX + 1];
	char hash[40];
	group_fingerprint(identity, group);
	const struct finding *spot = group_spot(group);
	const struct text_place *place = spot->text_place;
	bool by_line = group->kind != GROUP_STORE && place && *place->line_hash;
	snprintf(hash, sizeof(hash), "%.16s:1", identity);
	json_key(json, "partialFingerprints");
	json_begin_object(json);
	put_text(json, "primaryLocationLineHash",
		by_line ? place->line_hash : hash);
	put_text(json, "gitHygiene/v1", identity);
	json_end_object(json);
}

static void put_commit(struct json_writer *json, const char *key,
	const char *date_key, const struct commit_info *commit)
{
	if (!commit)
		return;
	put_text(json, key, commit->oid);
	put_date(json, date_key, commit->time);
}

static void put_properties(struct json_writer *json, const struct group *group)
{
	const struct finding *spot = group_spot(group);
	json_key(json, "properties");
	json_begin_object(json);
	put_text(json, "severity", severity_name(group->worst->severity));
	put_text(json, "confidence", confidence_name(group->worst->confidence));
	put_bits(json, "places", group->places, place_name);
	put_count(json, "files", group->files + group->companions);
	put_count(json, "tracked", group->tracked);
	put_count(json, "live", group->live);
	put_count(json, "expired", group->expired);
	if (*spot->blob)
		put_text(json, "blob", spot->blob);
	put_commit(json, "firstCommit", "firstDate", group->first);
	put_commit(json, "lastCommit", "lastDate", group->last);
	put_commit(json, "removedCommit", "removedDate", group->removed);
	put_count(json, "refs", group->refs_count);
	if (spot->excerpt)
		put_text(json, "excerpt", spot->excerpt);
	json_end_object(json);
}

/* §3.35: what a comment in the file says is "inSource". */
static void put_suppression(
	struct json_writer *json, const struct suppression *suppressed)
{
	bool in_source = suppressed->by == SUPPRESSED_COMMENT;
	json_key(json, "suppressions");
	json_begin_array(json);
	json_begin_object(json);
	put_text(json, "kind", in_source ? "inSource" : "external");
	put_text(json, "status", "accepted");
	put_text(json, "justification",
		suppressed->reason ? suppressed->reason
				   : suppressed_by_name(suppressed->by));
	json_end_object(json);
	json_end_array(json);
}

static void put_result(struct sarif *sarif, const struct group *group)
{
	if (sarif->result_count == MAX_RESULTS) {
		sarif->left_out++;
		return;
	}
	sarif->result_count++;
	struct json_writer *json = &sarif->json;
	const struct rule *rule = group->worst->rule;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	group_add_sentence(&text, group, sarif->result);
	json_begin_object(json);
	put_text(json, "ruleId", rule->id);
	put_count(json, "ruleIndex", rule_table_find(sarif->rules, rule));
	put_text(json, "level", sarif_level(group->worst->severity));
	json_key(json, "message");
	put_message(json, text.bytes);
	put_locations(json, group);
	put_fingerprints(json, group);
	if (!finding_counts(group->worst))
		put_suppression(json, &group->worst->suppressed);
	put_properties(json, group);
	json_end_object(json);
}

/* A store of which a part was accepted is known by the same identity: the
 * result of the other part stands for it. */
static void put_accepted(struct sarif *sarif, const struct group_list *list,
	const struct group_list *accepted)
{
	CLEANUP(identities_clear) struct identities open;
	identities_init(&open, list);
	for (size_t i = 0; i < accepted->count; i++) {
		char identity[FINGERPRINT_HEX + 1];
		group_fingerprint(identity, &accepted->groups[i]);
		if (!identities_have(&open, identity))
			put_result(sarif, &accepted->groups[i]);
	}
}

static void put_results(struct sarif *sarif, const struct group_list *list,
	const struct group_list *accepted)
{
	json_key(&sarif->json, "results");
	json_begin_array(&sarif->json);
	for (size_t i = 0; i < list->count; i++)
		put_result(sarif, &list->groups[i]);
	put_accepted(sarif, list, accepted);
	json_end_array(&sarif->json);
}

static void put_notification(
	struct json_writer *json, const char *level, const char *text)
{
	json_begin_object(json);
	put_text(json, "level", level);
	json_key(json, "message");
	put_message(json, text);
	json_end_object(json);
}

/* §3.20: what was not looked at, and results that did not fit. */
static void put_invocation(struct sarif *sarif)
{
	struct json_writer *json = &sarif->json;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	json_key(json, "invocations");
	json_begin_array(json);
	json_begin_object(json);
	put_bool(json, "executionSuccessful", sarif->result->complete);
	put_date(json, "endTimeUtc", sarif->result->now);
	json_key(json, "toolExecutionNotifications");
	json_begin_array(json);
	add_incomplete(&text, sarif->result);
	if (text.len)
		put_notification(json, "error", text.bytes);
	buf_reset(&text);
	if (sarif->left_out) {
		buf_printf(&text,
			"%zu results, none of them worse, are left out: a run "
			"holds at most %d. The jsonl report has them all.",
			sarif->left_out, MAX_RESULTS);
		put_notification(json, "warning", text.bytes);
	}
	json_end_array(json);
	json_end_object(json);
	json_end_array(json);
}

/* GitHub's category is all before the last slash: a scan of the index does not
 * close the alerts of one of history. */
static void put_automation(
	struct json_writer *json, const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf id;
	buf_init(&id, 0);
	buf_add_text(&id, "git-hygiene/");
	add_places(&id, result->sources, "-");
	buf_add_byte(&id, '/');
	json_key(json, "automationDetails");
	json_begin_object(json);
	put_text(json, "id", id.bytes);
	json_end_object(json);
}

static void put_run(struct sarif *sarif, const struct report_opts *opts)
{
	CLEANUP(group_list_clear) struct group_list list;
	CLEANUP(group_list_clear) struct group_list accepted;
	group_list_init(&list, sarif->result);
	group_list_init_accepted(&accepted, sarif->result);
	struct json_writer *json = &sarif->json;
	json_begin_object(json);
	sarif_put_tool(json, sarif->rules, opts);
	put_automation(json, sarif->result);
	put_text(json, "columnKind", "utf16CodeUnits");
	put_results(sarif, &list, &accepted);
	put_invocation(sarif);
	json_end_object(json);
}

static int write_sarif(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	CLEANUP(rule_table_clear) struct rule_table rules;
	rule_table_init(&rules, result);
	struct sarif sarif = { .result = result, .rules = &rules };
	struct json_writer *json = &sarif.json;
	json_init(json, out);
	json_begin_object(json);
	put_text(json, "$schema", SCHEMA);
	put_text(json, "version", "2.1.0");
	json_key(json, "runs");
	json_begin_array(json);
	put_run(&sarif, opts);
	json_end_array(json);
	json_end_object(json);
	fputc('\n', out);
	return report_finish(out, err);
}

const struct reporter reporter_sarif = {
	.name = "sarif",
	.summary = "SARIF 2.1.0, for GitHub code scanning and others",
	.needs_text_places = true,
	.write = write_sarif,
};
