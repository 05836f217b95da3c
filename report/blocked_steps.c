#include "report/blocked_steps.h"

#include "report/text_escape.h"
#include "report/words.h"
#include "scanner/ignore_pattern.h"

#include <string.h>

#define INDENT    2
#define COMMAND   6
#define OID_SHOWN 10

/** What is printed about. */
struct view {
	const struct page *page;
	const struct blocked_opts *opts;
	const struct group *groups; /* those that are named */
	size_t count;
};

static void put_say(const struct view *view, const char *text)
{
	page_line(view->page, INDENT, text);
}

static void put_command(const struct view *view, const char *text)
{
	page_line(view->page, COMMAND, text);
}

/* Groups by what helps against them */

static bool is_of_commit(const struct group *group)
{
	return finding_object(group->worst) == OBJECT_OF_COMMIT;
}

static bool is_of_tag(const struct group *group)
{
	return finding_object(group->worst) == OBJECT_OF_TAG;
}

/** It stands in a file; a ref to a blob alone gives that no name. */
static bool is_in_file(const struct group *group)
{
	return finding_object(group->worst) == OBJECT_IS_FILE &&
		*group->worst->path;
}

static bool belongs_elsewhere(const struct group *group)
{
	return is_in_file(group) && finding_remedy(group->worst)->untrack;
}

static bool is_content(const struct group *group)
{
	return is_in_file(group) && !finding_remedy(group->worst)->untrack;
}

typedef bool group_filter(const struct group *group);

static bool has_any(const struct view *view, group_filter *wanted)
{
	for (size_t i = 0; i < view->count; i++)
		if (wanted(&view->groups[i]))
			return true;
	return false;
}

/* Commands with paths */

/** The path that commands name: the store's folder, else the file. */
static void add_word(
	const struct view *view, struct buf *out, const struct group *group)
{
	bool folder =
		group->kind == GROUP_STORE && group->is_folder && *group->name;
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	const char *name = folder ? group->name : group->worst->path;
	/* gitglossary(7) "pathspec": it would stand for other paths, too */
	bool is_pattern = *name == ':' || strpbrk(name, "*?[\\");
	buf_printf(&path, "%s%s", is_pattern ? ":(literal)" : "", name);
	text_add_shell(out, path.bytes, view->page->opts->utf8);
}

/** Prints `start`, the paths of the groups, `end`; nothing without groups. */
static bool put_paths(const struct view *view, const char *start,
	group_filter *wanted, const char *end)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, start);
	if (!has_any(view, wanted))
		return false;
	for (size_t i = 0; i < view->count; i++) {
		if (!wanted(&view->groups[i]))
			continue;
		buf_add_byte(&text, ' ');
		add_word(view, &text, &view->groups[i]);
	}
	buf_add_text(&text, end);
	put_command(view, text.bytes);
	return true;
}

/* -f, because a session that is written anew differs from what is staged */
#define UNTRACK "git rm -r -f -q --cached --"

/** printf with a pattern for each group that git does not ignore yet; false
 * when there are none. */
static bool add_ignore(const struct view *view, struct buf *out)
{
	buf_add_text(out, "printf '%s\\n' ''");
	bool any = false;
	for (size_t i = 0; i < view->count; i++) {
		const struct finding *worst = view->groups[i].worst;
		CLEANUP(buf_clear) struct buf pattern;
		buf_init(&pattern, 0);
		if (worst->ignored == YES ||
			!belongs_elsewhere(&view->groups[i]) ||
			ignore_pattern_of(&pattern, worst) < 0 || !pattern.len)
			continue;
		buf_add_byte(out, ' ');
		text_add_shell(out, pattern.bytes, view->page->opts->utf8);
		any = true;
	}
	buf_add_text(out, " >>.gitignore && git add .gitignore");
	return any;
}

static void put_steps_of_commit(const struct view *view)
{
	CLEANUP(buf_clear) struct buf ignore;
	buf_init(&ignore, 0);
	if (has_any(view, belongs_elsewhere)) {
		put_say(view,
			"Leave files out of the commit; they stay on disk:");
		put_paths(view, UNTRACK, belongs_elsewhere, "");
	}
	if (add_ignore(view, &ignore)) {
		put_say(view, "Let git ignore them:");
		put_command(view, ignore.bytes);
	}
	if (has_any(view, is_content)) {
		put_say(view, "Take the secret out of the file, then:");
		put_paths(view, "git add --", is_content, "");
	}
}

/* Commits of a push */

/** The oldest of the commits that brought something, and whether they are
 * several; NULL when none is known. */
static const struct commit_info *oldest_of(
	const struct view *view, bool *several)
{
	const struct commit_info *oldest = NULL;
	*several = false;
	for (size_t i = 0; i < view->count; i++) {
		const struct commit_info *first = view->groups[i].first;
		if (!first)
			continue;
		*several = *several ||
			(oldest && strcmp(oldest->oid, first->oid) != 0);
		if (!oldest || first->is_root ||
			(!oldest->is_root && first->time < oldest->time))
			oldest = first;
	}
	return oldest;
}

/** How to stop at the commits: -r keeps the shape of a history with merges. */
static void put_rebase(
	const struct view *view, const struct commit_info *oldest, bool several)
{
	bool files = has_any(view, is_in_file);
	const char *word = !files             ? "'reword'"
		: has_any(view, is_of_commit) ? "'edit' or 'reword'"
					      : "'edit'";
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (oldest->is_root)
		buf_add_text(&text, "git rebase -i -r --root");
	else
		buf_printf(&text, "git rebase -i -r %.*s~", OID_SHOWN,
			oldest->oid);
	if (several)
		buf_printf(&text, "   # %s for the commits above", word);
	else
		buf_printf(&text, "   # %s for %.*s", word, OID_SHOWN,
			oldest->oid);
	put_command(view, text.bytes);
}

static void put_steps_of_files(const struct view *view, bool amend)
{
	CLEANUP(buf_clear) struct buf ignore;
	buf_init(&ignore, 0);
	if (!has_any(view, is_in_file))
		return;
	put_paths(view, UNTRACK, belongs_elsewhere, "");
	put_paths(view, "git add --", is_content, "   # without the secret");
	if (add_ignore(view, &ignore))
		put_command(view, ignore.bytes);
	put_command(view,
		amend ? "git commit --amend --no-edit"
		      : "git commit --amend --no-edit && git rebase "
			"--continue");
}

static void put_steps_of_push(const struct view *view)
{
	bool several;
	const struct commit_info *oldest = oldest_of(view, &several);
	bool amend = oldest && !several && view->opts->head &&
		!strcmp(oldest->oid, view->opts->head);
	if (oldest) {
		put_say(view,
			amend ? "Take it out of the last commit:"
			      : "Take it out of the commit that brought it, "
				"not only of the last one:");
		if (!amend)
			put_rebase(view, oldest, several);
		put_steps_of_files(view, amend);
		if (amend && has_any(view, is_of_commit))
			put_command(view,
				"git commit --amend   # with another message");
	}
	if (has_any(view, is_of_tag)) {
		put_say(view, "Make the tag anew, with another message:");
		put_command(view, "git tag -f -a <tag> '<tag>^{}'");
	}
}

static void put_steps_of_message(const struct view *view)
{
	put_say(view, "Edit the message:");
	put_command(view,
		"git commit -e -F \"$(git rev-parse --git-dir)"
		"/COMMIT_EDITMSG\"");
}

/* Accepting and passing by */

static void put_comment(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct finding *worst = view->groups[i].worst;
		if (!worst->region.start_line || !is_in_file(&view->groups[i]))
			continue;
		CLEANUP(buf_clear) struct buf text;
		buf_init(&text, 0);
		buf_printf(&text,
			"or, as a comment on its line:  hygiene:allow %s "
			"<reason>",
			worst->rule->id);
		put_command(view, text.bytes);
		return;
	}
}

static bool is_of_object(const struct group *group)
{
	return is_of_commit(group) || is_of_tag(group);
}

static void put_accept(const struct view *view)
{
	bool files = has_any(view, is_in_file);
	bool objects =
		view->opts->what == BLOCKED_PUSH && has_any(view, is_of_object);
	if (!files && !objects)
		return;
	put_say(view,
		"If it is meant to be there, accept it, and commit the file:");
	put_paths(view,
		view->opts->what == BLOCKED_COMMIT
			? "git hygiene baseline --staged --reason '...' --"
			: "git hygiene baseline --reason '...' --",
		is_in_file, "");
	if (objects)
		put_command(
			view, "git hygiene baseline --messages --reason '...'");
	put_command(view, "git add .hygiene-baseline");
	put_comment(view);
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
	put_say(view, lines[view->opts->what]);
}

void blocked_steps(const struct page *page, const struct blocked_opts *opts,
	const struct group *groups, size_t count)
{
	const struct view view = {
		.page = page,
		.opts = opts,
		.groups = groups,
		.count =
			count < BLOCKED_FEW_GROUPS ? count : BLOCKED_FEW_GROUPS,
	};
	if (opts->below_top && has_any(&view, is_in_file))
		put_say(&view,
			"Paths count from the top: "
			"cd \"$(git rev-parse --show-toplevel)\"");
	if (count && opts->what == BLOCKED_COMMIT)
		put_steps_of_commit(&view);
	if (count && opts->what == BLOCKED_MESSAGE)
		put_steps_of_message(&view);
	if (count && opts->what >= BLOCKED_PUSH)
		put_steps_of_push(&view);
	if (count && opts->what != BLOCKED_RECEIVE)
		put_accept(&view);
	put_way_out(&view);
}
