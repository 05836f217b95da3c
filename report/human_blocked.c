#include "report/human_blocked.h"

#include "report/blocked_steps.h"
#include "report/page.h"
#include "report/store_group.h"
#include "report/text_escape.h"
#include "report/words.h"

#include <string.h>

#define INDENT     2
#define COMMAND    6
#define FEW_SKIPS  3
#define NAME_WIDTH 66
#define WHY_WIDTH  210 /* three lines */
#define OID_SHOWN  10

/** What is printed about. */
struct view {
	struct page page;
	const struct scan_result *result;
	const struct blocked_opts *opts;
	struct group_list list;
	size_t count; /* groups that block; they come first */
};

static const char *const things[] = {
	[BLOCKED_COMMIT] = "this commit",
	[BLOCKED_MESSAGE] = "this commit message",
	[BLOCKED_PUSH] = "this push",
	[BLOCKED_RECEIVE] = "this push",
};

static void put_head(const struct view *view)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text,
		"git-hygiene: %s is refused: ", things[view->opts->what]);
	if (view->count)
		add_counted(&text, view->count, "finding");
	else
		buf_add_text(&text, "not all of it could be looked at");
	page_styled(&view->page, STYLE_RED, text.bytes);
	fputc('\n', view->page.out);
}

/** "backend/flask_session/ (12 files)", "config.py:12". */
static void add_place(
	const struct view *view, struct buf *out, const struct group *group)
{
	const struct finding *worst = group->worst;
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	bool folder =
		group->kind == GROUP_STORE && group->is_folder && *group->name;
	buf_printf(&path, "%s%s", folder ? group->name : finding_name(worst),
		folder ? "/" : "");
	CLEANUP(buf_clear) struct buf shown;
	buf_init(&shown, 0);
	bool message = add_message(&shown, worst);
	if (!message)
		text_add_path(&shown, path.bytes, view->page.opts->utf8);
	text_shorten(&shown, NAME_WIDTH, view->page.opts->utf8);
	buf_printf(out, "%s%s", message ? "the " : "", shown.bytes);
	if (finding_line(worst) &&
		(!message || view->opts->what == BLOCKED_MESSAGE))
		buf_printf(out, ":%zu", finding_line(worst));
	if (group->member_count > 1) {
		buf_add_text(out, " (");
		add_counted(
			out, group->member_count, folder ? "file" : "place");
		buf_add_text(out, ")");
	}
}

/** The title is cut where the line is too long, not what stands behind it. */
static void put_title(const struct view *view, const struct group *group)
{
	const struct finding *worst = group->worst;
	const struct commit_info *first = worst->exposure.first;
	CLEANUP(buf_clear) struct buf tail;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&tail, 0);
	buf_init(&text, 0);
	buf_printf(&tail, ", %s (%s)", severity_name(worst->severity),
		worst->rule->id);
	if (view->opts->what != BLOCKED_COMMIT && first &&
		finding_object(worst) == OBJECT_IS_FILE)
		buf_printf(&tail, ", commit %.*s", OID_SHOWN, first->oid);
	text_add(&text, worst->rule->title, view->page.opts->utf8);
	size_t room = view->page.width - COMMAND;
	size_t used = tail.len < room / 2 ? tail.len : room / 2;
	text_shorten(&text, room - used, view->page.opts->utf8);
	buf_add(&text, tail.bytes, tail.len);
	text_shorten(&text, room, view->page.opts->utf8);
	page_line(&view->page, COMMAND, text.bytes);
}

static void put_group(const struct view *view, const struct group *group)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_place(view, &text, group);
	page_line(&view->page, INDENT, text.bytes);
	put_title(view, group);
}

static void put_why(const struct view *view, const char *why)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	text_add(&text, why ? why : "", view->page.opts->utf8);
	text_shorten(&text, WHY_WIDTH, view->page.opts->utf8);
	if (text.len)
		page_wrap(&view->page, COMMAND, COMMAND, text.bytes);
}

static void put_groups(const struct view *view)
{
	size_t shown = view->count < BLOCKED_FEW_GROUPS ? view->count
							: BLOCKED_FEW_GROUPS;
	for (size_t i = 0; i < shown; i++) {
		put_group(view, &view->list.groups[i]);
		if (!i) /* the worst; all of them would fill the screen */
			put_why(view, view->list.groups[i].worst->rule->why);
	}
	if (view->count == shown)
		return;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "... and %zu more", view->count - shown);
	page_line(&view->page, INDENT, text.bytes);
}

static void put_skip(const struct view *view, const struct skipped *skipped)
{
	bool utf8 = view->page.opts->utf8;
	CLEANUP(buf_clear) struct buf name;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&name, 0);
	buf_init(&text, 0);
	if (skipped->path && *skipped->path)
		text_add_path(&name, skipped->path, utf8);
	else
		buf_printf(&name, "%.*s", OID_SHOWN, skipped->object);
	text_shorten(&name, NAME_WIDTH, utf8);
	buf_printf(&text, "%s: ", skip_reason_name(skipped->reason));
	buf_add(&text, name.bytes, name.len);
	if (skipped->detail) {
		buf_add_byte(&text, ' ');
		text_add(&text, skipped->detail, utf8);
	}
	page_wrap(&view->page, INDENT, COMMAND, text.bytes);
}

static void put_skipped(const struct view *view)
{
	size_t shown = 0;
	for (size_t i = 0; i < view->result->skipped_count; i++) {
		const struct skipped *skipped = &view->result->skipped[i];
		if (skip_is_incomplete(skipped->reason) && shown++ < FEW_SKIPS)
			put_skip(view, skipped);
	}
	if (shown > FEW_SKIPS)
		page_line(&view->page, INDENT, "...");
}

void human_blocked(FILE *out, const struct scan_result *result,
	const struct blocked_opts *blocked, const struct report_opts *opts)
{
	struct view view = { .result = result, .opts = blocked };
	page_init(&view.page, out, opts);
	group_list_init(&view.list, result);
	while (view.count < view.list.count &&
		view.list.groups[view.count].worst->severity >= blocked->least)
		view.count++;
	put_head(&view);
	put_groups(&view);
	if (!view.count)
		put_skipped(&view);
	blocked_steps(&view.page, blocked, view.list.groups, view.count);
	group_list_clear(&view.list);
}
