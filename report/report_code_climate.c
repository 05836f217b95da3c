/*
 * Code Climate issues (docs.gitlab.com, "Code Quality"): what GitLab shows in
 * a merge request. An array, one issue for each store, secret, setting and
 * other path.
 */
#include "report/group_identity.h"
#include "report/group_words.h"
#include "report/json_field.h"
#include "report/reporters.h"

static const char *severity_word(int severity)
{
	static const char *const words[] = {
		[SEVERITY_INFO] = "info",
		[SEVERITY_LOW] = "minor",
		[SEVERITY_MEDIUM] = "major",
		[SEVERITY_HIGH] = "critical",
		[SEVERITY_CRITICAL] = "blocker",
	};
	return words[severity];
}

static void put_location(struct json_writer *json, const struct finding *spot)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	add_host_path(&path, spot);
	size_t line = spot->region.start_line;
	json_key(json, "location");
	json_begin_object(json);
	put_text(json, "path", path.bytes);
	json_key(json, "lines");
	json_begin_object(json);
	put_count(json, "begin", line ? line : 1);
	put_count(json, "end", line ? spot->region.end_line : 1);
	json_end_object(json);
	json_end_object(json);
}

static void put_issue(struct json_writer *json, const struct group *group,
	const struct scan_result *result)
{
	char identity[FINGERPRINT_HEX + 1];
	group_fingerprint(identity, group);
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	group_add_sentence(&text, group, result);
	json_begin_object(json);
	put_text(json, "type", "issue");
	put_text(json, "check_name", group->worst->rule->id);
	put_text(json, "description", text.bytes);
	json_key(json, "categories");
	json_begin_array(json);
	json_put_text(json, "Security");
	json_end_array(json);
	put_text(json, "severity", severity_word(group->worst->severity));
	put_text(json, "fingerprint", identity);
	put_location(json, group_spot(group));
	json_end_object(json);
}

static int write_code_climate(FILE *out, const struct scan_result *result,
	const struct report_opts *opts, struct err *err)
{
	(void)opts;
	CLEANUP(group_list_clear) struct group_list list;
	group_list_init(&list, result);
	struct json_writer json;
	json_init(&json, out);
	json_begin_array(&json);
	for (size_t i = 0; i < list.count; i++)
		put_issue(&json, &list.groups[i], result);
	json_end_array(&json);
	fputc('\n', out);
	return report_finish(out, err);
}

const struct reporter reporter_code_climate = {
	.name = "codeclimate",
	.summary = "Code Climate issues, for GitLab's Code Quality",
	.write = write_code_climate,
};
