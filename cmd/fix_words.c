/* What a fix says: texts that the report and the dialogue share. */
#include "cmd/fix_view.h"
#include "report/id_in_name.h"
#include "report/page.h"

#include <string.h>

const char *const fix_copies[] = {
	"Every clone and every fork made since the first commit holds all of "
	"it, and so do backups and mirrors. Nothing here can take it back: "
	"only a session that has ended and a key that is no longer accepted "
	"are harmless.",
	"The host keeps old commits by their id after a rewrite, in pull "
	"requests and in cached pages, until its support removes them.",
	"A clone that was made before the rewrite brings everything back with "
	"one merge or push: whoever has one clones again.",
	"Logs and artifacts of CI, container images and packages built from "
	"these commits are not seen from here.",
	NULL,
};

const char *fix_step_title(int step)
{
	static const char *const titles[] = {
		[FIX_IGNORE] = "Ignore",
		[FIX_UNTRACK] = "Untrack",
		[FIX_SETTINGS] = "Settings",
		[FIX_REVOKE] = "Keys and sessions to revoke",
		[FIX_HISTORY] = "History",
		[FIX_COPIES] = "What remains exposed in any case",
	};
	return titles[step];
}

bool fix_step_is_done(const struct fix_open *open, int step)
{
	const size_t left[] = {
		[FIX_IGNORE] = open->ignore,
		[FIX_UNTRACK] = open->untrack + open->edit,
		[FIX_SETTINGS] = open->settings,
		[FIX_REVOKE] = open->revoke,
		[FIX_HISTORY] = open->history,
		[FIX_COPIES] = open->revoke,
	};
	return !left[step];
}

bool fix_step_is_unknown(const struct fix_job *job, int step)
{
	return !job->has_files &&
		(step == FIX_IGNORE || step == FIX_UNTRACK ||
			step == FIX_SETTINGS);
}

int fix_exit_code(const struct fix_job *job, const struct fix_open *open)
{
	for (int i = 0; i < FIX_STEPS; i++)
		if (!fix_step_is_done(open, i))
			return EXIT_FINDINGS;
	return fix_job_is_incomplete(job) || !job->has_files ? EXIT_INCOMPLETE
							     : EXIT_CLEAN;
}

const char *fix_bare_words(const struct fix_job *job)
{
	if (job->has_worktree)
		return NULL;
	if (!job->has_files)
		return "This repository has no work tree, and its HEAD names "
		       "no commit: what is ignored and tracked, and settings, "
		       "cannot be judged. Run this in a clone.";
	return "This repository has no work tree. What is said of ignored and "
	       "tracked files and of settings is that of HEAD, and nothing of "
	       "it can be changed here: make steps 1 to 3 in a clone, and push "
	       "them.";
}

static void add_ignore_state(
	struct buf *out, const struct fix_job *job, const struct fix_open *open)
{
	size_t count = job->ignore_input.target_count;
	if (!count) {
		buf_add_text(out, "nothing to ignore");
		return;
	}
	if (open->ignore)
		add_number(out, open->ignore);
	else
		buf_add_text(out, "git already ignores all");
	buf_add_text(out, " of ");
	add_counted(out, count, "path");
	buf_add_text(out,
		count == 1 ? " that does not belong into the repository"
			   : " that do not belong into the repository");
	if (open->ignore)
		buf_add_text(out, " would be added again");
}

/* Files that belong there are edited, and stay. */
static void add_untrack_state(struct buf *out, const struct fix_open *open)
{
	if (open->untrack) {
		add_counted(out, open->untrack, "tracked path");
		buf_add_text(out, " to take out");
	} else {
		buf_add_text(out, "no tracked file has to go");
	}
	if (!open->edit)
		return;
	buf_add_text(out, "; ");
	add_counted(out, open->edit, open->untrack ? "other" : "found file");
	buf_add_text(out,
		open->edit == 1 ? " is tracked and has to be edited"
				: " are tracked and have to be edited");
}

static void add_history_state(
	struct buf *out, const struct fix_job *job, const struct fix_open *open)
{
	const struct purge_plan *plan = &job->purge.plan;
	if (!open->history) {
		buf_add_text(out, "nothing is left in it");
		return;
	}
	add_counted(out, open->history, "object");
	buf_add_text(out, " left; a rewrite changes ");
	add_number(out, plan->commits_changed);
	buf_add_text(out, " of ");
	add_counted(out, plan->commits, "commit");
	buf_add_text(out, " and ");
	add_counted(out, plan->effect_count, "ref");
}

static void add_open(struct buf *out, size_t count, const char *noun,
	const char *after, const char *none)
{
	if (!count) {
		buf_add_text(out, none);
		return;
	}
	add_counted(out, count, noun);
	buf_add_text(out, after);
}

void fix_add_state(struct buf *out, const struct fix_job *job,
	const struct fix_open *open, int step)
{
	if (fix_step_is_unknown(job, step)) {
		buf_add_text(out, "not known without any files");
		return;
	}
	switch ((enum fix_step)step) {
	case FIX_IGNORE:
		add_ignore_state(out, job, open);
		break;
	case FIX_UNTRACK:
		add_untrack_state(out, open);
		break;
	case FIX_SETTINGS:
		add_open(out, open->settings, "risk", " in settings",
			"no risks found");
		break;
	case FIX_REVOKE:
		add_open(out, open->revoke, "thing",
			" to revoke, before anything else if it was pushed",
			"nothing found");
		break;
	case FIX_HISTORY:
		add_history_state(out, job, open);
		break;
	case FIX_COPIES:
		buf_add_text(out,
			open->revoke ? "tell the owners of clones and forks"
				     : "nothing that is known of");
		break;
	case FIX_STEPS:
		break;
	}
}

/* One that lies in no store of its own. */
static bool is_session_file(const struct group *group)
{
	return group->kind == GROUP_PATH && group->worst->rule->untrack &&
		strstr(group->worst->rule->id, "session");
}

const char *fix_revoke_words(const struct group *group)
{
	size_t dated = group->live + group->expired + group->never;
	bool expired = dated && group->expired == group->files;
	if (group->worst->rule->role == ROLE_SIGNING_KEY)
		return "Whoever deploys the application sets a new key outside "
		       "of the repository; that ends all sessions that the old "
		       "one signed.";
	if (group->kind != GROUP_SECRET && expired)
		return "All have expired by the date of this report. Whoever "
		       "runs the server makes sure that it does not accept "
		       "them.";
	if (group->kind == GROUP_STORE || is_session_file(group))
		return "Whoever runs the server ends these sessions where it "
		       "keeps them.";
	return "Whoever it was issued to ends or replaces it where it is "
	       "accepted.";
}

static void add_state(
	struct buf *out, const char **comma, size_t count, const char *word)
{
	if (!count)
		return;
	buf_add_text(out, *comma);
	add_number(out, count);
	buf_printf(out, " %s", word);
	*comma = ", ";
}

void fix_add_expiry(struct buf *out, const struct group *group)
{
	const char *comma = "";
	if (!group->has_expiry && !group->never)
		return;
	add_state(out, &comma, group->live, "live");
	add_state(out, &comma, group->expired, "expired");
	add_state(out, &comma, group->never, "never expiring");
}

void fix_add_name(struct buf *out, const struct group *group)
{
	if (group->kind == GROUP_PATH && finding_names_id(group->worst))
		add_path_without_id(out, group->name);
	else
		buf_add_text(out, group->name);
	if (group->is_folder)
		buf_add_text(out, *group->name ? "/" : "./");
}
