#include "report/human_blocked.h"

#include "report/page.h"
#include "report/store_group.h"
#include "report/text_escape.h"
#include "scanner/ignore_pattern.h"

#include <string.h>

#define INDENT     2
#define COMMAND    6
#define FEW_GROUPS 3
#define FEW_SKIPS  3
#define NAME_WIDTH 66
#define WHY_WIDTH  210 /* three lines */
#define OID_SHOWN  10

/** What is printed about. */
struct view {
	struct page page;
	const struct scan_result *result;
	enum blocked blocked;
	int least;
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
	buf_printf(
		&text, "git-hygiene: %s is refused: ", things[view->blocked]);
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
	buf_printf(&path, "%s%s", folder ? group->name : worst->path,
		folder ? "/" : "");
	size_t start = out->len;
	if (view->blocked == BLOCKED_MESSAGE)
		buf_add_text(out, "the message");
	else
		text_add_path(out, path.bytes, view->page.opts->utf8);
	CLEANUP(buf_clear) struct buf shown;
	buf_init(&shown, 0);
	buf_add(&shown, out->bytes + start, out->len - start);
	text_shorten(&shown, NAME_WIDTH, view->page.opts->utf8);
	out->len = start;
	buf_add(out, shown.bytes, shown.len);
	if (worst->region.start_line)
		buf_printf(out, ":%zu", worst->region.start_line);
	if (group->member_count > 1) {
		buf_add_text(out, " (");
		add_counted(
			out, group->member_count, folder ? "file" : "place");
		buf_add_text(out, ")");
	}
}

static void put_group(const struct view *view, const struct group *group)
{
	const struct finding *worst = group->worst;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_place(view, &text, group);
	page_line(&view->page, INDENT, text.bytes);
	buf_reset(&text);
	buf_printf(&text, "%s, %s (%s)", worst->rule->title,
		severity_name(worst->severity), worst->rule->id);
	if (view->blocked != BLOCKED_COMMIT && worst->exposure.first)
		buf_printf(&text, ", since commit %.*s", OID_SHOWN,
			worst->exposure.first->oid);
	text_shorten(&text, view->page.width - COMMAND, view->page.opts->utf8);
	page_line(&view->page, COMMAND, text.bytes);
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
	size_t shown = view->count < FEW_GROUPS ? view->count : FEW_GROUPS;
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

static void put_skipped(const struct view *view)
{
	size_t shown = 0;
	for (size_t i = 0; i < view->result->skipped_count; i++) {
		const struct skipped *skipped = &view->result->skipped[i];
		if (!skip_is_incomplete(skipped->reason) ||
			shown++ >= FEW_SKIPS)
			continue;
		CLEANUP(buf_clear) struct buf text;
		buf_init(&text, 0);
		buf_printf(&text, "%s: ", skip_reason_name(skipped->reason));
		if (skipped->path)
			text_add_path(
				&text, skipped->path, view->page.opts->utf8);
		else
			buf_printf(&text, "%.*s", OID_SHOWN, skipped->object);
		if (skipped->detail) {
			buf_add_text(&text, " ");
			text_add(&text, skipped->detail, view->page.opts->utf8);
		}
		text_shorten(&text, view->page.width - INDENT,
			view->page.opts->utf8);
		page_line(&view->page, INDENT, text.bytes);
	}
	if (shown > FEW_SKIPS)
		page_line(&view->page, INDENT, "...");
}

/* Commands */

static void put_command(const struct view *view, const struct buf *command)
{
	page_line(&view->page, COMMAND, command->bytes);
}

/** The path that commands name: the store's folder, else the file. */
static void add_word(
	const struct view *view, struct buf *out, const struct group *group)
{
	bool folder =
		group->kind == GROUP_STORE && group->is_folder && *group->name;
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	/* "./" keeps git from reading a leading colon as pathspec magic */
	const char *name = folder ? group->name : group->worst->path;
	buf_printf(&path, "%s%s", *name == ':' ? "./" : "", name);
	text_add_shell(out, path.bytes, view->page.opts->utf8);
}

/** `start` and the paths of the groups for which `wanted` says so; false
 * when there are none. */
static bool add_command(const struct view *view, struct buf *out,
	const char *start, bool (*wanted)(const struct group *group))
{
	buf_reset(out);
	buf_add_text(out, start);
	bool any = false;
	for (size_t i = 0; i < view->count && i < FEW_GROUPS; i++) {
		if (!wanted(&view->list.groups[i]))
			continue;
		buf_add_byte(out, ' ');
		add_word(view, out, &view->list.groups[i]);
		any = true;
	}
	return any;
}

static bool belongs_elsewhere(const struct group *group)
{
	return group->worst->rule->untrack && *group->worst->path;
}

static bool has_path(const struct group *group)
{
	return *group->worst->path != '\0';
}

static bool is_content(const struct group *group)
{
	return !group->worst->rule->untrack && *group->worst->path;
}

/** printf with a pattern for each group that git does not ignore yet. */
static bool add_ignore(const struct view *view, struct buf *out)
{
	buf_reset(out);
	buf_add_text(out, "printf '%s\\n' ''");
	bool any = false;
	for (size_t i = 0; i < view->count && i < FEW_GROUPS; i++) {
		const struct finding *worst = view->list.groups[i].worst;
		CLEANUP(buf_clear) struct buf pattern;
		buf_init(&pattern, 0);
		if (worst->ignored == YES || !worst->rule->untrack ||
			ignore_pattern_of(&pattern, worst) < 0 || !pattern.len)
			continue;
		buf_add_byte(out, ' ');
		text_add_shell(out, pattern.bytes, view->page.opts->utf8);
		any = true;
	}
	buf_add_text(out, " >>.gitignore && git add .gitignore");
	return any;
}

static void put_steps_of_commit(const struct view *view)
{
	const struct page *page = &view->page;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (add_command(view, &text, "git rm -r -q --cached --",
		    belongs_elsewhere)) {
		page_line(page, INDENT,
			"Leave files out of the commit; they stay on disk:");
		put_command(view, &text);
	}
	if (add_ignore(view, &text)) {
		page_line(page, INDENT,
			"Let git ignore them, at the top of the work tree:");
		put_command(view, &text);
	}
	if (add_command(view, &text, "git add --", is_content)) {
		page_line(
			page, INDENT, "Take the secret out of the file, then:");
		put_command(view, &text);
	}
}

static void put_steps_of_push(const struct view *view)
{
	const struct page *page = &view->page;
	page_line(page, INDENT,
		"Take it out of the commits, not only out of the last one:");
	const struct commit_info *first =
		view->count ? view->list.groups[0].first : NULL;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "git rebase -i %.*s~   # mark its commit 'edit'",
		OID_SHOWN, first ? first->oid : "<commit>");
	put_command(view, &text);
	if (add_command(view, &text, "git rm -r -q --cached --",
		    belongs_elsewhere)) {
		put_command(view, &text);
		page_line(page, COMMAND,
			"git commit --amend --no-edit && git rebase --continue");
	}
	if (add_ignore(view, &text))
		put_command(view, &text);
}

static void put_steps_of_message(const struct view *view)
{
	page_line(&view->page, INDENT, "Edit the message:");
	page_line(&view->page, COMMAND,
		"git commit -e -F \"$(git rev-parse --git-dir)"
		"/COMMIT_EDITMSG\"");
}

/* Accepting and passing by */

static void put_accept(const struct view *view)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	const char *start = view->blocked == BLOCKED_COMMIT
		? "git hygiene baseline --staged --reason '...' --"
		: "git hygiene baseline --reason '...' --";
	if (!add_command(view, &text, start, has_path))
		return;
	page_line(&view->page, INDENT,
		"If it is meant to be there, accept it, and commit the file:");
	put_command(view, &text);
	page_line(&view->page, COMMAND, "git add .hygiene-baseline");
	for (size_t i = 0; i < view->count && i < FEW_GROUPS; i++) {
		const struct finding *worst = view->list.groups[i].worst;
		if (!worst->region.start_line)
			continue;
		buf_reset(&text);
		buf_printf(&text,
			"or, as a comment on its line:  hygiene:allow %s "
			"<reason>",
			worst->rule->id);
		put_command(view, &text);
		return;
	}
}

static void put_way_out(const struct view *view)
{
	static const char *const lines[] = {
		[BLOCKED_COMMIT] = "To commit without this check, once: "
				   "GIT_HYGIENE=0 git commit ...",
		[BLOCKED_MESSAGE] = "To commit without this check, once: "
				    "GIT_HYGIENE=0 git commit ...",
		[BLOCKED_PUSH] = "To push without this check, once: "
				 "GIT_HYGIENE=0 git push ...",
		[BLOCKED_RECEIVE] = "Nothing of the push was kept. Exceptions "
				    "are the server administrator's to make.",
	};
	page_line(&view->page, INDENT, lines[view->blocked]);
}

static void put_all(const struct view *view)
{
	put_head(view);
	put_groups(view);
	if (!view->count)
		put_skipped(view);
	if (view->count && view->blocked == BLOCKED_COMMIT)
		put_steps_of_commit(view);
	if (view->count && view->blocked == BLOCKED_MESSAGE)
		put_steps_of_message(view);
	if (view->count && view->blocked >= BLOCKED_PUSH)
		put_steps_of_push(view);
	if (view->count && view->blocked != BLOCKED_RECEIVE)
		put_accept(view);
	put_way_out(view);
}

void human_blocked(FILE *out, const struct scan_result *result,
	enum blocked blocked, int least, const struct report_opts *opts)
{
	struct view view = {
		.result = result,
		.blocked = blocked,
		.least = least,
	};
	page_init(&view.page, out, opts);
	group_list_init(&view.list, result);
	while (view.count < view.list.count &&
		view.list.groups[view.count].worst->severity >= least)
		view.count++;
	put_all(&view);
	group_list_clear(&view.list);
}
