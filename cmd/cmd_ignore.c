/* ignore: .gitignore entries for what a scan finds, with a proof. */
#include "base/alloc.h"
#include "cmd/cmd.h"
#include "cmd/finding_scan.h"
#include "cmd/ignore_input.h"
#include "cmd/ignore_print.h"
#include "cmd/scan_target.h"
#include "cmd/terminal.h"
#include "remedy/ignore_tidy.h"
#include "remedy/known_paths.h"

#include <string.h>

struct fields {
	bool suggest, check, write, undo;
	bool nested, tidy, dry_run;
	struct opt_list also;
	struct finding_scan_opts scan;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_GROUP, .help = "What to do" },
	{ OPT_FLAG, 0, "suggest", FIELD(suggest),
		.help = "print the entries that are missing (default)" },
	{ OPT_FLAG, 0, "check", FIELD(check),
		.help = "only say what is not ignored; exit with 1 if "
			"anything is not" },
	{ OPT_FLAG, 0, "write", FIELD(write),
		.help = "put the entries into .gitignore" },
	{ OPT_FLAG, 0, "undo", FIELD(undo), .help = "take them out again" },
	{ OPT_FLAG, 'n', "dry-run", FIELD(dry_run),
		.help = "with --write or --undo: show the change as a diff" },
	{ OPT_GROUP, .help = "How" },
	{ OPT_FLAG, 0, "nested", FIELD(nested),
		.help = "write into the nearest .gitignore instead of the "
			"one at the top" },
	{ OPT_FLAG, 0, "tidy", FIELD(tidy),
		.help = "also remove lines that others make superfluous, if "
			"no decision on any known path changes" },
	{ OPT_LIST, 0, "also", FIELD(also), .argument = "<folder>",
		.help = "cover this folder too, even if nothing was found in "
			"it" },
	{ OPT_GROUP,
		.help = "What to cover (default: --index --history "
			"--worktree)" },
	{ OPT_BITS, 0, "worktree", FIELD(scan.sources), PLACE_WORKTREE,
		.help = "session directories on disk, tracked or not" },
	FINDING_SCAN_ROWS(FIELD(scan)),
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "ignore [<options>] [<repository>] [--] [<pathspec>...]",
	.description =
		"Scans, and finds the smallest set of .gitignore entries that "
		"covers every session store and other file found that does not "
		"belong into the repository. Ignoring a path does not untrack "
		"it: see 'git hygiene untrack'.\n\n"
		"Nothing is written without --write. Your lines stay as they "
		"are; the entries stand in one marked block, which a later run "
		"updates and --undo takes out. Before anything is written and "
		"again after it, every finding and every other tracked path is "
		"judged as git does, and the result is printed.\n\n"
		"Exit code: 0 all is covered, 1 something is not (with --check "
		"and --suggest: something was not), 3 not everything could be "
		"scanned, 128 cannot run, 129 usage.",
	.opts = opts,
	.keep_dashes = true,
};

static void fields_clear(struct fields *fields)
{
	opt_list_clear(&fields->also);
	finding_scan_opts_clear(&fields->scan);
}

static int make_input(struct ignore_input *input, const struct fields *fields,
	const struct scan_result *result, const struct scan_setup *setup,
	struct repo *repo, const struct log *log, struct err *err)
{
	unsigned sources = fields->scan.sources;
	ignore_input_add_findings(input, result);
	int rc = ignore_input_add_folders(input, &fields->also, err);
	bool disk = !sources || sources & PLACE_WORKTREE;
	if (rc == 0 && disk)
		rc = ignore_input_add_disk(input, setup, repo, err);
	if (rc == 0 && !input->complete)
		log_warn(log,
			"not every folder on disk could be looked at, so there "
			"may be more session files than are told here");
	if (rc == 0 && disk && !setup->scan.pathspec)
		rc = ignore_input_add_configured(input, repo, err);
	return rc < 0 ? rc
		      : ignore_input_finish(input, repo, setup->rules, err);
}

/** Names the first object without which not all paths are known. */
static void say_unproven(const struct scan_result *skips, const struct log *log)
{
	for (size_t i = 0; i < skips->skipped_count; i++) {
		const struct skipped *skipped = &skips->skipped[i];
		if (!skip_is_incomplete(skipped->reason))
			continue;
		log_warn(log,
			"--tidy removes no line: not all paths of the history "
			"are known (%s %s)",
			skip_reason_name(skipped->reason), skipped->object);
		return;
	}
}

/** Removes no line where not all paths are known, and says so. */
static int tidy(struct ignore_plan *plan, unsigned jobs, struct repo *repo,
	struct err *err)
{
	CLEANUP(scan_result_clear) struct scan_result skips = { 0 };
	CLEANUP(path_table_clear) struct path_table paths = { 0 };
	int rc = known_paths_on_disk(&paths, plan->worktree, err);
	if (rc == 0)
		rc = known_paths_in_history(&paths, &skips, repo, jobs, err);
	if (rc < 0)
		return rc;
	if (!skips.complete) {
		say_unproven(&skips, plan->opts.log);
		plan->unproven = true;
		return 0;
	}
	for (size_t i = 0; i < plan->opts.other_count; i++)
		path_table_add(&paths, plan->opts.others[i],
			strlen(plan->opts.others[i]));
	rc = ignore_tidy_apply(plan, &paths, err);
	return rc < 0 ? rc : ignore_plan_prove(plan, err);
}

static int change(struct ignore_plan *plan, const struct fields *fields,
	const struct ignore_print *print, struct err *err)
{
	if (fields->dry_run) {
		ignore_print_diff(print, plan);
		return 0;
	}
	int rc = ignore_plan_write(plan, err);
	if (rc == 0)
		ignore_print_written(print, plan);
	return rc;
}

static int check(const struct ignore_plan_opts *plan_opts,
	struct name_guard *guard, FILE *out, struct err *err)
{
	CLEANUP(ignore_print_clear) struct ignore_print print = { 0 };
	CLEANUP(ignore_plan_clear)
	struct ignore_plan plan = { .worktree = -1 };
	int rc = ignore_plan_check(&plan, plan_opts, err);
	if (rc == 0)
		rc = ignore_print_init(
			&print, out, terminal_is_utf8(), &plan, guard, err);
	if (rc < 0)
		return rc;
	ignore_print_open(&print, &plan);
	return plan.before_count < plan_opts->target_count;
}

/** input->complete becomes false where not all was known that had to be. */
static int plan_and_act(struct ignore_input *input,
	const struct ignore_plan_opts *plan_opts, const struct fields *fields,
	const struct scan_setup *setup, struct repo *repo, FILE *out,
	struct err *err)
{
	CLEANUP(ignore_print_clear) struct ignore_print print = { 0 };
	CLEANUP(ignore_plan_clear)
	struct ignore_plan plan = { .worktree = -1 };
	int rc = ignore_plan_make(&plan, plan_opts, err);
	if (rc == 0 && !fields->undo)
		rc = ignore_tidy_find(&plan, err);
	if (rc == 0 && fields->tidy)
		rc = tidy(&plan, setup->scan.jobs, repo, err);
	if (rc == 0)
		rc = ignore_print_init(&print, out, terminal_is_utf8(), &plan,
			input->guard, err);
	if (rc < 0)
		return rc;
	input->complete = input->complete && !plan.unproven;
	if (!fields->undo)
		ignore_print_entries(&print, &plan);
	if (fields->write || fields->undo)
		rc = change(&plan, fields, &print, err);
	if (rc < 0)
		return rc;
	if (fields->undo)
		return 0;
	ignore_print_proof(&print, &plan);
	return (fields->write ? plan.after_count : plan.before_count) <
		plan_opts->target_count;
}

static int ignore(struct fields *fields, const struct cmd_env *env, int words,
	char **argv, struct err *err)
{
	CLEANUP(repo_freep) struct repo *repo = NULL;
	CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
	CLEANUP(scan_setup_clear) struct scan_setup setup = { 0 };
	CLEANUP(scan_result_clear) struct scan_result result = { 0 };
	CLEANUP(ignore_input_clear)
	struct ignore_input input = { .complete = true };
	int rc = scan_target_open(
		&repo, &pathspec, env->git_dir, words, argv, err);
	if (rc == 0 && !repo_worktree(repo))
		rc = err_set(err, ERR_UNSUPPORTED,
			"%s has no worktree, so nothing in it is ignored; "
			"run this in a clone",
			repo_name(repo));
	if (rc == 0)
		rc = finding_scan(&result, &setup, repo, pathspec,
			&fields->scan, env, err);
	if (rc == 0)
		rc = make_input(
			&input, fields, &result, &setup, repo, &env->log, err);
	if (rc < 0)
		return rc;
	struct ignore_plan_opts plan_opts;
	ignore_input_plan_opts(&plan_opts, &input, repo);
	plan_opts.nested = fields->nested;
	plan_opts.undo = fields->undo;
	plan_opts.log = &env->log;
	rc = fields->check ? check(&plan_opts, input.guard, env->out, err)
			   : plan_and_act(&input, &plan_opts, fields, &setup,
				     repo, env->out, err);
	if (rc != 0)
		return rc < 0 ? rc : EXIT_FINDINGS;
	return result.complete && input.complete ? EXIT_CLEAN : EXIT_INCOMPLETE;
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	CLEANUP(fields_clear) struct fields fields = { 0 };
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	if (fields.suggest + fields.check + fields.write + fields.undo > 1)
		return err_set(err, ERR_USAGE,
			"--suggest, --check, --write and --undo exclude each "
			"other");
	if (fields.dry_run && !fields.write && !fields.undo)
		return err_set(err, ERR_USAGE,
			"--dry-run goes with --write or --undo");
	return ignore(&fields, env, words, argv, err);
}

static const struct cmd_example examples[] = {
	{ "ignore", "the entries that are missing" },
	{ "ignore --write", "put them into .gitignore" },
	{ "ignore --check", "exit with 1 if something is not covered" },
	{ 0 },
};

const struct cmd cmd_ignore = {
	.name = "ignore",
	.summary = "cover what was found by .gitignore, with a proof",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
