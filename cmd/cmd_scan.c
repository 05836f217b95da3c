/* scan: find session data and other secrets in a repository. */
#include "base/alloc.h"
#include "base/buf.h"
#include "cmd/cmd.h"
#include "cmd/interrupt.h"
#include "cmd/progress.h"
#include "cmd/report_plan.h"
#include "cmd/rule_print.h"
#include "cmd/rule_stats.h"
#include "cmd/scan_many.h"
#include "cmd/scan_range.h"
#include "cmd/scan_rows.h"
#include "cmd/scan_setup.h"
#include "cmd/scan_target.h"
#include "cmd/settings.h"
#include "cmd/shard_option.h"
#include "scanner/fingerprint.h"

#include <string.h>
#include <unistd.h>

#define DAY 86400

/** The command line as typed. */
struct fields {
	unsigned sources;
	bool all;
	bool ignored;
	struct range_fields range;
	struct scan_setup_opts setup;
	struct report_fields report;
	const char *explain;
	struct progress_fields progress;
	bool libgit2;
	bool verify_objects;
	bool rule_stats;
	const char *shard;
	const char *repos_from;
	const char *resume;
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
		.help = "every commit that a ref reaches, all stash entries "
			"and notes" },
	SCAN_PLACE_ROWS(FIELD(sources)),
	{ OPT_FLAG, 0, "all", FIELD(all),
		.help = "all of these, also what git ignores" },
	{ OPT_LIST, 0, "range", FIELD(range.ranges), .argument = "<range>",
		.help = "of history only the commits of <from>..<to>" },
	{ OPT_TEXT, 0, "since", FIELD(range.since), .argument = "<date>",
		.help = "of history only commits from YYYY-MM-DD on" },
	{ OPT_TEXT, 0, "commits-from", FIELD(range.commits_from),
		.argument = "<file>",
		.help = "of history only the commits listed in a file, - for "
			"standard input" },
	SCAN_BLOB_SIZE_ROW(FIELD(setup)),
	SCAN_DECODE_ROW(FIELD(setup)),
	SCAN_TIMEOUT_ROW(FIELD(setup)),
	{ OPT_FLAG, 0, "verify-objects", FIELD(verify_objects),
		.help = "check the hash of every object that is read" },
	{ OPT_FLAG, 0, "libgit2", FIELD(libgit2),
		.help = "read packs through libgit2: slower, to compare" },

	{ OPT_GROUP, .help = "What to look for" },
	SCAN_RULE_ROWS(FIELD(setup)),
	SCAN_SESSION_DIR_ROW(FIELD(setup)),

	{ OPT_FLAG, 0, "rule-stats", FIELD(rule_stats),
		.help = "tell on standard error what each rule cost" },

	{ OPT_GROUP, .help = "What is known and accepted" },
	SCAN_BASELINE_ROW(FIELD(setup)),
	SCAN_NO_REPO_CONFIG_ROW(FIELD(setup)),

	{ OPT_GROUP, .help = "What to say" },
	REPORT_ROWS(FIELD(report), "human"),
	{ OPT_FLAG, 'z', NULL, FIELD(report.nul_ended),
		.help = "--porcelain with paths as they are, NUL-ended; with "
			"--repos-from: the list is" },
	SCAN_EXIT_ROWS(FIELD(setup)),
	{ OPT_TEXT, 0, "min-confidence", FIELD(setup.min_confidence),
		.argument = "<confidence>",
		.help = "report findings from this confidence on: low "
			"(default), medium, high, or certain" },
	SCAN_NOW_ROW(FIELD(setup)),
	LOOK_COLOR_ROW(FIELD(report.look)),
	{ OPT_TEXT, 0, "explain", FIELD(explain), .argument = "<rule>",
		.help = "say what a rule looks for, why, and what to do; do "
			"not scan" },
	LOOK_VERBOSITY_ROWS(FIELD(report.look)),

	{ OPT_GROUP, .help = "How" },
	SCAN_JOBS_ROW(FIELD(setup)),
	SCAN_CACHE_ROWS(FIELD(setup)),
	PROGRESS_ROWS(FIELD(progress)),
	{ OPT_TEXT, 0, "shard", FIELD(shard), .argument = "<shard>",
		.help = "scan one share of several: <i>/<n>, from 1 on, or "
			"auto, as the CI engine or scheduler numbers its "
			"jobs; git hygiene merge joins the reports" },

	{ OPT_GROUP, .help = "Many repositories" },
	{ OPT_TEXT, 0, "repos-from", FIELD(repos_from), .argument = "<file>",
		.help = "scan those whose paths a file lists, one a line, - "
			"for standard input; as one stream of jsonl" },
	{ OPT_TEXT, 0, "resume", FIELD(resume), .argument = "<file>",
		.help = "with --repos-from: write to this file, and go on "
			"where an earlier run ended" },
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
		"Formats: human, jsonl, json, porcelain, csv, markdown, html, "
		"sarif and github (GitHub), gitlab and codeclimate (GitLab), "
		"junit, rdjson (reviewdog), gitleaks; docs/formats.md "
		"describes them. None holds a secret. A report file is "
		"readable by its owner alone, and replaced as a whole.\n\n"
		"Exit code: 0 nothing found, 1 findings, 3 no finding but not "
		"everything could be looked at, 128 cannot run, 129 usage.",
	.opts = opts,
	.keep_dashes = true,
};

static void fields_clear(struct fields *fields)
{
	opt_list_clear(&fields->range.ranges);
	report_fields_clear(&fields->report);
	scan_setup_opts_clear(&fields->setup);
}

/** What the command line means. */
struct plan {
	struct report_plan reports;
	unsigned sources; /* enum place */
	const struct pathspec *pathspec;
	struct shard shard;
	bool by_day; /* without --now the time is the start of the day */
};

static void plan_clear(struct plan *plan)
{
	report_plan_clear(&plan->reports);
}

/** What looks at all of a repository, and so at no part of its history. */
#define WHOLE_SOURCES \
	(PLACE_STASH | PLACE_NOTE | PLACE_REFLOG | PLACE_UNREACHABLE)

/** A range asks for history; without any word all that is committed is. */
static unsigned sources_of(const struct fields *fields)
{
	if (fields->all)
		return PLACES_TO_ASK;
	if (range_is_asked(&fields->range))
		return fields->sources | PLACE_HISTORY;
	return fields->sources ? fields->sources : PLACE_INDEX | PLACE_HISTORY;
}

/** What of it does not go together. */
static int check_sources(const struct fields *fields, struct err *err)
{
	unsigned sources = sources_of(fields);
	if (fields->ignored && !(sources & PLACE_WORKTREE))
		return err_set(
			err, ERR_USAGE, "--ignored goes with --worktree");
	if (fields->libgit2 && sources & PLACE_UNREACHABLE)
		return err_set(err, ERR_USAGE,
			"--libgit2 goes without --all and --unreachable: it "
			"does not list what packs hold");
	if (range_is_asked(&fields->range) && sources & WHOLE_SOURCES)
		return err_set(err, ERR_USAGE,
			"a range of history goes without --all, --stash, "
			"--notes, --reflog and --unreachable");
	return 0;
}

/** Checks what does not need the repository. */
static int make_plan(struct plan *plan, const struct fields *fields,
	const struct cmd_env *env, struct err *err)
{
	int rc = shard_parse(&plan->shard, fields->shard, err);
	if (rc == 0)
		rc = report_plan_make(&plan->reports, &fields->report,
			plan->shard.count ? "jsonl" : "human", env, err);
	if (rc == 0 && plan->shard.count)
		rc = shard_check_reports(&plan->reports, err);
	plan->sources = sources_of(fields);
	return rc < 0 ? rc : check_sources(fields, err);
}

/** What nobody asked for by name, and the repository does not have: a bare one
 * mostly has no index. */
static unsigned sources_missing(
	const struct fields *fields, const struct repo *repo)
{
	if (fields->sources || repo_worktree(repo))
		return 0;
	CLEANUP(freep) char *index = repo_index_path(repo);
	bool has_index = index && access(index, F_OK) == 0;
	return has_index ? PLACE_WORKTREE : PLACE_WORKTREE | PLACE_INDEX;
}

/** What the setup does not know of: all that is asked of this scan alone. */
static void set_scan(struct scan_setup *setup, const struct plan *plan,
	const struct fields *fields, const struct repo *repo)
{
	struct scan_opts *scan = &setup->scan;
	scan->sources = plan->sources & ~sources_missing(fields, repo);
	scan->ignored_too = fields->ignored || fields->all;
	scan->pathspec = plan->pathspec;
	scan->libgit2_only = fields->libgit2;
	scan->expect_paths = true;
	scan->verify_objects = fields->verify_objects;
	scan->text_places = report_plan_needs_text_places(&plan->reports);
	/* what is measured or compared is to be done */
	if (fields->rule_stats || fields->libgit2 || fields->verify_objects)
		scan->cache = NULL;
	if (plan->shard.count)
		shard_prepare(setup, &plan->shard);
	if ((plan->shard.count || plan->by_day) && !fields->setup.now)
		scan->now -= scan->now % DAY;
}

/** Scans and reports; the repository is open. */
static int scan_and_report(struct plan *plan, const struct fields *fields,
	const struct cmd_env *env, struct repo *repo, struct err *err)
{
	bool show = progress_is_wanted(
		&fields->progress, env->log.out, plan->reports.opts.verbosity);
	CLEANUP(scan_setup_clear) struct scan_setup setup = { 0 };
	int rc = scan_setup_make(&setup, &fields->setup, env, repo, err);
	if (rc < 0)
		return rc;
	CLEANUP(scan_range_clear) struct scan_range range = { 0 };
	rc = scan_range_parse(&range, &setup.scan, &fields->range, repo, err);
	if (rc < 0)
		return rc;
	set_scan(&setup, plan, fields, repo);
	CLEANUP(freep)
	struct rule_cost *costs = fields->rule_stats
		? xcalloc(ruleset_count(setup.rules), sizeof(*costs))
		: NULL;
	setup.scan.costs = costs;
	CLEANUP(scan_result_clear) struct scan_result result = { 0 };
	rc = scan_setup_run(&result, &setup, repo, env, show, err);
	if (rc == 0 && plan->reports.opts.verbosity > 0)
		scan_cache_tell(setup.scan.cache, env);
	if (rc == 0 && plan->shard.count)
		shard_options_digest(result.options_digest, &setup);
	if (rc == 0)
		rc = report_plan_write(&plan->reports, env, &result, err);
	if (rc == 0 && costs)
		rule_stats_print(env->log.out, setup.rules, costs);
	return rc < 0 ? rc : scan_setup_exit_code(&setup, &result);
}

/** What a scan of each of many repositories works with. */
struct each {
	const struct fields *fields;
	const struct cmd_env *env;
	struct report_opts look;
};

/** As scan_many.scan. Expiry is judged by the day, so that a run that goes on
 * later today says the same. */
static int scan_listed(const char *path, FILE *out,
	const struct report_list *list, void *ctx, struct err *err)
{
	const struct each *each = ctx;
	const struct fields *fields = each->fields;
	struct cmd_env env = *each->env;
	env.out = out;
	CLEANUP(repo_freep) struct repo *repo = NULL;
	int rc = scan_target_open_at(&repo, path, err);
	if (rc < 0)
		return rc;
	struct plan plan = {
		.reports = { reporter_find("jsonl"), .opts = each->look },
		.sources = sources_of(fields),
		.by_day = true,
	};
	plan.reports.opts.list = list;
	rc = scan_and_report(&plan, fields, &env, repo, err);
	return rc < 0 ? rc : 0;
}

/** What does not go with many repositories. */
static int check_many(const struct fields *fields, const struct cmd_env *env,
	int words, struct err *err)
{
	const struct report_fields *report = &fields->report;
	if (words)
		return err_set(err, ERR_USAGE,
			"--repos-from lists all repositories, and takes no "
			"pathspec");
	if (report->output || report->reports.count || report->porcelain ||
		(report->look.format &&
			strcmp(report->look.format, "jsonl") != 0))
		return err_set(err, ERR_USAGE,
			"--repos-from writes jsonl, to standard output or to "
			"the file of --resume");
	if (fields->range.commits_from)
		return err_set(
			err, ERR_USAGE, "--commits-from is of one repository");
	if (env->git_dir)
		return err_set(err, ERR_USAGE,
			"--git-dir is one repository, --repos-from lists many");
	return check_sources(fields, err);
}

static void add_words(struct buf *text, const struct opt_list *words)
{
	for (size_t i = 0; i < words->count; i++)
		buf_add(text, words->items[i], strlen(words->items[i]) + 1);
	buf_add_byte(text, '\n');
}

static const char *text_or_none(const char *text)
{
	return text ? text : "";
}

/** Over what was asked of all repositories; `baseline` is their setting of that
 * name, which a repository can take for a path of its own. */
static void digest_options(char out[65], const struct fields *fields,
	const struct scan_setup *setup, const char *baseline)
{
	char common[65];
	shard_options_digest(common, setup);
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "%s %s %u %d %d %d %d\n", common,
		ruleset_digest(setup->rules), sources_of(fields), fields->all,
		fields->ignored, fields->verify_objects, setup->believes_repo);
	buf_printf(&text, "now %s\nsince %s\nbaseline %s\n",
		text_or_none(fields->setup.now),
		text_or_none(fields->range.since), text_or_none(baseline));
	add_words(&text, &fields->range.ranges);
	text_digest(out, text.bytes, text.len);
}

static int scan_repos(const struct fields *fields, const struct cmd_env *env,
	int words, struct err *err)
{
	struct each each = { .fields = fields, .env = env };
	struct scan_many many = {
		.list = fields->repos_from,
		.nul_ended = fields->report.nul_ended,
		.resume = fields->resume,
		.version = HYGIENE_VERSION,
		.expect_complete = fields->setup.expect_complete,
		.scan = scan_listed,
		.ctx = &each,
	};
	CLEANUP(config_freep) struct config *config = NULL;
	CLEANUP(scan_setup_clear) struct scan_setup setup = { 0 };
	int rc = check_many(fields, env, words, err);
	if (rc == 0)
		rc = look_make(&each.look, &fields->report.look, env, err);
	if (rc == 0)
		rc = shard_parse(&many.shard, fields->shard, err);
	if (rc == 0)
		rc = config_read_outside(&config, err);
	struct cmd_env outside = *env;
	outside.config = config;
	if (rc == 0)
		rc = scan_setup_make_common(
			&setup, &fields->setup, &outside, err);
	if (rc < 0)
		return rc;
	char digest[65];
	digest_options(digest, fields, &setup,
		setting_text(&outside, NULL, "baseline"));
	many.options_digest = digest;
	many.fail_on = setup.fail_on;
	return scan_many_run(&many, env, err);
}

static int scan(const struct fields *fields, const struct cmd_env *env,
	int words, char **argv, struct err *err)
{
	CLEANUP(plan_clear) struct plan plan = { 0 };
	CLEANUP(repo_freep) struct repo *repo = NULL;
	CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
	int rc = make_plan(&plan, fields, env, err);
	if (rc == 0)
		rc = scan_target_open(
			&repo, &pathspec, env->git_dir, words, argv, err);
	if (rc < 0)
		return rc;
	plan.pathspec = pathspec;
	return scan_and_report(&plan, fields, env, repo, err);
}

/** --explain: with the rules that this scan would use. */
static int explain(
	const struct fields *fields, const struct cmd_env *env, struct err *err)
{
	const struct ruleset_opts ruleset_opts = {
		.no_builtin = fields->setup.no_builtin_rules,
		.files = fields->setup.rules.items,
	};
	CLEANUP(ruleset_freep) struct ruleset *rules = NULL;
	int rc = ruleset_new(&rules, &ruleset_opts, err);
	if (rc < 0)
		return rc;
	const struct rule *rule = ruleset_find(rules, fields->explain);
	if (!rule)
		return err_set(err, ERR_NOT_FOUND,
			"no rule '%s'; git hygiene rules list names all",
			fields->explain);
	rule_print(env->out, rule);
	return EXIT_CLEAN;
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	CLEANUP(fields_clear) struct fields fields = { 0 };
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	if (fields.explain)
		return explain(&fields, env, err);
	if (fields.repos_from)
		return scan_repos(&fields, env, words, err);
	if (fields.resume)
		return err_set(
			err, ERR_USAGE, "--resume goes with --repos-from");
	interrupt_announce();
	return scan(&fields, env, words, argv, err);
}

static const struct cmd_example examples[] = {
	{ "scan",
		"all that is committed: the index and the history of every ref" },
	{ "scan --staged", "what the next commit would change" },
	{ "scan --range=origin/main..HEAD --messages",
		"the commits of a branch, with their messages" },
	{ "scan --report sarif=hygiene.sarif --report html=hygiene.html",
		"files for code scanning and for people" },
	{ "scan --fail-on=high -- src deploy",
		"two folders; only what is high or critical fails" },
	{ 0 },
};

const struct cmd cmd_scan = {
	.name = "scan",
	.summary = "find session data and other secrets",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
