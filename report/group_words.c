#include "report/group_words.h"

#include "report/hold_words.h"
#include "report/id_in_name.h"
#include "report/iso_date.h"
#include "report/page.h"
#include "report/text_escape.h"
#include "report/words.h"

const char *rule_title(const struct rule *rule)
{
	return rule->title && *rule->title ? rule->title : rule->id;
}

/* The work tree itself is "./". */
void group_add_label(struct buf *out, const struct group *group, bool utf8)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	if (add_message(out, group->worst))
		return;
	buf_add_text(&path, group->name);
	if (group->is_folder)
		buf_add_text(&path, *group->name ? "/" : "./");
	if (path.len)
		text_add_path(out, path.bytes, utf8);
	else if (*group->worst->blob)
		buf_printf(
			out, "blob %.*s", GROUP_OID_SHOWN, group->worst->blob);
	else
		buf_add_text(out, "message");
}

void group_add_public_label(struct buf *out, const struct group *group)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	if (group->kind == GROUP_STORE || !finding_names_id(group->worst) ||
		finding_object(group->worst) != OBJECT_IS_FILE) {
		group_add_label(out, group, true);
		return;
	}
	add_path_without_id(&path, group->name);
	text_add_path(out, path.bytes, true);
}

/* "all tracked now", in words for one file and for many. */
static void add_share(struct buf *out, size_t part, size_t all,
	const char *none_of_one, const char *one, const char *what)
{
	if (all == 1)
		buf_add_text(out, part ? one : none_of_one);
	else if (!part)
		buf_printf(out, "none %s", what);
	else if (part == all)
		buf_printf(out, "all %s", what);
	else {
		add_number(out, part);
		buf_printf(out, " %s", what);
	}
}

static void add_presence(struct buf *out, const struct group *group,
	const struct scan_result *result)
{
	size_t all = group->files + group->companions;
	bool aside = is_elsewhere_alone(group->places);
	/* a bare repository tracks nothing: its branches say what is there */
	if (*group->name && !aside && !result->bare)
		add_share(out, group->tracked, all, "not tracked now",
			"tracked now", "tracked now");
	if (result->sources & PLACE_HISTORY && !aside) {
		buf_add_text(out, out->len ? ", " : "");
		bool gone = !group->at_tip;
		add_share(out, group->in_history, all, "not in history",
			gone ? "still in history" : "in history",
			gone ? "still in history" : "in history");
	}
	add_other_places(out, group->places);
}

static void add_files(struct buf *out, const struct group *group)
{
	if (group->values) {
		add_counted(out, group->values, "value");
		buf_add_text(out, " in ");
	}
	add_counted(out, group->files,
		group->are_sessions ? "session file" : "file");
	if (group->versions > group->files) {
		buf_add_text(out, " (");
		add_counted(out, group->versions, "version");
		buf_add_text(out, ")");
	}
	if (group->entries > group->files) {
		buf_add_text(out, " with ");
		add_counted(out, group->entries,
			group->are_sessions ? "session" : "record");
	}
	if (group->companions) {
		buf_add_text(out, " and ");
		add_counted(out, group->companions, "companion file");
	}
}

void add_day(struct buf *out, int64_t time)
{
	char date[ISO_DATE_SIZE];
	iso_date(date, time);
	buf_add(out, date, ISO_DAY_LEN);
}

/* "212 still valid (last until 2026-12-20)"; of one file, no number. */
static void add_state(struct buf *out, const struct group *group, size_t count,
	const char *what)
{
	if (!count)
		return;
	if (out->len)
		buf_add_text(out, ", ");
	if (group->files > 1) {
		add_number(out, count);
		buf_add_text(out, " ");
	}
	buf_add_text(out, what);
}

/* The last day of the files that were counted under one state. */
static void add_last_day(struct buf *out, const struct group *group,
	size_t count, const char *until)
{
	if (!count || !group->has_expiry)
		return;
	buf_printf(out, " (%s%s ", count > 1 ? "last " : "", until);
	add_day(out, group->last_expiry);
	buf_add_text(out, ")");
}

void group_add_counts(struct buf *out, const struct group *group,
	const struct scan_result *result)
{
	if (finding_object(group->worst) != OBJECT_IS_FILE) {
		buf_add_text(out, "in ");
		add_counted(out, group->versions, "message");
		add_other_places(out, group->places & ~(unsigned)PLACE_MESSAGE);
		return;
	}
	if (group->kind == GROUP_STORE || group->files > 1 ||
		group->versions > 1 || group->values > 1) {
		add_files(out, group);
		buf_add_text(out, ": ");
	}
	CLEANUP(buf_clear) struct buf presence;
	buf_init(&presence, 0);
	add_presence(&presence, group, result);
	buf_add(out, presence.bytes, presence.len);
}

void group_add_states(struct buf *out, const struct group *group)
{
	add_state(out, group, group->live, "still valid");
	add_last_day(out, group, group->live, "until");
	add_state(out, group, group->expired, "expired");
	if (!group->live)
		add_last_day(out, group, group->expired, "on");
	add_state(out, group, group->never,
		group->never == 1 ? "never expires" : "never expire");
}

void group_add_holdings(struct buf *out, const struct group *group)
{
	for (size_t i = 0; i < HOLDS_COUNT; i++) {
		size_t count = group->holding[i];
		if (!count)
			continue;
		buf_printf(out, "%s%s",
			out->len ? ", " : "inside: ", words_of_holds(1U << i));
		if (count == group->decoded)
			continue;
		buf_add_text(out, " (in ");
		add_number(out, count);
		buf_add_text(out, ")");
	}
}

/* "added in 1a2b3c4d5e on 2024-01-02" */
static void add_commit(
	struct buf *out, const char *what, const struct commit_info *commit)
{
	if (!commit)
		return;
	buf_printf(out, "; %s in %.*s on ", what, GROUP_OID_SHOWN, commit->oid);
	add_day(out, commit->time);
}

void group_add_details(struct buf *out, const struct group *group,
	const struct scan_result *result)
{
	CLEANUP(buf_clear) struct buf part;
	buf_init(&part, 0);
	group_add_counts(out, group, result);
	group_add_states(&part, group);
	if (part.len)
		buf_printf(out, "; %s", part.bytes);
	buf_reset(&part);
	group_add_holdings(&part, group);
	if (part.len)
		buf_printf(out, "; %s", part.bytes);
	add_commit(out, "added", group->first);
	add_commit(out, "removed from the tree", group->removed);
}

void group_add_sentence(struct buf *out, const struct group *group,
	const struct scan_result *result)
{
	text_add_prose(out, rule_title(group->worst->rule));
	buf_add_text(out, ": ");
	group_add_public_label(out, group);
	buf_add_text(out, "; ");
	group_add_details(out, group, result);
}
