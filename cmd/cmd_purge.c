/* purge: plan the removal of findings from history, do it, and prove it. */
#include "base/alloc.h"
#include "cmd/interrupt.h"
#include "cmd/purge_job.h"
#include "cmd/scan_rows.h"
#include "remedy/config_programs.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIELD(name) offsetof(struct purge_fields, name)

static const struct opt opts[] = {
	{ OPT_GROUP, .help = "What to do" },
	{ OPT_BITS, 0, "plan", FIELD(mode), PURGE_PLAN,
		.help = "say what a rewrite would touch (default)" },
	{ OPT_BITS, 0, "apply", FIELD(mode), PURGE_APPLY,
		.help = "rewrite a fresh clone, and verify it" },
	{ OPT_BITS, 0, "verify", FIELD(mode), PURGE_VERIFY,
		.help = "prove that nothing is left" },

	{ OPT_GROUP,
		.help = "What is to go (default: all findings, and "
			"secrets from medium on)" },
	{ OPT_TEXT, 0, "severity", FIELD(severity),
		.argument = "(low|medium|high|critical)",
		.help = "only findings from this severity on" },
	SCAN_RULE_ROWS(FIELD(setup)),
	SCAN_SESSION_DIR_ROW(FIELD(setup)),
	{ OPT_TEXT, 0, "against", FIELD(against),
		.argument = "<plan-or-repository>",
		.help = "with --verify: search for what a plan names, or for "
			"what is found in another repository" },

	{ OPT_GROUP, .help = "What is known and accepted" },
	SCAN_BASELINE_ROW(FIELD(setup)),
	SCAN_NO_REPO_CONFIG_ROW(FIELD(setup)),

	{ OPT_GROUP, .help = "Where to" },
	{ OPT_TEXT, 0, "files", FIELD(files), .argument = "<folder>",
		.help = "write the files for git-filter-repo there (default: "
			"a fresh folder below TMPDIR)" },
	{ OPT_TEXT, 0, "into", FIELD(into), .argument = "<folder>",
		.help = "with --apply: make the clone there (default: "
			"<repository>-purged.git)" },
	{ OPT_FLAG, 0, "in-place", FIELD(in_place),
		.help = "with --apply: rewrite the repository itself" },
	{ OPT_TEXT, 0, "backup", FIELD(backup), .argument = "<file>",
		.help = "with --in-place: the bundle to write before (default: "
			"<repository>-before-purge.bundle)" },

	{ OPT_GROUP, .help = "What to say" },
	LOOK_FORMAT_ROW(FIELD(look)),
	{ OPT_TEXT, 'o', "output", FIELD(output), .argument = "<file>",
		.help = "also write the plan or certificate as JSON" },
	LOOK_COLOR_ROW(FIELD(look)),
	LOOK_VERBOSITY_ROWS(FIELD(look)),

	{ OPT_GROUP, .help = "How" },
	SCAN_BLOB_SIZE_ROW(FIELD(setup)),
	SCAN_DECODE_ROW(FIELD(setup)),
	SCAN_JOBS_ROW(FIELD(setup)),
	PROGRESS_ROWS(FIELD(progress)),
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "purge [--plan] [<options>] [<repository>] [--] "
		 "[<pathspec>...]\n"
		 "purge --apply [<options>] [<repository>] [--] "
		 "[<pathspec>...]\n"
		 "purge --verify [--against=<plan-or-repository>] "
		 "[<options>] [<repository>]",
	.description =
		"Gets session data and other secrets out of history: files "
		"that do not belong into a repository go whole, secrets "
		"inside other files are replaced.\n\n"
		"--plan changes nothing. It writes the files that "
		"git-filter-repo needs; the one with the secrets is yours to "
		"delete.\n\n"
		"--apply runs git-filter-repo, on a mirror clone that it "
		"makes, or with --in-place on the repository itself, after a "
		"bundle of everything was written and verified. It talks to "
		"no remote. In place it refuses while the repository's own "
		"configuration names programs, such as filters: a clone does "
		"not run them.\n\n"
		"--verify looks at every object, reachable or not, in packs, "
		"loose, and in alternates; and at refs, stash entries, "
		"reflogs, notes, and the indexes of all worktrees. What is "
		"left is named, with the command that removes it.\n\n"
		"Exit code: 0 done, nothing left; 1 something is left; 3 "
		"nothing found, but not everything could be looked at; 128 "
		"cannot run, 129 usage.",
	.opts = opts,
	.keep_dashes = true,
};

static void fields_clear(struct purge_fields *fields)
{
	scan_setup_opts_clear(&fields->setup);
}

/** Writes the files for the user, who is told of them whatever happens. */
static int leave_files(struct purge_job *job, struct err *err)
{
	int rc = purge_job_find_values(job, err);
	if (rc < 0)
		return rc;
	interrupt_hold();
	rc = purge_job_write_files(job, err);
	if (rc == 0 && job->files.replacements)
		log_warn(&job->log,
			"'%s' holds the secrets: delete it when you are done",
			job->files.replacements);
	interrupt_release(false);
	return rc;
}

static int run_plan(struct purge_job *job, struct err *err)
{
	int rc = purge_job_aim(job, err);
	if (rc == 0)
		rc = purge_job_search(job, err);
	if (rc == 0)
		rc = purge_job_plan(job, err);
	if (rc == 0 && !purge_target_is_empty(&job->target))
		rc = leave_files(job, err);
	if (rc == 0)
		rc = purge_job_report(job, true, err);
	if (rc < 0)
		return rc;
	return job->search.complete ? EXIT_CLEAN : EXIT_INCOMPLETE;
}

static int verify_exit_code(const struct purge_job *job)
{
	if (job->search.left_count)
		return EXIT_FINDINGS;
	return job->search.complete ? EXIT_CLEAN : EXIT_INCOMPLETE;
}

static int run_verify(struct purge_job *job, struct err *err)
{
	int rc = job->fields->against ? purge_job_aim_by(job, err)
				      : purge_job_aim(job, err);
	if (rc == 0)
		rc = purge_job_search(job, err);
	if (rc == 0)
		rc = purge_job_report(job, false, err);
	return rc < 0 ? rc : verify_exit_code(job);
}

/* Apply. */

/** Absolute, for programs that run elsewhere: as typed, or else the path of
 * the repository with an ending. Caller frees. */
static int name_beside(char **out, const struct repo *repo, const char *typed,
	const char *ending, struct err *err)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	if (typed && *typed != '/') {
		CLEANUP(freep) char *here = getcwd(NULL, 0);
		if (!here)
			return err_errno(err, "the current folder");
		buf_printf(&path, "%s/", here);
	}
	if (typed) {
		buf_add_text(&path, typed);
	} else {
		CLEANUP(freep) char *real = realpath(repo_name(repo), NULL);
		if (!real)
			return err_errno(err, "%s", repo_name(repo));
		size_t len = strlen(real);
		bool bare = len > 4 && !strcmp(real + len - 4, ".git");
		buf_add(&path, real, bare ? len - 4 : len);
		buf_add_text(&path, ending);
	}
	*out = buf_steal(&path);
	return 0;
}

static int check_shallow(const struct purge_job *job, struct err *err)
{
	const struct scan_result *skips = &job->inventory.skips;
	for (size_t i = 0; i < skips->skipped_count; i++)
		if (skips->skipped[i].reason == SKIP_SHALLOW)
			return err_set(err, ERR_UNSUPPORTED,
				"a shallow clone cannot be purged: git fetch "
				"--unshallow first");
	return 0;
}

/** Makes the clone that is rewritten. */
static int prepare_clone(char **folder, const struct purge_job *job,
	const struct purge_tools *tools, struct err *err)
{
	int rc = name_beside(
		folder, job->repo, job->fields->into, "-purged.git", err);
	if (rc == 0)
		rc = purge_clone(tools, repo_name(job->repo), *folder, err);
	if (rc == 0)
		log_info(&job->log, "the clone is '%s'", *folder);
	return rc;
}

/** Backs the repository up, which is then rewritten itself. */
static int prepare_in_place(char **folder, const struct purge_job *job,
	const struct purge_tools *tools, struct err *err)
{
	CLEANUP(freep) char *bundle = NULL;
	int rc = purge_check_in_place(tools, &job->inventory, err);
	if (rc == 0)
		rc = name_beside(&bundle, job->repo, job->fields->backup,
			"-before-purge.bundle", err);
	if (rc == 0)
		rc = purge_backup(tools, job->repo, bundle, err);
	if (rc < 0)
		return rc;
	log_warn(&job->log,
		"the backup '%s' holds all that is purged: delete it when you "
		"are done",
		bundle);
	*folder = realpath(repo_name(job->repo), NULL);
	return *folder ? 0 : err_errno(err, "%s", repo_name(job->repo));
}

static void tell_unfinished(const struct purge_job *job, const char *folder)
{
	if (job->fields->in_place)
		log_warn(&job->log,
			"the rewrite of '%s' did not end; the backup holds "
			"what it was",
			folder);
	else
		log_warn(&job->log,
			"the rewrite did not end; '%s' still holds what is to "
			"be purged: delete it before the next run",
			folder);
}

/** The part during which secrets lie on disk, in files and in a clone. Signals
 * are held back, and end the program that runs: once it has, the files are
 * removed. */
static int rewrite_held(struct purge_job *job, const struct purge_tools *tools,
	char **folder, struct err *err)
{
	int rc = job->fields->in_place
		? prepare_in_place(folder, job, tools, err)
		: prepare_clone(folder, job, tools, err);
	if (rc < 0)
		return rc;
	if (!interrupt_is_held())
		rc = purge_job_write_files(job, err);
	if (rc == 0 && !interrupt_is_held())
		rc = purge_rewrite(tools, *folder, &job->files, err);
	if (job->files.is_temporary)
		purge_files_remove(&job->files);
	if (rc < 0 || interrupt_is_held())
		tell_unfinished(job, *folder);
	return rc;
}

static int rewrite(struct purge_job *job, const struct purge_tools *tools,
	char **folder, struct err *err)
{
	int rc = config_check_whole(tools->git, job->repo, err);
	if (rc == 0)
		rc = purge_job_aim(job, err);
	if (rc == 0)
		rc = check_shallow(job, err);
	if (rc < 0 || purge_target_is_empty(&job->target))
		return rc;
	rc = purge_job_find_values(job, err);
	if (rc < 0)
		return rc;
	interrupt_hold();
	rc = rewrite_held(job, tools, folder, err);
	interrupt_release(false);
	return rc;
}

static int run_apply(struct purge_job *job, struct err *err)
{
	CLEANUP(purge_tools_clear) struct purge_tools tools = { 0 };
	CLEANUP(freep) char *folder = NULL;
	int rc = purge_tools_find(&tools, err);
	if (rc < 0)
		return rc;
	log_info(&job->log, "git-filter-repo is '%s', version %s",
		tools.filter_repo, tools.version);
	rc = rewrite(job, &tools, &folder, err);
	if (rc == 0 && folder)
		rc = purge_job_turn_to(job, folder, err);
	if (rc == 0)
		rc = purge_job_search(job, err);
	if (rc == 0)
		rc = purge_job_report(job, false, err);
	return rc < 0 ? rc : verify_exit_code(job);
}

/* Dispatch. */

static int check_fields(const struct purge_fields *fields, struct err *err)
{
	unsigned mode = fields->mode ? fields->mode : PURGE_PLAN;
	if (mode & (mode - 1))
		return err_set(err, ERR_USAGE,
			"--plan, --apply and --verify exclude each other");
	if (fields->against && mode != PURGE_VERIFY)
		return err_set(err, ERR_USAGE, "--against goes with --verify");
	if ((fields->into || fields->in_place) && mode != PURGE_APPLY)
		return err_set(err, ERR_USAGE,
			"--into and --in-place go with --apply");
	if (fields->into && fields->in_place)
		return err_set(err, ERR_USAGE,
			"--into and --in-place exclude each other");
	if (fields->backup && !fields->in_place)
		return err_set(err, ERR_USAGE, "--backup goes with --in-place");
	if (fields->files && mode == PURGE_VERIFY)
		return err_set(
			err, ERR_USAGE, "--files goes with --plan or --apply");
	return 0;
}

static int run_mode(struct purge_job *job, struct err *err)
{
	if (job->fields->mode & PURGE_VERIFY && job->pathspec &&
		job->fields->against)
		return err_set(err, ERR_USAGE,
			"with --against, a pathspec has no say");
	if (job->fields->mode & PURGE_APPLY)
		return run_apply(job, err);
	if (job->fields->mode & PURGE_VERIFY)
		return run_verify(job, err);
	return run_plan(job, err);
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	CLEANUP(fields_clear) struct purge_fields fields = { 0 };
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	int rc = check_fields(&fields, err);
	if (rc < 0)
		return rc;
	CLEANUP(purge_job_clear) struct purge_job job;
	rc = purge_job_open(&job, &fields, env, words, argv, err);
	return rc < 0 ? rc : run_mode(&job, err);
}

static const struct cmd_example examples[] = {
	{ "purge --plan", "what would be rewritten, and the commands" },
	{ "purge --apply", "rewrite a fresh clone" },
	{ "purge --verify", "prove that nothing is left" },
	{ 0 },
};

const struct cmd cmd_purge = {
	.name = "purge",
	.summary = "get findings out of history, and prove that they are gone",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
