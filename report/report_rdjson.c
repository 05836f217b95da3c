/*
 * reviewdog's rdjson (proto/rdf/reviewdog.proto): one diagnostic for each
 * store, secret, setting and other path, and one for .gitignore that suggests
 * the lines which are missing there. Columns are bytes of UTF-8, ends
 * exclusive.
 */
#include "report/group_identity.h"
#include "report/group_words.h"
#include "report/host_rule.h"
#include "report/json_field.h"
#include "report/reporters.h"
#include "report/steps.h"

#include <string.h>

#define MAX_RELATED 20

static const char *severity_word(int severity)
{
	if (severity >= SEVERITY_HIGH)
		return "ERROR";
	return severity == SEVERITY_MEDIUM ? "WARNING" : "INFO";
}

static void put_position(
	struct json_writer *json, const char *key, size_t line, size_t column)
{
	json_key(json, key);
	json_begin_object(json);
	put_count(json, "line", line);
	put_count(json, "column", column);
	json_end_object(json);
}

static void put_location(
	struct json_writer *json, const struct finding *finding)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	add_host_path(&path, finding);
	const struct region *region = &finding->region;
	json_key(json, "location");
	json_begin_object(json);
	put_text(json, "path", path.bytes);
	if (region->start_line) {
		json_key(json, "range");
		json_begin_object(json);
		put_position(json, "start", region->start_line,
			region->start_column);
		put_position(
			json, "end", region->end_line, region->end_column + 1);
		json_end_object(json);
	}
	json_end_object(json);
}

static void put_related(struct json_writer *json, const struct group *group)
{
	const struct finding *spot = group_spot(group);
	if (group->kind != GROUP_SECRET || group->member_count < 2)
		return;
	json_key(json, "related_locations");
	json_begin_array(json);
	size_t related = 0;
	for (size_t i = 0; i < group->member_count && related < MAX_RELATED;
		i++) {
		if (group->members[i] == spot)
			continue;
		json_begin_object(json);
		put_text(json, "message", "the same secret");
		put_location(json, group->members[i]);
		json_end_object(json);
		related++;
	}
	json_end_array(json);
}

static void put_code(struct json_writer *json, const struct rule *rule)
{
	json_key(json, "code");
	json_begin_object(json);
	put_text(json, "value", rule->id);
	if (rule_url(rule))
		put_text(json, "url", rule_url(rule));
	json_end_object(json);
}

static void put_diagnostic(struct json_writer *json, const struct group *group,
	const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	group_add_sentence(&text, group, result);
	json_begin_object(json);
	put_text(json, "message", text.bytes);
	put_location(json, group_spot(group));
	put_text(json, "severity", severity_word(group->worst->severity));
	put_code(json, group->worst->rule);
	put_related(json, group);
	json_end_object(json);
}

/* The lines go in before the first: that place is there in every .gitignore. A
 * pattern is one line of safe UTF-8, whatever the path. */
static void put_gitignore(struct json_writer *json, const struct steps *steps)
{
	if (!steps->patterns.count)
		return;
	CLEANUP(buf_clear) struct buf lines;
	buf_init(&lines, 0);
	for (size_t i = 0; i < steps->patterns.count; i++)
		buf_printf(&lines, "%s\n", steps->patterns.items[i]);
	json_begin_object(json);
	put_text(json, "message",
		"git does not ignore what was found; these lines change that");
	json_key(json, "location");
	json_begin_object(json);
	put_text(json, "path", ".gitignore");
	json_key(json, "range");
	json_begin_object(json);
	put_position(json, "start", 1, 1);
	put_position(json, "end", 1, 1);
	json_end_object(json);
	json_end_object(json);
	put_text(json, "severity", "WARNING");
	json_key(json, "suggestions");
	json_begin_array(json);
	json_begin_object(json);
	json_key(json, "range");
	json_begin_object(json);
	put_position(json, "start", 1, 1);
	put_position(json, "end", 1, 1);
	json_end_object(json);
	put_text(json, "text", lines.bytes);
	json_end_object(json);
	json_end_array(json);
	json_end_object(json);
}

static int write_rdjson(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	(void)opts;
	CLEANUP(group_list_clear) struct group_list list;
	CLEANUP(steps_clear) struct steps steps;
	group_list_init(&list, result);
	steps_init(&steps, &list);
	struct json_writer json;
	json_init(&json, out);
	json_begin_object(&json);
	json_key(&json, "source");
	json_begin_object(&json);
	put_text(&json, "name", "git-hygiene");
	json_end_object(&json);
	json_key(&json, "diagnostics");
	json_begin_array(&json);
	for (size_t i = 0; i < list.count; i++)
		put_diagnostic(&json, &list.groups[i], result);
	put_gitignore(&json, &steps);
	json_end_array(&json);
	json_end_object(&json);
	fputc('\n', out);
	return report_finish(out, err);
}

const struct reporter reporter_rdjson = {
	.name = "rdjson",
	.summary = "reviewdog diagnostics, with lines for .gitignore",
	.write = write_rdjson,
};
