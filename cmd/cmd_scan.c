/* scan: find session data and other secrets in a repository. */
#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/scan_range.h"
#include "cmd/scan_rows.h"
#include "cmd/scan_setup.h"
#include "cmd/scan_target.h"
#include "cmd/terminal.h"
#include "report/report.h"

#include <string.h>
#include <unistd.h>

/** The command line as typed. */
struct fields {
	unsigned sources;
	bool ignored;
	struct range_fields range;
	struct scan_setup_opts setup;
	const char *format;
	const char *output;
	const char *color;
	bool progress, no_progress;
	bool libgit2;
	bool verify_objects;
	int verbosity, quiet;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_GROUP, .help = "What to look at (default: --index --history)" },
	{ OPT_BITS, 0, "index", FIELD(sources), PLACE_INDEX,
		.help = "what is tracked now" },
	{ OPT_BITS, 0, "staged", FIELD(sources), PLACE_STAGED,
		.help = "what the next commit would change" },
	{ OPT_BITS, 0, "worktree", FIELD(sources), PLACE_WORKTREE,
		.help = "files as they lie on disk, tracked or not" },
	{ OPT_FLAG, 0, "ignored", FIELD(ignored),
		.help = "with --worktree: also files that git ignores" },
	{ OPT_BITS, 0, "history", FIELD(sources), PLACE_HISTORY,
		.help = "every commit that a ref reaches" },
	{ OPT_BITS, 0, "messages", FIELD(sources), PLACE_MESSAGE,
		.help = "the text of commits and annotated tags" },
	{ OPT_LIST, 0, "range", FIELD(range.ranges), .argument = "<range>",
		.help = "of history only the commits of <from>..<to>" },
	{ OPT_TEXT, 0, "since", FIELD(range.since), .argument = "<date>",
		.help = "of history only commits from YYYY-MM-DD on" },
	{ OPT_TEXT, 0, "commits-from", FIELD(range.commits_from),
		.argument = "<file>",
		.help = "of history only the commits listed in a file, - for "
			"standard input" },
	SCAN_BLOB_SIZE_ROW(FIELD(setup)),
	{ OPT_FLAG, 0, "verify-objects", FIELD(verify_objects),
		.help = "check the hash of every object that is read" },
	{ OPT_FLAG, 0, "libgit2", FIELD(libgit2),
		.help = "read packs through libgit2: slower, to compare" },

	{ OPT_GROUP, .help = "What to look for" },
	SCAN_RULE_ROWS(FIELD(setup)),
	SCAN_SESSION_DIR_ROW(FIELD(setup)),

	{ OPT_GROUP, .help = "What is known and accepted" },
	SCAN_BASELINE_ROW(FIELD(setup)),
	SCAN_NO_REPO_CONFIG_ROW(FIELD(setup)),

	{ OPT_GROUP, .help = "What to say" },
	{ OPT_TEXT, 0, "format", FIELD(format), .argument = "<format>",
		.help = "human (default), jsonl or json" },
	{ OPT_TEXT, 'o', "output", FIELD(output), .argument = "<file>",
		.help = "write the report to a file" },
	{ OPT_TEXT, 0, "fail-on", FIELD(setup.fail_on),
		.argument = "<severity>",
		.help = "exit with 1 for findings from this severity on: low "
			"(default), medium, high, critical, or never" },
	{ OPT_TEXT, 0, "min-confidence", FIELD(setup.min_confidence),
		.argument = "<confidence>",
		.help = "report findings from this confidence on: low "
			"(default), medium, high, or certain" },
	SCAN_NOW_ROW(FIELD(setup)),
	{ OPT_TEXT, 0, "color", FIELD(color), .argument = "[=<when>]",
		.help = "always, never or auto (default)" },
	{ OPT_COUNT, 'v', "verbose", FIELD(verbosity), 1,
		.help = "list everything" },
	{ OPT_COUNT, 'q', "quiet", FIELD(quiet), 1,
		.help = "say as little as possible" },

	{ OPT_GROUP, .help = "How" },
	SCAN_JOBS_ROW(FIELD(setup)),
	{ OPT_FLAG, 0, "progress", FIELD(progress),
		.help = "show progress also without a terminal" },
	{ OPT_FLAG, 0, "no-progress", FIELD(no_progress),
		.help = "show no progress" },
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "scan [<options>] [<repository>] [--] [<pathspec>...]",
	.description =
		"Finds session data and other secrets in a Git repository: in "
		"what is tracked now and in the history of every ref, also "
		"after files were deleted, renamed or ignored.\n\n"
		"Without <repository> it is the one around the current "
		"folder.\n\n"
		"A <range> is <from>..<to>, or <commit> for all that it "
		"reaches, or ^<commit> for what is to be left out; several "
		"are put together as by git rev-list. Each commit is "
		"compared with all of its parents, so that what one brought "
		"and a later one took away is found.\n\n"
		"Exit code: 0 nothing found, 1 findings, 3 no finding but not "
		"everything could be looked at, 128 cannot run, 129 usage.",
	.opts = opts,
	.keep_dashes = true,
};

static void fields_clear(struct fields *fields)
{
	opt_list_clear(&fields->range.ranges);
	scan_setup_opts_clear(&fields->setup);
}

/** What the command line means. */
struct plan {
	const struct reporter *reporter;
	unsigned sources; /* enum place */
	const struct repo_pathspec *pathspec;
	struct report_opts report;
};

/** A range asks for history; without any word all that is committed is. */
static unsigned sources_of(const struct fields *fields)
{
	if (range_is_asked(&fields->range))
		return fields->sources | PLACE_HISTORY;
	return fields->sources ? fields->sources : PLACE_INDEX | PLACE_HISTORY;
}

/** Checks what does not need the repository. */
static int make_plan(struct plan *plan, const struct fields *fields,
	const struct cmd_env *env, struct err *err)
{
	const char *format = fields->format ? fields->format : "human";
	plan->reporter = reporter_find(format);
	if (!plan->reporter)
		return err_set(err, ERR_USAGE,
			"--format takes human, jsonl or json, not '%s'",
			format);
	int rc = terminal_color(
		&plan->report.color, env->out, fields->color, err);
	plan->report.color = plan->report.color && !fields->output;
	plan->report.utf8 = terminal_is_utf8();
	plan->report.width = terminal_width(env->out);
	plan->report.verbosity = fields->verbosity - fields->quiet;
	plan->report.version = HYGIENE_VERSION;
	plan->sources = sources_of(fields);
	if (rc == 0 && fields->ignored && !(plan->sources & PLACE_WORKTREE))
		rc = err_set(err, ERR_USAGE, "--ignored goes with --worktree");
	return rc;
}

static int write_report(const struct plan *plan, const struct cmd_env *env,
	const char *path, const struct scan_result *result, struct err *err)
{
	if (!path)
		return plan->reporter->write(
			env->out, result, &plan->report, err);
	CLEANUP(output_clear) struct output output = { 0 };
	int rc = output_open(&output, path, err);
	if (rc == 0)
		rc = plan->reporter->write(
			output.file, result, &plan->report, err);
	return rc < 0 ? rc : output_commit(&output, err);
}

/** Scans and reports; the repository is open. */
static int scan_and_report(struct plan *plan, const struct fields *fields,
	const struct cmd_env *env, struct repo *repo, struct err *err)
{
	bool show = fields->progress ||
		(isatty(fileno(env->log.out)) && plan->report.verbosity >= 0);
	CLEANUP(scan_setup_clear) struct scan_setup setup = { 0 };
	int rc = scan_setup_make(&setup, &fields->setup, env, repo, err);
	if (rc < 0)
		return rc;
	CLEANUP(scan_range_clear) struct scan_range range = { 0 };
	rc = scan_range_parse(&range, &setup.scan, &fields->range, repo, err);
	if (rc < 0)
		return rc;
	setup.scan.sources = plan->sources;
	setup.scan.ignored_too = fields->ignored;
	setup.scan.pathspec = plan->pathspec;
	setup.scan.libgit2_only = fields->libgit2;
	setup.scan.verify_objects = fields->verify_objects;
	CLEANUP(scan_result_clear) struct scan_result result = { 0 };
	rc = scan_setup_run(
		&result, &setup, repo, env, show && !fields->no_progress, err);
	if (rc == 0)
		rc = write_report(plan, env, fields->output, &result, err);
	return rc < 0 ? rc : scan_setup_exit_code(&setup, &result);
}

static int scan(const struct fields *fields, const struct cmd_env *env,
	int words, char **argv, struct err *err)
{
	struct plan plan = { 0 };
	CLEANUP(repo_freep) struct repo *repo = NULL;
	CLEANUP(repo_pathspec_freep) struct repo_pathspec *pathspec = NULL;
	int rc = make_plan(&plan, fields, env, err);
	if (rc == 0)
		rc = scan_target_open(
			&repo, &pathspec, env->git_dir, words, argv, err);
	if (rc < 0)
		return rc;
	plan.pathspec = pathspec;
	return scan_and_report(&plan, fields, env, repo, err);
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	CLEANUP(fields_clear) struct fields fields = { 0 };
	int words = opt_parse(&fields, &spec, argc, argv, err);
	if (words < 0)
		return words;
	if (words == OPT_HELP_ASKED) {
		opt_print_help(env->out, &spec);
		return EXIT_CLEAN;
	}
	return scan(&fields, env, words, argv, err);
}

const struct cmd cmd_scan = {
	.name = "scan",
	.summary = "find session data and other secrets",
	.spec = &spec,
	.run = run,
};
