#include "cmd/fix_job.h"

#include "base/alloc.h"
#include "remedy/ignore_tidy.h"

#include <string.h>

void fix_job_clear(struct fix_job *job)
{
	audit_clear(&job->audit);
	untrack_paths_clear(&job->untrack);
	ignore_plan_clear(&job->ignore);
	ignore_input_clear(&job->ignore_input);
	group_list_clear(&job->groups);
	group_list_clear(&job->all);
	scan_result_clear(&job->result);
	purge_job_clear(&job->purge);
}

static int find_ignore(
	struct fix_job *job, const struct fix_opts *opts, struct err *err)
{
	struct ignore_input *input = &job->ignore_input;
	struct repo *repo = job->purge.repo;
	ignore_input_add_findings(input, &job->purge.result);
	int rc = ignore_input_add_disk(
		input, &opts->scan, repo, job->purge.pathspec, err);
	if (rc == 0)
		rc = ignore_input_finish(input, repo, err);
	if (rc < 0)
		return rc;
	struct ignore_plan_opts plan_opts;
	ignore_input_plan_opts(&plan_opts, input, repo);
	plan_opts.log = &job->purge.log;
	rc = ignore_plan_make(&job->ignore, &plan_opts, err);
	return rc < 0 ? rc : ignore_tidy_find(&job->ignore, err);
}

static int find_settings(struct fix_job *job, struct err *err)
{
	const struct audit_opts opts = {
		.source = AUDIT_WORKTREE,
		.pathspec = job->purge.pathspec,
	};
	return audit_run(
		&job->audit, job->purge.repo, job->purge.rules, &opts, err);
}

/* A purge looks at every commit as if a ref named it, which hides what the
 * refs have and had: that takes a scan of its own. */
static int find_exposed(struct fix_job *job, struct err *err)
{
	struct purge_job *purge = &job->purge;
	int rc = scan_run(
		&job->result, purge->repo, purge->rules, &purge->scan, err);
	progress_end(&purge->progress);
	return rc;
}

static int find_purge(struct fix_job *job, struct err *err)
{
	struct purge_job *purge = &job->purge;
	int rc = purge_job_search(purge, err);
	return rc < 0 ? rc
		      : purge_plan_make(&purge->plan, &purge->inventory,
				&purge->target, &purge->search, err);
}

int fix_job_open(struct fix_job *job, const struct fix_opts *opts,
	const struct cmd_env *env, int words, char **argv, struct err *err)
{
	*job = (struct fix_job){
		.purge_fields = {
			.no_builtin_rules = opts->scan.no_builtin_rules,
			.rules = opts->scan.rules,
			.select = opts->scan.select,
			.disable = opts->scan.disable,
			.session_dirs = opts->scan.session_dirs,
		},
		.ignore_input = { .complete = true },
		.ignore = { .worktree = -1 },
		.audit = { .skipped = { .complete = true } },
	};
	int rc = purge_job_open(
		&job->purge, &job->purge_fields, env, words, argv, err);
	if (rc < 0)
		return rc;
	job->purge.scan.now = opts->now;
	job->has_worktree = repo_worktree(job->purge.repo) != NULL;
	rc = purge_job_aim(&job->purge, err);
	if (rc == 0)
		rc = find_exposed(job, err);
	if (rc == 0)
		rc = find_purge(job, err);
	if (rc == 0 && job->has_worktree)
		rc = find_ignore(job, opts, err);
	if (rc == 0 && job->has_worktree)
		rc = find_settings(job, err);
	if (rc < 0)
		return rc;
	group_list_init(&job->all, &job->purge.result);
	group_list_init(&job->groups, &job->result);
	untrack_paths_add_findings(&job->untrack, &job->purge.result);
	untrack_paths_sort(&job->untrack);
	return 0;
}

int fix_job_update(struct fix_job *job, struct err *err)
{
	CLEANUP(freep) char *name = xstrdup(repo_name(job->purge.repo));
	int rc = purge_job_turn_to(&job->purge, name, err);
	return rc < 0 ? rc : find_purge(job, err);
}

bool fix_is_revocable(const struct group *group)
{
	return group->worst->severity >= SEVERITY_LOW &&
		!group->worst->rule->config;
}

bool fix_row_is_open(const struct audit_row *row)
{
	return row->rule && row->severity >= SEVERITY_LOW;
}

bool fix_store_is_open(const struct audit_store *store)
{
	return store->severity >= SEVERITY_LOW;
}

static size_t count_settings(const struct audit *audit)
{
	size_t count = 0;
	for (size_t i = 0; i < audit->app_count; i++) {
		const struct audit_app *app = &audit->apps[i];
		for (size_t r = 0; r < app->row_count; r++)
			count += fix_row_is_open(&app->rows[r]);
		for (size_t s = 0; s < app->store_count; s++)
			count += fix_store_is_open(&app->stores[s]);
	}
	return count;
}

struct fix_open fix_job_count(const struct fix_job *job)
{
	struct fix_open open = {
		.ignore = job->ignore_input.target_count -
			job->ignore.before_count,
		.untrack = job->untrack.count,
		.settings = count_settings(&job->audit),
		.history = job->purge.search.left_count,
	};
	if (!job->has_worktree)
		open.ignore = 0;
	for (size_t i = 0; i < job->all.count; i++)
		open.revoke += fix_is_revocable(&job->all.groups[i]);
	return open;
}

bool fix_job_is_incomplete(const struct fix_job *job)
{
	return !job->purge.result.complete || !job->purge.search.complete ||
		!job->ignore_input.complete || !job->audit.skipped.complete;
}
