/* Plan and certificate for a person at a terminal. */
#include "cmd/purge_view.h"
#include "report/page.h"
#include "report/text_escape.h"

#include <string.h>

#define INDENT  2
#define COMMAND 6
#define FEW     20

static void put_title(const struct page *page, const char *title)
{
	fputc('\n', page->out);
	page_styled(page, STYLE_BOLD, title);
	fputc('\n', page->out);
}

/** "3 paths, 4 blobs, 1 secret"; nothing that is none. */
static void add_target(struct buf *text, const struct purge_target *target)
{
	const struct {
		size_t count;
		const char *noun;
	} parts[] = {
		{ purge_target_count_paths(target), "path" },
		{ target->blob_count, "blob" },
		{ target->secret_count, "secret" },
		{ target->lfs_count, "LFS object" },
	};
	const char *comma = "";
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (!parts[i].count)
			continue;
		buf_add_text(text, comma);
		add_counted(text, parts[i].count, parts[i].noun);
		comma = ", ";
	}
}

static void put_counted(const struct page *page, const char *before,
	size_t count, const char *noun, const char *after)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, before);
	add_counted(&text, count, noun);
	buf_add_text(&text, after);
	page_wrap(page, INDENT, INDENT, text.bytes);
}

/* Places. */

static void add_place(
	struct buf *text, const struct purge_place *place, bool utf8)
{
	const struct holder *holder = &place->holder;
	buf_printf(text, "%-14s", holder_kind_name(holder->kind));
	if (*holder->name) {
		buf_add_byte(text, ' ');
		text_add_path(text, holder->name, utf8);
	}
	if (holder->worktree) {
		buf_add_text(text, " in the worktree ");
		text_add_path(text, holder->worktree, utf8);
	}
	buf_add_text(text, " (");
	add_counted(text, place->object_count, "object");
	buf_add_byte(text, ')');
}

static void put_place(const struct page *page, const struct purge_view *view,
	const struct purge_place *place, bool with_command)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	add_place(&text, place, page->opts->utf8);
	page_line(page, INDENT, text.bytes);
	if (!with_command)
		return;
	buf_reset(&text);
	purge_add_remover(&text, view, place, page->opts->utf8);
	page_line(page, COMMAND, text.bytes);
}

bool purge_is_rewritten(
	const struct purge_view *view, const struct holder *holder)
{
	return holder->kind < HOLDER_REFLOG && holder->kind != HOLDER_PULL &&
		!oid_is_zero(&holder->oid) &&
		!purge_is_bare(view->inventory, holder);
}

enum which {
	REWRITTEN,
	NOT_REWRITTEN,
	ALL,
};

static bool is_wanted(const struct purge_view *view,
	const struct purge_place *place, enum which which)
{
	return which == ALL ||
		purge_is_rewritten(view, &place->holder) ==
		(which == REWRITTEN);
}

static void put_places(const struct page *page, const struct purge_view *view,
	enum which which, const char *title)
{
	const struct purge_search *search = view->search;
	size_t shown = 0;
	size_t more = 0;
	for (size_t i = 0; i < search->place_count; i++) {
		if (!is_wanted(view, &search->places[i], which))
			continue;
		if (shown == FEW && page->opts->verbosity <= 0) {
			more++;
			continue;
		}
		if (!shown++)
			put_title(page, title);
		put_place(page, view, &search->places[i], which != REWRITTEN);
	}
	if (more)
		put_counted(page, "... and ", more, "place",
			" more (-v shows all)");
}

/* The plan. */

static void put_first_commits(
	const struct page *page, const struct purge_plan *plan)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "first changed:");
	size_t shown = plan->first_count;
	if (shown > FEW && page->opts->verbosity <= 0)
		shown = FEW;
	for (size_t i = 0; i < shown; i++) {
		char hex[OID_HEX_SIZE + 1];
		oid_to_hex(hex, &plan->first_changed[i]);
		buf_printf(&text, " %s", hex);
	}
	if (shown < plan->first_count)
		buf_printf(&text, " ... and %zu more (-v shows all)",
			plan->first_count - shown);
	if (shown)
		page_wrap(page, INDENT, INDENT + 2, text.bytes);
}

static void put_signatures(
	const struct page *page, const struct purge_plan *plan)
{
	if (plan->signed_commits)
		put_counted(page, "the signatures of ", plan->signed_commits,
			"commit",
			" are lost: git fast-export does not carry them");
	if (plan->commits_unsigned)
		put_counted(page, "", plan->commits_unsigned, "commit",
			" more change for that reason alone");
	if (plan->signed_tags)
		put_counted(page, "the signatures of ", plan->signed_tags,
			"tag", " are lost: sign them again");
}

static void put_size(const struct page *page, const struct purge_plan *plan)
{
	if (!plan->size)
		return;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "size: ");
	add_size(&text, plan->size);
	buf_add_text(&text, " now, about ");
	add_size(&text, plan->size - plan->size_freed);
	buf_add_text(&text, " after");
	page_wrap(page, INDENT, INDENT, text.bytes);
}

static void put_changes(const struct page *page, const struct purge_view *view)
{
	const struct purge_plan *plan = view->plan;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	put_title(page, "What a rewrite changes");
	add_number(&text, plan->commits_changed);
	buf_add_text(&text, " of ");
	add_counted(&text, plan->commits, "commit");
	buf_add_text(&text, " and ");
	add_counted(&text, plan->effect_count, "ref");
	buf_add_text(&text, " get other ids");
	page_wrap(page, INDENT, INDENT, text.bytes);
	put_first_commits(page, plan);
	put_signatures(page, plan);
	put_size(page, plan);
	if (view->target->shared)
		put_counted(page, "", view->target->shared, "blob",
			" of target paths also stand at other paths, and stay "
			"there: look at them");
}

static void put_refs(const struct page *page, const struct purge_view *view)
{
	const struct secret_names *names = &view->search->names;
	for (size_t i = 0; i < names->ref_count; i++) {
		CLEANUP(buf_clear) struct buf text;
		buf_init(&text, 0);
		if (i == 0)
			put_title(page,
				"Refs with a secret in their name, which a "
				"rewrite keeps");
		text_add_path(&text, names->refs[i].name, page->opts->utf8);
		page_line(page, INDENT, text.bytes);
	}
}

static void put_step(const struct page *page, unsigned *step, const char *text)
{
	CLEANUP(buf_clear) struct buf line;
	buf_init(&line, 0);
	buf_printf(&line, "%u. %s", ++*step, text);
	page_wrap(page, 0, 3, line.bytes);
}

static void put_rewrite_commands(
	const struct page *page, const struct purge_view *view)
{
	bool utf8 = page->opts->utf8;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "git clone --mirror --no-local ");
	text_add_shell(&text, repo_name(view->inventory->repo), utf8);
	buf_add_text(&text, " purged.git && cd purged.git");
	page_line(page, COMMAND, text.bytes);
	buf_reset(&text);
	purge_add_command(&text, view->files, utf8);
	page_line(page, COMMAND, text.bytes);
}

static bool has_place(const struct purge_view *view, int kind)
{
	for (size_t i = 0; i < view->search->place_count; i++)
		if (view->search->places[i].holder.kind == kind)
			return true;
	return false;
}

static void put_steps(const struct page *page, const struct purge_view *view)
{
	unsigned step = 0;
	put_title(page, "Steps");
	put_step(page, &step,
		"End the sessions and replace the keys and passwords: whoever "
		"has a clone keeps them, whatever is purged.");
	put_step(page, &step,
		"Rewrite a clone: git hygiene purge --apply does both of");
	put_rewrite_commands(page, view);
	if (view->search->names.ref_count)
		put_step(page, &step,
			"Rename or delete the refs named above, there and at "
			"every remote: git branch -m, git tag -d, "
			"git push <url> --delete.");
	put_step(page, &step,
		"Prove it there, with the plan that -o wrote: git hygiene "
		"purge --verify --against=<plan>");
	put_step(page, &step,
		"git push --force --mirror <url>. Everybody clones again; a "
		"merge from an old clone brings all of it back.");
	if (has_place(view, HOLDER_PULL))
		put_step(page, &step,
			"Hosts refuse to be pushed pull request refs: ask "
			"yours to delete them.");
	put_step(page, &step,
		"Ask the host to drop cached views and old objects, and the "
		"owners of forks to do the same; a fork keeps all of it.");
	if (view->target->lfs_count)
		put_step(page, &step,
			"Delete the Git LFS objects on the server too.");
	if (view->files->replacements) {
		CLEANUP(buf_clear) struct buf text;
		buf_init(&text, 0);
		put_step(page, &step,
			"Then delete the file that holds the secrets:");
		buf_add_text(&text, "rm ");
		text_add_shell(
			&text, view->files->replacements, page->opts->utf8);
		page_line(page, COMMAND, text.bytes);
	}
}

/** What was not searched for, on somebody's word: a proof says so. */
static void put_left_out(
	const struct page *page, const struct purge_target *target)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (target->accepted)
		add_counted(&text, target->accepted, "accepted finding");
	if (target->accepted && target->excluded)
		buf_add_text(&text, " and ");
	if (target->excluded) {
		add_counted(&text, target->excluded, "path");
		buf_add_text(&text, " that .hygiene.yml excludes");
	}
	if (!text.len)
		return;
	buf_add_text(&text, ": not searched for (--no-repo-config counts all)");
	page_wrap(page, 0, INDENT, text.bytes);
}

static void put_skipped(const struct page *page, const struct skipped *skipped)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "%s %s ", skip_reason_name(skipped->reason),
		skipped->object);
	if (skipped->detail)
		text_add(&text, skipped->detail, page->opts->utf8);
	page_line(page, INDENT, text.bytes);
}

static void put_incomplete(
	const struct page *page, const struct purge_view *view)
{
	if (view->search->complete)
		return;
	put_title(page, "Not everything could be looked at");
	CLEANUP(scan_result_clear) struct scan_result skips = { 0 };
	purge_search_list_skips(
		&skips, view->search, view->inventory, view->target);
	size_t count = 0;
	for (size_t i = 0; i < skips.skipped_count; i++)
		if (skip_is_incomplete(skips.skipped[i].reason) &&
			count++ < FEW)
			put_skipped(page, &skips.skipped[i]);
	if (count > FEW)
		put_counted(page, "and ", count - FEW, "more object",
			" (all are in --format=json)");
	if (view->target->skips.skipped_count)
		page_wrap(page, INDENT, INDENT,
			"There may be more to search for than was: the scan "
			"that found what has to go did not see all of this.");
}

static void print_plan(const struct page *page, const struct purge_view *view)
{
	CLEANUP(buf_clear) struct buf text;
	bool is_empty = purge_target_is_empty(view->target);
	buf_init(&text, 0);
	buf_add_text(&text, is_empty ? "Plan: nothing to take" : "Plan: take ");
	add_target(&text, view->target);
	buf_add_text(&text, " out of ");
	text_add_path(
		&text, repo_name(view->inventory->repo), page->opts->utf8);
	page_wrap(page, 0, INDENT, text.bytes);
	put_left_out(page, view->target);
	if (!is_empty) {
		put_places(page, view, REWRITTEN,
			"Where it is, and a rewrite takes it out");
		put_places(page, view, NOT_REWRITTEN,
			"Where it is, and a rewrite does not reach");
		put_refs(page, view);
		put_changes(page, view);
	}
	put_incomplete(page, view);
	if (page->opts->verbosity >= 0 && view->files)
		put_steps(page, view);
}

/* The certificate. */

/** What a rewrite leaves: the commands named for a place would not help. */
static void put_hints(const struct page *page, const struct purge_view *view)
{
	const struct purge_search *search = view->search;
	bool message = false;
	bool value = false;
	for (size_t i = 0; i < search->left_count; i++) {
		const struct purge_left *left = &search->left[i];
		message = message || left->what == LEFT_MESSAGE;
		value = value || (left->what == LEFT_SECRET && !left->rule);
	}
	if (message)
		page_wrap(page, INDENT, INDENT,
			"A rewrite replaces secrets in messages, not in names "
			"and addresses of authors, committers and taggers: "
			"for these see git filter-repo --mailmap.");
	if (value)
		page_wrap(page, INDENT, INDENT,
			"The value of a secret is in a file that is no text, "
			"where no rule knows it: look at the file, and take it "
			"out by git filter-repo --strip-blobs-with-ids.");
}

static void put_examples(const struct page *page, const struct purge_view *view)
{
	const struct purge_search *search = view->search;
	size_t shown = search->left_count;
	if (shown > FEW && page->opts->verbosity <= 0)
		shown = FEW;
	put_title(page, "What is left");
	for (size_t i = 0; i < shown; i++) {
		const struct purge_left *left = &search->left[i];
		CLEANUP(buf_clear) struct buf text;
		char hex[OID_HEX_SIZE + 1];
		oid_to_hex(hex, &left->oid);
		buf_init(&text, 0);
		buf_printf(&text, "%-8s %s ", left_what_name(left->what),
			oid_is_zero(&left->oid) ? "" : hex);
		if (left->path)
			text_add_path(&text, left->path, page->opts->utf8);
		page_line(page, INDENT, text.bytes);
	}
	if (shown < search->left_count)
		put_counted(page, "... and ", search->left_count - shown,
			"other", " (-v shows all)");
}

/** "Left: 2 objects and 1 name of a ref of " */
static void add_left(struct buf *text, const struct purge_search *search)
{
	size_t names = search->names.ref_count;
	size_t objects = search->object_count;
	buf_add_text(text, "Left: ");
	if (objects)
		add_counted(text, objects, "object");
	if (objects && names)
		buf_add_text(text, " and ");
	if (names) {
		add_counted(text, names, "name");
		buf_add_text(text, names == 1 ? " of a ref" : " of refs");
	}
	buf_add_text(text, " of ");
}

static void print_certificate(
	const struct page *page, const struct purge_view *view)
{
	const struct inventory *inventory = view->inventory;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (view->search->left_count) {
		add_left(&text, view->search);
	} else if (purge_target_is_empty(view->target)) {
		buf_add_text(&text, "Nothing to search for in ");
	} else {
		buf_add_text(&text, "Gone: ");
	}
	add_target(&text, view->target);
	if (!purge_target_is_empty(view->target))
		buf_add_text(&text, ", searched for in ");
	add_counted(&text, inventory->name_count, "object");
	buf_add_text(&text, " and ");
	add_counted(&text, inventory->holders.ref_tip_count, "ref");
	buf_add_text(&text, " of ");
	text_add_path(&text, repo_name(inventory->repo), page->opts->utf8);
	page_wrap(page, 0, INDENT, text.bytes);
	put_left_out(page, view->target);
	if (view->search->left_count && page->opts->verbosity >= 0) {
		put_examples(page, view);
		put_hints(page, view);
		put_places(page, view, ALL,
			"What keeps it, and what makes it let go");
		put_title(page, "A copy elsewhere is not seen from here");
		page_wrap(page, INDENT, INDENT,
			"the host (cached views, pull requests), forks, other "
			"clones: tell them");
	}
	put_incomplete(page, view);
}

void purge_print(FILE *out, const struct purge_view *view)
{
	struct page page;
	page_init(&page, out, view->opts);
	if (view->plan)
		print_plan(&page, view);
	else
		print_certificate(&page, view);
}
