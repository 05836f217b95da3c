#include "report/html_data.h"

#include "report/group_identity.h"
#include "report/group_words.h"
#include "report/host_rule.h"
#include "report/human_links.h"
#include "report/id_in_name.h"
#include "report/json_field.h"
#include "report/places.h"
#include "report/text_escape.h"
#include "report/words.h"

#include <string.h>

#define MAX_MEMBERS 500 /* of a group; the jsonl report has all */
#define MAX_LINKS   20

static void put_safe(
	struct json_writer *json, const char *key, const char *text)
{
	CLEANUP(buf_clear) struct buf safe;
	buf_init(&safe, 0);
	text_add_prose(&safe, text ? text : "");
	put_text(json, key, safe.len ? safe.bytes : "");
}

static void put_commit(struct json_writer *json, const char *key,
	const struct commit_info *commit)
{
	json_key(json, key);
	if (!commit) {
		json_put_null(json);
		return;
	}
	json_begin_object(json);
	put_text(json, "oid", commit->oid);
	json_key(json, "time");
	json_put_int(json, commit->time);
	put_safe(json, "author", commit->author);
	json_end_object(json);
}

/* "tracked now, valid until 2026-12-23" */
static void put_words(struct json_writer *json, const struct finding *finding)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (finding->tracked)
		buf_add_text(&text, "tracked now");
	else if (finding->at_tip)
		buf_add_text(&text, "in the tree");
	else if (finding->places == PLACE_HISTORY)
		buf_add_text(&text, "in history alone");
	else
		add_places(&text, finding->places, ", ");
	const struct evidence *evidence = finding->evidence;
	if (evidence && strcmp(finding->state, "unknown") != 0)
		buf_printf(&text, ", %s", finding->state);
	if (evidence && evidence->expiry == EXPIRY_AT) {
		buf_printf(&text, ", expiry ");
		add_day(&text, evidence->expires_at);
	}
	put_text(json, "words", text.bytes);
}

static void add_public_place(struct buf *out, const struct finding *finding)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	if (add_message(out, finding))
		return;
	if (finding_names_id(finding))
		add_path_without_id(&path, finding_name(finding));
	else
		buf_add_text(&path, finding_name(finding));
	if (path.len)
		text_add_path(out, path.bytes, true);
	else
		buf_printf(out, "blob %.*s", GROUP_OID_SHOWN, finding->blob);
}

static void put_member(struct json_writer *json, const struct finding *member)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	add_public_place(&path, member);
	if (finding_line(member))
		buf_printf(&path, ":%zu", finding_line(member));
	json_begin_object(json);
	put_text(json, "path", path.bytes);
	put_words(json, member);
	json_end_object(json);
}

static void put_members(struct json_writer *json, const struct group *group)
{
	put_count(json, "member_count", group->member_count);
	json_key(json, "members");
	json_begin_array(json);
	for (size_t i = 0; i < group->member_count && i < MAX_MEMBERS; i++)
		put_member(json, group->members[i]);
	json_end_array(json);
}

static void put_links(struct json_writer *json, const struct group *group)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	const struct finding *member = most_linked(group);
	json_key(json, "links");
	json_begin_array(json);
	for (size_t i = 0; i < member->link_count && i < MAX_LINKS; i++) {
		buf_reset(&text);
		add_link(&text, &member->links[i], true);
		json_put_text(json, text.bytes);
	}
	json_end_array(json);
}

static void put_texts(struct json_writer *json, const struct group *group,
	const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	group_add_public_label(&text, group);
	const struct finding *spot = group_spot(group);
	if (group->kind != GROUP_STORE && finding_line(spot))
		buf_printf(&text, ":%zu", finding_line(spot));
	put_text(json, "label", text.bytes);
	buf_reset(&text);
	group_add_counts(&text, group, result);
	put_text(json, "counts", text.bytes);
	buf_reset(&text);
	group_add_states(&text, group);
	put_text(json, "state", text.len ? text.bytes : "");
	buf_reset(&text);
	group_add_holdings(&text, group);
	put_text(json, "holds", text.len ? text.bytes : "");
	put_safe(json, "excerpt", spot->excerpt);
}

static void put_group(struct json_writer *json, const struct group *group,
	const struct scan_result *result)
{
	static const char *const kinds[] = {
		[GROUP_STORE] = "store",
		[GROUP_SECRET] = "secret",
		[GROUP_PATH] = "path",
	};
	json_begin_object(json);
	put_text(json, "kind", kinds[group->kind]);
	put_text(json, "severity", severity_name(group->worst->severity));
	put_text(json, "rule", group->worst->rule->id);
	put_texts(json, group, result);
	put_links(json, group);
	put_bits(json, "places", group->places, place_name);
	put_bool(json, "tip", group->at_tip);
	put_bool(json, "tracked", group->tracked);
	put_bool(json, "history", group->in_history);
	put_bool(json, "live", group->live || group->never);
	put_bool(json, "expired", group->expired);
	put_commit(json, "first", group->first);
	put_commit(json, "removed", group->removed);
	put_members(json, group);
	json_end_object(json);
}

static void put_rules(
	struct json_writer *json, const struct scan_result *result)
{
	CLEANUP(rule_table_clear) struct rule_table rules;
	rule_table_init(&rules, result);
	json_key(json, "rules");
	json_begin_object(json);
	for (size_t i = 0; i < rules.count; i++) {
		const struct rule *rule = rules.items[i];
		json_key(json, rule->id);
		json_begin_object(json);
		put_safe(json, "title", rule_title(rule));
		put_safe(json, "why", rule->why);
		put_safe(json, "advice", rule->advice);
		json_end_object(json);
	}
	json_end_object(json);
}

void html_put_data(FILE *out, const struct group_list *list,
	const struct scan_result *result)
{
	struct json_writer json;
	json_init(&json, out);
	json.for_html = true;
	json_begin_object(&json);
	json_key(&json, "now");
	json_put_int(&json, result->now);
	put_rules(&json, result);
	json_key(&json, "groups");
	json_begin_array(&json);
	for (size_t i = 0; i < list->count; i++) {
		fputc('\n', out);
		put_group(&json, &list->groups[i], result);
	}
	json_end_array(&json);
	json_end_object(&json);
}
