/* fix: all remedies in their order, as a plan or as a dialogue. */
#include "cmd/cmd.h"
#include "cmd/finding_scan.h"
#include "cmd/fix_view.h"

#include <unistd.h>

struct fields {
	bool dry_run, yes;
	struct scan_setup_opts setup;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_GROUP, .help = "What to do" },
	{ OPT_FLAG, 'n', "dry-run", FIELD(dry_run),
		.help = "print the whole plan as Markdown, change nothing "
			"(default without a terminal)" },
	{ OPT_FLAG, 'y', "yes", FIELD(yes),
		.help = "ignore and untrack without asking" },
	{ OPT_GROUP, .help = "What to look for" },
	FINDING_RULE_ROWS(FIELD(setup)),
	SCAN_NOW_ROW(FIELD(setup)),
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "fix [<options>] [<repository>] [--] [<pathspec>...]",
	.description =
		"Leads through all that has to be done about session data and "
		"secrets in a repository, in order: ignore, untrack, settings "
		"of applications, keys and sessions to revoke, history; and "
		"says what remains exposed in any case.\n\n"
		"At a terminal each step is shown and asked about: y does it, "
		"n goes on, q ends. Ignoring and untracking are done here; the "
		"other steps are for people to decide, and are printed. "
		"--dry-run prints all of it as one report for a pull request. "
		"It holds no secret, and of a session id in the name of a file "
		"its first four characters. A bare repository is planned for "
		"by what HEAD holds; nothing is changed there.\n\n"
		"Exit code: 0 nothing is left to do, 1 something is, 3 nothing "
		"that was found, but not everything could be looked at, 128 "
		"cannot run, 129 usage.",
	.opts = opts,
	.keep_dashes = true,
};

static void fields_clear(struct fields *fields)
{
	scan_setup_opts_clear(&fields->setup);
}

static int print_plan(
	const struct fix_job *job, const struct cmd_env *env, struct err *err)
{
	int rc = fix_put_markdown(env->out, job, err);
	const struct fix_open open = fix_job_count(job);
	return rc < 0 ? rc : fix_exit_code(job, &open);
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	CLEANUP(fields_clear) struct fields fields = { 0 };
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	if (fields.dry_run && fields.yes)
		return err_set(err, ERR_USAGE,
			"--dry-run and --yes exclude each other");
	const struct fix_talk talk = {
		.yes = fields.yes,
		.can_ask = isatty(STDIN_FILENO) && isatty(fileno(env->out)),
	};
	CLEANUP(fix_job_clear) struct fix_job job;
	int rc = fix_job_open(&job, &fields.setup, env, words, argv, err);
	if (rc < 0)
		return rc;
	if (fields.dry_run || (!fields.yes && !talk.can_ask))
		return print_plan(&job, env, err);
	return fix_walk(&job, env, &talk, err);
}

static const struct cmd_example examples[] = {
	{ "fix", "step by step, asking before each" },
	{ "fix --dry-run", "the whole plan as Markdown, for a pull request" },
	{ 0 },
};

const struct cmd cmd_fix = {
	.name = "fix",
	.summary = "go through all remedies in order, or plan them as Markdown",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
