#include "cmd/fix_job.h"

#include "base/alloc.h"
#include "remedy/ignore_tidy.h"
#include "report/id_in_name.h"
#include "scanner/audit_mask.h"

#include <stdlib.h>
#include <string.h>

void fix_job_clear(struct fix_job *job)
{
	audit_clear(&job->audit);
	untrack_paths_clear(&job->untrack);
	untrack_paths_clear(&job->edit);
	ignore_plan_clear(&job->ignore);
	ignore_input_clear(&job->ignore_input);
	group_list_clear(&job->groups);
	group_list_clear(&job->all);
	free(job->id_names);
	purge_job_clear(&job->purge);
}

static int find_ignore(struct fix_job *job, struct err *err)
{
	struct ignore_input *input = &job->ignore_input;
	struct purge_job *purge = &job->purge;
	int rc = 0;
	ignore_input_add_findings(input, &purge->result);
	if (job->has_worktree)
		rc = ignore_input_add_disk(
			input, &purge->setup, purge->repo, err);
	if (rc == 0 && !purge->pathspec)
		ignore_input_add_audited(input, &job->audit);
	if (rc == 0)
		rc = ignore_input_finish(
			input, purge->repo, purge->setup.rules, err);
	if (rc < 0)
		return rc;
	struct ignore_plan_opts plan_opts;
	ignore_input_plan_opts(&plan_opts, input, purge->repo);
	plan_opts.log = &purge->log;
	rc = ignore_plan_make(&job->ignore, &plan_opts, err);
	return rc < 0 ? rc : ignore_tidy_find(&job->ignore, err);
}

static int find_settings(struct fix_job *job, struct err *err)
{
	const struct audit_opts opts = {
		.source = job->has_worktree ? AUDIT_WORKTREE : AUDIT_REVISION,
		.revision = "HEAD",
		.pathspec = job->purge.pathspec,
	};
	return audit_run(&job->audit, job->purge.repo, job->purge.setup.rules,
		&opts, err);
}

/* Without an index it is HEAD that tracks them. */
static void mark_tracked(struct fix_job *job)
{
	struct scan_result *result = &job->purge.result;
	for (size_t i = 0; !job->has_worktree && i < result->finding_count; i++)
		result->findings[i].tracked =
			tracked_files_has(&job->ignore_input.tracked,
				finding_file(&result->findings[i]));
}

/* A tracked file that belongs where it is, and has it in its present content;
 * settings are a step of their own. */
static bool is_to_edit(const struct fix_job *job, const struct finding *finding)
{
	bool present = job->has_worktree ? finding->places & PLACE_INDEX
					 : finding->at_tip;
	return finding->tracked && present && finding_counts(finding) &&
		finding_is_in_tree(finding) && !finding->rule->config &&
		finding->severity >= SEVERITY_LOW;
}

static void find_untrack(struct fix_job *job)
{
	const struct scan_result *result = &job->purge.result;
	untrack_paths_add_findings(&job->untrack, result);
	untrack_paths_sort(&job->untrack);
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *finding = &result->findings[i];
		const char *file = finding_file(finding);
		if (is_to_edit(job, finding) &&
			!untrack_paths_has(&job->untrack, file))
			untrack_paths_add(&job->edit, file, finding->path);
	}
	untrack_paths_sort(&job->edit);
}

static int compare_paths(const void *a, const void *b)
{
	const struct finding *const *left = a;
	const struct finding *const *right = b;
	return strcmp((*left)->path, (*right)->path);
}

static void find_id_names(struct fix_job *job)
{
	const struct scan_result *result = &job->purge.result;
	job->id_names = xcalloc(result->finding_count, sizeof(*job->id_names));
	for (size_t i = 0; i < result->finding_count; i++)
		if (finding_names_id(&result->findings[i]))
			job->id_names[job->id_name_count++] =
				&result->findings[i];
	if (job->id_name_count)
		qsort(job->id_names, job->id_name_count, sizeof(*job->id_names),
			compare_paths);
}

void fix_job_add_path(
	struct buf *out, const struct fix_job *job, const char *path)
{
	const struct finding key = { .path = path };
	const struct finding *wanted = &key;
	if (job->id_name_count &&
		bsearch(&wanted, job->id_names, job->id_name_count,
			sizeof(*job->id_names), compare_paths))
		add_path_without_id(out, path);
	else
		buf_add_text(out, path);
}

static int find_purge(struct fix_job *job, struct err *err)
{
	int rc = purge_job_search(&job->purge, err);
	return rc < 0 ? rc : purge_job_plan(&job->purge, err);
}

static int find_files(struct fix_job *job, struct err *err)
{
	struct oid head;
	job->has_worktree = repo_worktree(job->purge.repo) != NULL;
	job->has_files = job->has_worktree || repo_head(&head, job->purge.repo);
	if (!job->has_files)
		return 0;
	int rc = find_settings(job, err);
	if (rc == 0)
		rc = find_ignore(job, err);
	return rc < 0 ? rc
		      : audit_mask(&job->audit, job->purge.setup.rules, err);
}

int fix_job_open(struct fix_job *job, const struct scan_setup_opts *opts,
	const struct cmd_env *env, int words, char **argv, struct err *err)
{
	*job = (struct fix_job){
		.purge_fields = { .setup = *opts },
		.ignore_input = { .complete = true },
		.ignore = { .worktree = -1 },
		.audit = { .skipped = { .complete = true } },
	};
	int rc = purge_job_open(
		&job->purge, &job->purge_fields, env, words, argv, err);
	if (rc == 0)
		rc = purge_job_aim(&job->purge, err);
	if (rc == 0)
		rc = find_purge(job, err);
	if (rc == 0)
		rc = find_files(job, err);
	if (rc < 0)
		return rc;
	mark_tracked(job);
	group_list_init(&job->all, &job->purge.result);
	group_list_init_in(
		&job->groups, &job->purge.result, ~(unsigned)PLACE_UNREACHABLE);
	find_untrack(job);
	find_id_names(job);
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
		.edit = job->edit.count,
		.settings = count_settings(&job->audit),
		.history = job->purge.search.left_count,
	};
	for (size_t i = 0; i < job->all.count; i++)
		open.revoke += fix_is_revocable(&job->all.groups[i]);
	return open;
}

bool fix_job_is_incomplete(const struct fix_job *job)
{
	return !job->purge.result.complete || !job->purge.search.complete ||
		!job->ignore_input.complete || !job->audit.skipped.complete;
}
