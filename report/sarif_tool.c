#include "report/sarif_tool.h"

#include "report/group_words.h"
#include "report/json_field.h"

/* docs.github.com, "SARIF support for code scanning", of descriptions */
#define MAX_TEXT 1024

/* A multiformatMessageString (§3.12) of at most MAX_TEXT bytes. */
static void put_string(
	struct json_writer *json, const char *key, const char *text)
{
	CLEANUP(buf_clear) struct buf cut;
	buf_init(&cut, 0);
	add_cut(&cut, text, MAX_TEXT);
	json_key(json, key);
	json_begin_object(json);
	put_text(json, "text", cut.bytes);
	json_end_object(json);
}

const char *sarif_level(int severity)
{
	if (severity >= SEVERITY_HIGH)
		return "error";
	return severity == SEVERITY_MEDIUM ? "warning" : "note";
}

/* The property bag that GitHub documents for rules. */
static void put_properties(struct json_writer *json, const struct rule *rule)
{
	json_key(json, "properties");
	json_begin_object(json);
	put_text(json, "precision", rule_precision(rule->confidence));
	put_text(json, "security-severity", severity_score(rule->severity));
	json_key(json, "tags");
	json_begin_array(json);
	json_put_text(json, "security");
	for (size_t i = 0; i < RULE_MAX_CWES && rule_cwe(rule, i); i++) {
		char tag[40];
		snprintf(tag, sizeof(tag), "external/cwe/cwe-%.8s",
			rule_cwe(rule, i));
		json_put_text(json, tag);
	}
	json_end_array(json);
	json_end_object(json);
}

/* §3.49 */
static void put_rule(struct json_writer *json, const struct rule *rule)
{
	CLEANUP(buf_clear) struct buf help;
	buf_init(&help, 0);
	add_rule_help(&help, rule);
	json_begin_object(json);
	put_text(json, "id", rule->id);
	put_string(json, "shortDescription", rule_title(rule));
	put_string(json, "fullDescription",
		rule->why && *rule->why ? rule->why : rule_title(rule));
	if (rule_url(rule))
		put_text(json, "helpUri", rule_url(rule));
	json_key(json, "help");
	json_begin_object(json);
	put_text(json, "text", help.bytes);
	json_end_object(json);
	json_key(json, "defaultConfiguration");
	json_begin_object(json);
	put_text(json, "level", sarif_level(rule->severity));
	json_end_object(json);
	put_properties(json, rule);
	json_end_object(json);
}

void sarif_put_tool(struct json_writer *json, const struct rule_table *rules,
	const struct report_opts *opts)
{
	json_key(json, "tool");
	json_begin_object(json);
	json_key(json, "driver");
	json_begin_object(json);
	put_text(json, "name", "git-hygiene");
	put_text(json, "version", opts->version);
	put_text(json, "semanticVersion", opts->version);
	json_key(json, "rules");
	json_begin_array(json);
	for (size_t i = 0; i < rules->count; i++)
		put_rule(json, rules->items[i]);
	json_end_array(json);
	json_end_object(json);
	json_end_object(json);
}
