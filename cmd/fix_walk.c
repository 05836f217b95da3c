/*
 * The steps at a terminal: each is shown, and what changes the repository is
 * done when the answer is yes. Ignoring and untracking are done here; a
 * setting, a key, and history are left to the people who have to decide about
 * them.
 */
#include "cmd/fix_view.h"
#include "cmd/ignore_print.h"
#include "remedy/untrack.h"
#include "report/page.h"
#include "report/report_audit.h"
#include "report/text_escape.h"

#include <string.h>

#define INDENT 2

enum answer {
	ANSWER_NO,
	ANSWER_YES,
	ANSWER_QUIT,
};

struct walk {
	struct fix_job *job;
	const struct cmd_env *env;
	const struct fix_talk *talk;
	struct page page;
	struct fix_open open;
};

/* Whatever is neither y nor q is a no; the end of the input is a q. */
static int ask(const struct walk *walk, const char *question)
{
	if (!walk->talk->can_ask)
		return ANSWER_NO;
	fflush(walk->env->out);
	fprintf(walk->env->log.out, "%s [y/N/q] ", question);
	fflush(walk->env->log.out);
	int first = getchar();
	for (int c = first; c != '\n' && c != EOF;)
		c = getchar();
	if (first == EOF || first == 'q' || first == 'Q')
		return ANSWER_QUIT;
	return first == 'y' || first == 'Y' ? ANSWER_YES : ANSWER_NO;
}

static int ask_unless_yes(const struct walk *walk, const char *question)
{
	return walk->talk->yes ? ANSWER_YES : ask(walk, question);
}

static void put_title(const struct walk *walk, int step)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "%d. %s: ", step + 1, fix_step_title(step));
	fix_add_state(&text, walk->job, &walk->open, step);
	if (step)
		fputc('\n', walk->page.out);
	page_wrap(&walk->page, 0, INDENT + 1, text.bytes);
}

static int do_ignore(struct walk *walk, struct err *err)
{
	struct ignore_plan *plan = &walk->job->ignore;
	CLEANUP(ignore_print_clear) struct ignore_print print = { 0 };
	if (!walk->open.ignore)
		return ANSWER_NO;
	int rc =
		ignore_print_init(&print, walk->page.out, walk->page.opts->utf8,
			plan, walk->job->ignore_input.guard, err);
	if (rc < 0)
		return rc;
	ignore_print_entries(&print, plan);
	if (!walk->job->has_worktree)
		return ANSWER_NO;
	int answer = ask_unless_yes(walk, "Write this into .gitignore?");
	if (answer != ANSWER_YES)
		return answer;
	rc = ignore_plan_write(plan, err);
	if (rc < 0)
		return rc;
	ignore_print_proof(&print, plan);
	walk->open.ignore = plan->opts.target_count - plan->after_count;
	return ANSWER_YES;
}

static void put_paths(
	const struct walk *walk, const struct untrack_paths *paths)
{
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf line;
	buf_init(&path, 0);
	buf_init(&line, 0);
	for (size_t i = 0; i < paths->count; i++) {
		buf_reset(&path);
		buf_reset(&line);
		fix_job_add_path(&path, walk->job, paths->shown[i]);
		text_add_path(&line, path.bytes, walk->page.opts->utf8);
		page_line(&walk->page, INDENT, line.bytes);
	}
}

static void put_edits(const struct walk *walk)
{
	if (!walk->job->edit.count)
		return;
	page_wrap(&walk->page, 0, 0,
		"To be edited, so that what was found is in them no more:");
	put_paths(walk, &walk->job->edit);
}

static int do_untrack(struct walk *walk, struct err *err)
{
	struct fix_job *job = walk->job;
	struct untrack_opts opts = {
		.paths = job->untrack.paths,
		.shown = job->untrack.shown,
		.count = job->untrack.count,
		.dry_run = true,
	};
	size_t removed = 0;
	put_edits(walk);
	if (!opts.count)
		return ANSWER_NO;
	if (job->edit.count)
		page_line(&walk->page, 0, "To be taken out:");
	put_paths(walk, &job->untrack);
	if (!job->has_worktree)
		return ANSWER_NO;
	int rc = untrack(&removed, job->purge.repo, &opts, err);
	if (rc < 0)
		return rc;
	int answer = ask_unless_yes(
		walk, "Stop tracking these paths, and keep the files on disk?");
	if (answer != ANSWER_YES)
		return answer;
	opts.dry_run = false;
	rc = untrack(&removed, job->purge.repo, &opts, err);
	if (rc == 0)
		rc = fix_job_update(job, err);
	if (rc < 0)
		return rc;
	walk->open.untrack -= removed;
	walk->open.history = job->purge.search.left_count;
	page_wrap(&walk->page, 0, 0,
		"Done; commit it. Whoever pulls that commit loses the files "
		"on disk.");
	return ANSWER_YES;
}

static int show_settings(struct walk *walk, struct err *err)
{
	if (!walk->open.settings)
		return ANSWER_NO;
	int answer = ask(walk, "Show them?");
	if (answer == ANSWER_YES || !walk->talk->can_ask) {
		int rc = report_audit(walk->page.out, &walk->job->audit,
			walk->page.opts, err);
		if (rc < 0)
			return rc;
		page_line(&walk->page, INDENT,
			"git hygiene audit --fix   prints a patch");
		return ANSWER_YES;
	}
	return answer;
}

static void put_revocation(const struct walk *walk, const struct group *group)
{
	CLEANUP(buf_clear) struct buf name;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&name, 0);
	buf_init(&text, 0);
	fix_add_name(&name, group);
	text_add_path(&text, name.len ? name.bytes : "message",
		walk->page.opts->utf8);
	if (finding_line(group->worst))
		buf_printf(&text, ":%zu", finding_line(group->worst));
	buf_add_text(&text, ": ");
	text_add(&text, group->worst->rule->title, walk->page.opts->utf8);
	buf_reset(&name);
	fix_add_expiry(&name, group);
	if (name.len)
		buf_printf(&text, " (%s)", name.bytes);
	page_wrap(&walk->page, INDENT, INDENT + 2, text.bytes);
	page_wrap(&walk->page, INDENT + 2, INDENT + 2, fix_revoke_words(group));
}

static int show_revocations(struct walk *walk, struct err *err)
{
	(void)err;
	if (!walk->open.revoke)
		return ANSWER_NO;
	int answer = ask(walk, "List what, and who has to do it?");
	if (answer != ANSWER_YES && walk->talk->can_ask)
		return answer;
	const struct group_list *list = &walk->job->all;
	for (size_t i = 0; i < list->count; i++)
		if (fix_is_revocable(&list->groups[i]))
			put_revocation(walk, &list->groups[i]);
	return ANSWER_YES;
}

/* Below the .git folder, where nobody commits it by mistake. */
static int save_plan(
	struct walk *walk, const struct purge_view *view, struct err *err)
{
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&path, 0);
	buf_init(&text, 0);
	buf_printf(&path, "%shygiene-purge.json",
		repo_common_dir(walk->job->purge.repo));
	text_add_shell(&text, path.bytes, walk->page.opts->utf8);
	int answer = ask(walk, "Write the plan to a file in the .git folder?");
	if (answer != ANSWER_YES)
		return answer;
	int rc = purge_job_save(view, path.bytes, err);
	if (rc < 0)
		return rc;
	fprintf(walk->page.out,
		"Written. To prove the result of a rewrite:\n"
		"  git hygiene purge --verify --against=%s\n",
		text.bytes);
	return ANSWER_YES;
}

static int show_history(struct walk *walk, struct err *err)
{
	struct purge_view view;
	if (!walk->open.history)
		return ANSWER_NO;
	purge_job_view(&view, &walk->job->purge, true);
	purge_print(walk->page.out, &view);
	page_line(&walk->page, INDENT,
		"git hygiene purge --apply   rewrites a fresh clone");
	return save_plan(walk, &view, err);
}

static int show_copies(struct walk *walk, struct err *err)
{
	(void)err;
	for (size_t i = 0; walk->open.revoke && fix_copies[i]; i++)
		page_wrap(&walk->page, INDENT, INDENT, fix_copies[i]);
	return ANSWER_NO;
}

int fix_walk(struct fix_job *job, const struct cmd_env *env,
	const struct fix_talk *talk, struct err *err)
{
	static int (*const steps[])(struct walk * walk, struct err * err) = {
		[FIX_IGNORE] = do_ignore,
		[FIX_UNTRACK] = do_untrack,
		[FIX_SETTINGS] = show_settings,
		[FIX_REVOKE] = show_revocations,
		[FIX_HISTORY] = show_history,
		[FIX_COPIES] = show_copies,
	};
	struct walk walk = {
		.job = job,
		.env = env,
		.talk = talk,
		.open = fix_job_count(job),
	};
	page_init(&walk.page, env->out, &job->purge.report);
	if (fix_bare_words(job)) {
		page_wrap(&walk.page, 0, 0, fix_bare_words(job));
		fputc('\n', walk.page.out);
	}
	for (int i = 0; i < FIX_STEPS; i++) {
		put_title(&walk, i);
		int rc = steps[i](&walk, err);
		if (rc < 0)
			return rc;
		if (rc == ANSWER_QUIT)
			break;
	}
	return fix_exit_code(job, &walk.open);
}
