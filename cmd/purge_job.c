#include "cmd/purge_job.h"

#include "base/alloc.h"
#include "cmd/output.h"
#include "cmd/scan_target.h"
#include "scanner/name_guard.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void clear_findings(struct purge_job *job)
{
	purge_search_clear(&job->search);
	purge_plan_clear(&job->plan);
	inventory_clear(&job->inventory);
}

void purge_job_clear(struct purge_job *job)
{
	purge_files_clear(&job->files);
	purge_values_clear(&job->values);
	clear_findings(job);
	purge_target_clear(&job->target);
	scan_result_clear(&job->result);
	scan_setup_clear(&job->setup);
	pathspec_free(job->pathspec);
	repo_free(job->repo);
}

/* Options. */

static int set_threshold(struct purge_job *job, struct err *err)
{
	const char *word = job->fields->severity;
	job->threshold = (struct purge_threshold){
		.files = SEVERITY_INFO,
		.secrets = SEVERITY_MEDIUM,
	};
	if (!word)
		return 0;
	int severity = severity_parse(word);
	if (severity < 0)
		return err_set(err, ERR_USAGE,
			"--severity takes info, low, medium, high or critical, "
			"not '%s'",
			word);
	job->threshold.files = severity;
	job->threshold.secrets = severity;
	return 0;
}

static int set_report(struct purge_job *job, struct err *err)
{
	const struct purge_fields *fields = job->fields;
	int rc = look_is_json(&job->json, &fields->look, err);
	if (rc == 0)
		rc = look_make(&job->report, &fields->look, job->env, err);
	job->log = job->env->log;
	job->log.level = LOG_INFO + job->report.verbosity;
	return rc;
}

static bool shows_progress(const struct purge_job *job)
{
	return progress_is_wanted(&job->fields->progress, job->env->log.out,
		job->report.verbosity);
}

/** Loads rules and what is accepted, as `repo` has them. */
static int load_setup(struct purge_job *job, struct repo *repo, struct err *err)
{
	scan_setup_clear(&job->setup);
	int rc = scan_setup_make(
		&job->setup, &job->fields->setup, job->env, repo, err);
	job->setup.scan.sources = PLACE_INDEX | PLACE_HISTORY;
	job->setup.scan.pathspec = job->pathspec;
	job->setup.scan.not_ignored = true;
	job->scan = job->setup.scan;
	progress_init(&job->progress, job->env->log.out);
	if (shows_progress(job)) {
		job->scan.progress = progress_tell;
		job->scan.progress_ctx = &job->progress;
	}
	return rc;
}

int purge_job_open(struct purge_job *job, const struct purge_fields *fields,
	const struct cmd_env *env, int words, char **argv, struct err *err)
{
	*job = (struct purge_job){ .fields = fields, .env = env };
	int rc = set_threshold(job, err);
	if (rc == 0)
		rc = set_report(job, err);
	if (rc == 0)
		rc = scan_target_open(&job->repo, &job->pathspec, env->git_dir,
			words, argv, err);
	return rc < 0 ? rc : load_setup(job, job->repo, err);
}

/* Aim. */

/** Scans all commits that there are, whether or not a ref reaches them. */
static int scan_all(struct purge_job *job, struct repo *repo,
	const struct inventory *inventory, struct scan_result *out,
	struct err *err)
{
	CLEANUP(freep)
	struct oid *commits = xcalloc(inventory->name_count, sizeof(*commits));
	struct scan_opts *opts = &job->setup.scan;
	size_t count = 0;
	for (size_t i = 0; i < inventory->name_count; i++)
		if (inventory->names[i].type == OBJECT_COMMIT)
			commits[count++] = inventory->names[i].oid;
	opts->more_commits = commits;
	opts->more_commit_count = count;
	int rc = scan_setup_run(
		out, &job->setup, repo, job->env, shows_progress(job), err);
	opts->more_commits = NULL;
	opts->more_commit_count = 0;
	return rc;
}

static int aim_at(struct purge_job *job, struct repo *repo,
	struct inventory *inventory, struct scan_result *result,
	struct err *err)
{
	int rc = inventory_take(inventory, repo, &job->scan, err);
	progress_end(&job->progress);
	if (rc == 0)
		rc = scan_all(job, repo, inventory, result, err);
	if (rc < 0)
		return rc;
	purge_target_from_scan(&job->target, result, &inventory->changes,
		&job->threshold, job->setup.key);
	job->target.accepted = scan_result_count_accepted(result);
	job->target.excluded = result->excluded;
	purge_target_add_skips(&job->target, result, false);
	return purge_target_add_pointers(&job->target, inventory, err);
}

int purge_job_aim(struct purge_job *job, struct err *err)
{
	return aim_at(job, job->repo, &job->inventory, &job->result, err);
}

static int aim_by_repository(struct purge_job *job, struct err *err)
{
	CLEANUP(repo_freep) struct repo *repo = NULL;
	CLEANUP(inventory_clear) struct inventory inventory = { 0 };
	CLEANUP(scan_result_clear) struct scan_result result = { 0 };
	const struct repo_opts opts = { .start = job->fields->against };
	int rc = repo_open(&repo, &opts, err);
	if (rc == 0)
		rc = load_setup(job, repo, err);
	if (rc == 0)
		rc = aim_at(job, repo, &inventory, &result, err);
	if (rc == 0)
		purge_target_add_skips(&job->target, &inventory.skips, true);
	return rc;
}

static int aim_by_plan(struct purge_job *job, struct err *err)
{
	int rc = purge_target_load(&job->target, job->fields->against, err);
	if (rc < 0 || (!job->target.secret_count && !job->target.hidden_count))
		return rc;
	purge_target_set_key(&job->target, job->setup.key);
	char check[FINGERPRINT_HEX + 1];
	purge_key_check(check, job->setup.key);
	if (strcmp(check, job->target.key_check) != 0)
		return err_set(err, ERR_UNSUPPORTED,
			"%s was made with another hygiene.fingerprintKey: "
			"secrets cannot be told by it",
			job->fields->against);
	if (strcmp(ruleset_digest(job->setup.rules),
		    job->target.rules_digest) != 0)
		log_warn(&job->log,
			"the rules are not those of the plan: a secret that "
			"they do not find is not searched for");
	return 0;
}

int purge_job_aim_by(struct purge_job *job, struct err *err)
{
	struct stat st;
	if (stat(job->fields->against, &st) < 0)
		return err_errno(err, "%s", job->fields->against);
	int rc = S_ISDIR(st.st_mode) ? aim_by_repository(job, err)
				     : aim_by_plan(job, err);
	return rc < 0
		? rc
		: inventory_take(&job->inventory, job->repo, &job->scan, err);
}

/* Plan, search, report. */

int purge_job_find_values(struct purge_job *job, struct err *err)
{
	return purge_values_find(&job->values, &job->inventory, &job->result,
		&job->target, job->setup.key, job->setup.scan.decode_depth,
		err);
}

int purge_job_write_files(struct purge_job *job, struct err *err)
{
	return purge_files_write(&job->files, job->fields->files, &job->target,
		&job->inventory.changes, &job->values, err);
}

/** Masks the secrets in what the holder is called, which is for people alone
 * from here on. */
static int mask_holder(struct holder *holder, struct arena *arena,
	struct name_guard *guard, struct err *err)
{
	const char **names[] = { &holder->name, &holder->worktree };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		CLEANUP(buf_clear) struct buf shown;
		buf_init(&shown, 0);
		if (!*names[i] || !**names[i])
			continue;
		int rc = name_guard_add(&shown, guard, *names[i], err);
		if (rc < 0)
			return rc;
		if (strcmp(shown.bytes, *names[i]) != 0)
			*names[i] = arena_strdup(arena, shown.bytes);
	}
	return 0;
}

static int mask_places(struct purge_job *job, struct err *err)
{
	CLEANUP(name_guard_freep) struct name_guard *guard = NULL;
	struct purge_search *search = &job->search;
	int rc = search->place_count
		? name_guard_new(&guard, job->setup.rules, err)
		: 0;
	for (size_t i = 0; i < search->place_count && rc == 0; i++)
		rc = mask_holder(&search->places[i].holder,
			&search->stores.arena, guard, err);
	return rc;
}

int purge_job_search(struct purge_job *job, struct err *err)
{
	int rc = purge_search_run(&job->search, &job->inventory, &job->target,
		&job->values, job->setup.rules, &job->scan, err);
	progress_end(&job->progress);
	return rc < 0 ? rc : mask_places(job, err);
}

/** A ref that changes without holding anything is in no place, so it is masked
 * here. */
static int mask_effects(struct purge_job *job, struct err *err)
{
	CLEANUP(name_guard_freep) struct name_guard *guard = NULL;
	struct purge_plan *plan = &job->plan;
	struct arena *arena = &job->search.stores.arena;
	int rc = plan->effect_count
		? name_guard_new(&guard, job->setup.rules, err)
		: 0;
	for (size_t i = 0; i < plan->effect_count && rc == 0; i++) {
		struct holder *shown = arena_alloc(arena, sizeof(*shown));
		*shown = *plan->effects[i].holder;
		rc = mask_holder(shown, arena, guard, err);
		plan->effects[i].holder = shown;
	}
	return rc;
}

int purge_job_plan(struct purge_job *job, struct err *err)
{
	int rc = purge_plan_make(
		&job->plan, &job->inventory, &job->target, &job->search, err);
	return rc < 0 ? rc : mask_effects(job, err);
}

void purge_job_view(
	struct purge_view *out, const struct purge_job *job, bool is_plan)
{
	*out = (struct purge_view){
		.inventory = &job->inventory,
		.target = &job->target,
		.search = &job->search,
		.plan = is_plan ? &job->plan : NULL,
		.files = is_plan && job->files.folder ? &job->files : NULL,
		.opts = &job->report,
		.rules_digest = ruleset_digest(job->setup.rules),
		.now = job->scan.now,
	};
}

int purge_job_save(
	const struct purge_view *view, const char *path, struct err *err)
{
	CLEANUP(output_clear) struct output output = { 0 };
	int rc = output_open(&output, path, err);
	if (rc < 0)
		return rc;
	purge_write_json(output.file, view);
	return output_commit(&output, err);
}

int purge_job_report(const struct purge_job *job, bool is_plan, struct err *err)
{
	const struct purge_fields *fields = job->fields;
	struct purge_view view;
	purge_job_view(&view, job, is_plan);
	if (job->json)
		purge_write_json(job->env->out, &view);
	else
		purge_print(job->env->out, &view);
	return fields->output ? purge_job_save(&view, fields->output, err) : 0;
}

int purge_job_turn_to(
	struct purge_job *job, const char *folder, struct err *err)
{
	clear_findings(job);
	repo_free(job->repo);
	job->repo = NULL;
	const struct repo_opts opts = { .start = folder };
	int rc = repo_open(&job->repo, &opts, err);
	return rc < 0
		? rc
		: inventory_take(&job->inventory, job->repo, &job->scan, err);
}
