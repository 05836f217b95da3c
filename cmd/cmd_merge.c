/* merge: one report of those of all shards. */
#include "cmd/cmd.h"
#include "cmd/merge.h"
#include "cmd/report_plan.h"
#include "cmd/scan_rows.h"

#include <string.h>

struct fields {
	struct scan_setup_opts setup;
	struct report_fields report;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_GROUP, .help = "What the shards were looking for" },
	SCAN_RULE_ROWS(FIELD(setup)),
	SCAN_SESSION_DIR_ROW(FIELD(setup)),
	SCAN_NO_REPO_CONFIG_ROW(FIELD(setup)),

	{ OPT_GROUP, .help = "What to say" },
	REPORT_ROWS(FIELD(report), "jsonl"),
	{ OPT_FLAG, 'z', NULL, FIELD(report.nul_ended),
		.help = "--porcelain with paths as they are, NUL-ended" },
	SCAN_EXIT_ROWS(FIELD(setup)),
	LOOK_COLOR_ROW(FIELD(report.look)),
	LOOK_VERBOSITY_ROWS(FIELD(report.look)),
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "merge [<options>] <report>...",
	.description =
		"Joins the reports that scan --shard wrote, from files, or - "
		"for standard input; several may stand in one. The result is "
		"that of a scan without shards, byte by byte.\n\n"
		"It is refused when a shard is missing or its report is torn, "
		"and when reports are of different states of a repository, "
		"rules, options or versions of the program. The equal report "
		"of a task that ran twice is taken once.\n\n"
		"So are the streams that shards of scan --repos-from wrote, in "
		"the order of the list of repositories.\n\n"
		"The rules are those of the program, and of --rules, settings "
		"and the .hygiene.yml of the repository around the current "
		"folder: they must be those of the shards.\n\n"
		"Formats: jsonl, json, human, porcelain, csv, markdown, html, "
		"sarif and github (GitHub), gitlab and codeclimate (GitLab), "
		"junit, rdjson (reviewdog), gitleaks.\n\n"
		"Exit code: as that of the scan.",
	.opts = opts,
};

static void fields_clear(struct fields *fields)
{
	report_fields_clear(&fields->report);
	scan_setup_opts_clear(&fields->setup);
}

static const struct rule *find_rule(const char *id, const void *ctx)
{
	return ruleset_find(ctx, id);
}

/** The one around the current folder, if there is one. */
static int open_repo(
	struct repo **out, const struct cmd_env *env, struct err *err)
{
	const struct repo_opts repo_opts = { .git_dir = env->git_dir };
	int rc = repo_open(out, &repo_opts, err);
	return rc == ERR_NOT_FOUND && !env->git_dir ? 0 : rc;
}

static int write_list(struct merge_list *list, const struct report_plan *plan,
	const struct scan_setup *setup, const struct cmd_env *env,
	struct err *err)
{
	struct list_totals totals;
	if (plan->files.count || strcmp(plan->reporter->name, "jsonl") != 0)
		return err_set(err, ERR_USAGE,
			"reports of many repositories are joined as jsonl, on "
			"standard output");
	int rc = merge_list_write(list, env->out, &totals, setup->fail_on, err);
	return rc < 0 ? rc
		      : list_totals_end(&totals, env, setup->expect_complete);
}

static int merge_files(const struct fields *fields, const struct cmd_env *env,
	int words, char **argv, struct err *err)
{
	CLEANUP(repo_freep) struct repo *repo = NULL;
	CLEANUP(config_freep) struct config *config = NULL;
	CLEANUP(scan_setup_clear) struct scan_setup setup = { 0 };
	CLEANUP(report_plan_clear) struct report_plan plan = { 0 };
	CLEANUP(merge_clear) struct merge merge = { 0 };
	CLEANUP(scan_result_clear) struct scan_result result = { 0 };
	int rc = report_plan_make(&plan, &fields->report, "jsonl", env, err);
	if (rc == 0)
		rc = open_repo(&repo, env, err);
	if (rc == 0 && !repo)
		rc = config_read_outside(&config, err);
	struct cmd_env outside = *env;
	outside.config = config;
	if (rc == 0)
		rc = scan_setup_make_part(
			&setup, &fields->setup, &outside, repo, err);
	if (rc < 0)
		return rc;
	const struct section_opts section_opts = {
		.version = plan.opts.version,
		.rules_digest = ruleset_digest(setup.rules),
		.rules = { find_rule, setup.rules },
	};
	for (int i = 0; rc == 0 && i < words; i++)
		rc = merge_read(&merge, argv[i], &section_opts, err);
	if (rc == 0 && merge.list.count)
		return write_list(&merge.list, &plan, &setup, env, err);
	if (rc == 0)
		rc = merge_finish(&result, &merge, err);
	result.rules = setup.rules;
	if (rc == 0)
		rc = report_plan_write(&plan, env, &result, err);
	return rc < 0 ? rc : scan_setup_exit_code(&setup, &result);
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	CLEANUP(fields_clear) struct fields fields = { 0 };
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	if (!words)
		return err_set(err, ERR_USAGE,
			"name the reports of the shards, or - for standard "
			"input");
	return merge_files(&fields, env, words, argv, err);
}

static const struct cmd_example examples[] = {
	{ "merge shard-*.jsonl >report.jsonl",
		"what one scan would have said" },
	{ "merge --report sarif=hygiene.sarif -o all.jsonl shard-*.jsonl",
		"also for code scanning" },
	{ 0 },
};

const struct cmd cmd_merge = {
	.name = "merge",
	.summary = "join the reports of the shards of a scan",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
