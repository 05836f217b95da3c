/* audit: the session configuration of the applications in a repository. */
#include "cmd/audit_fix.h"
#include "cmd/cmd.h"
#include "cmd/look.h"
#include "cmd/scan_rows.h"
#include "cmd/scan_target.h"
#include "report/report_audit.h"
#include "scanner/audit.h"
#include "scanner/audit_mask.h"

#include <stddef.h>

/** The command line as typed. */
struct fields {
	bool index;
	const char *revision;
	struct scan_setup_opts setup;
	struct look_fields look;
	bool fix, write;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_GROUP, .help = "What to look at (default: the work tree)" },
	{ OPT_FLAG, 0, "index", FIELD(index),
		.help = "the files as they are in the index" },
	{ OPT_TEXT, 0, "revision", FIELD(revision), .argument = "<rev>",
		.help = "the files of a commit, tag or tree" },

	{ OPT_GROUP, .help = "What to look for" },
	SCAN_RULE_ROWS(FIELD(setup)),
	SCAN_NO_REPO_CONFIG_ROW(FIELD(setup)),

	{ OPT_GROUP, .help = "What to correct" },
	{ OPT_FLAG, 0, "fix", FIELD(fix),
		.help = "print a patch for what can be corrected safely, "
			"instead of the report" },
	{ OPT_FLAG, 0, "write", FIELD(write),
		.help = "with --fix: also change the files" },

	{ OPT_GROUP, .help = "What to say" },
	LOOK_FORMAT_ROW(FIELD(look)),
	{ OPT_TEXT, 0, "fail-on", FIELD(setup.fail_on),
		.argument = "<severity>",
		.help = "exit with 1 for risks from this severity on: low "
			"(default), medium, high, critical, or never" },
	LOOK_COLOR_ROW(FIELD(look)),
	LOOK_QUIET_ROW(FIELD(look), "print the summary alone"),
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "audit [<options>] [<repository>] [--] [<pathspec>...]",
	.description =
		"Shows how the applications of a repository are told to keep "
		"their sessions: Flask and Flask-Session, Django, Express, "
		"Laravel, Symfony, PHP, Rails. Settings are read from source, "
		"classes of settings, .env, compose, YAML, TOML, JSON and ini "
		"files, without running anything; a value that cannot be told "
		"is named as such.\n\n"
		"For each setting: where it stands, its value, the risk, and "
		"the line to write instead; then settings that should be "
		"there, where sessions are kept and what git knows of that "
		"folder, and what to use in production. The value of a secret "
		"is never printed.\n\n"
		"--fix prints a unified diff, for git apply --unidiff-zero, "
		"that corrects cookie flags, lifetimes, file modes and "
		"folders inside of the tree. A line with a secret is no "
		"context of it; a secret in a line that changes is masked, "
		"and only --write makes the change. What it leaves alone, a "
		"secret for instance, is named with the reason on standard "
		"error.\n\n"
		"Exit code: 0 no risk, 1 risks, 3 no risk but not everything "
		"could be read, 128 cannot run, 129 usage.",
	.opts = opts,
	.keep_dashes = true,
};

static void fields_clear(struct fields *fields)
{
	scan_setup_opts_clear(&fields->setup);
}

/** What the command line means. */
struct plan {
	bool json;
	bool fix, write;
	int fail_on;
	struct audit_opts audit;
	struct report_opts report;
};

static int make_plan(struct plan *plan, const struct fields *fields,
	const struct cmd_env *env, struct err *err)
{
	int rc = look_is_json(&plan->json, &fields->look, err);
	if (rc < 0)
		return rc;
	if (fields->index && fields->revision)
		return err_set(err, ERR_USAGE,
			"--index and --revision exclude each other");
	if (fields->write && !fields->fix)
		return err_set(err, ERR_USAGE, "--write goes with --fix");
	if (fields->fix && (fields->index || fields->revision || plan->json))
		return err_set(err, ERR_USAGE,
			"--fix is for the work tree, and prints a patch: "
			"it goes with none of --index, --revision and "
			"--format=json");
	plan->fix = fields->fix;
	plan->write = fields->write;
	plan->audit.source = fields->revision ? AUDIT_REVISION
		: fields->index               ? AUDIT_INDEX
					      : AUDIT_WORKTREE;
	plan->audit.revision = fields->revision;
	return look_make(&plan->report, &fields->look, env, err);
}

static int exit_code(const struct plan *plan, const struct audit *audit)
{
	if (audit_severity(audit) >= plan->fail_on)
		return EXIT_FINDINGS;
	return audit->skipped.complete ? EXIT_CLEAN : EXIT_INCOMPLETE;
}

/* What was written counts for the exit code. */
static int audit_and_fix(const struct plan *plan, const struct cmd_env *env,
	struct repo *repo, const struct ruleset *rules, struct err *err)
{
	CLEANUP(audit_clear) struct audit audit = { 0 };
	int rc = audit_run(&audit, repo, rules, &plan->audit, err);
	if (rc == 0)
		rc = audit_fix(env, repo, &audit, rules, &plan->report,
			plan->write, err);
	if (rc == 0 && plan->write) {
		audit_clear(&audit);
		rc = audit_run(&audit, repo, rules, &plan->audit, err);
	}
	return rc < 0 ? rc : exit_code(plan, &audit);
}

static int audit_and_report(const struct plan *plan, const struct cmd_env *env,
	struct repo *repo, const struct ruleset *rules, struct err *err)
{
	CLEANUP(audit_clear) struct audit audit = { 0 };
	int rc = audit_run(&audit, repo, rules, &plan->audit, err);
	if (rc == 0)
		rc = audit_mask(&audit, rules, err);
	if (rc < 0)
		return rc;
	rc = plan->json ? json_audit(env->out, &audit, &plan->report, err)
			: report_audit(env->out, &audit, &plan->report, err);
	return rc < 0 ? rc : exit_code(plan, &audit);
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	CLEANUP(fields_clear) struct fields fields = { 0 };
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	struct plan plan = { 0 };
	CLEANUP(scan_setup_clear) struct scan_setup setup = { 0 };
	CLEANUP(repo_freep) struct repo *repo = NULL;
	CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
	int rc = make_plan(&plan, &fields, env, err);
	if (rc == 0)
		rc = scan_target_open(
			&repo, &pathspec, env->git_dir, words, argv, err);
	if (rc == 0)
		rc = scan_setup_make(&setup, &fields.setup, env, repo, err);
	if (rc < 0)
		return rc;
	plan.fail_on = setup.fail_on;
	plan.audit.pathspec = pathspec;
	return plan.fix ? audit_and_fix(&plan, env, repo, setup.rules, err)
			: audit_and_report(&plan, env, repo, setup.rules, err);
}

static const struct cmd_example examples[] = {
	{ "audit", "the settings of the files on disk" },
	{ "audit --revision=v1.0 --format=json",
		"those of a tag, for programs" },
	{ "audit --fix | git apply --unidiff-zero",
		"correct what can be corrected safely" },
	{ 0 },
};

const struct cmd cmd_audit = {
	.name = "audit",
	.summary = "show the session settings of applications, and their risks",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
