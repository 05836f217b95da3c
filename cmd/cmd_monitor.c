/* monitor: the state of the session directories on disk. */
#include "base/alloc.h"
#include "base/arena.h"
#include "cmd/cmd.h"
#include "cmd/look.h"
#include "cmd/monitor.h"
#include "cmd/monitor_prune.h"
#include "cmd/monitor_watch.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_THRESHOLD 500 /* SESSION_FILE_THRESHOLD of Flask-Session */

/** The command line as typed. */
struct fields {
	uint64_t threshold;
	bool fail_on_expired;
	bool watch, poll;
	bool prune_expired, yes, dry_run;
	struct opt_list rules, session_dirs;
	struct look_fields look;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_GROUP, .help = "What is off" },
	{ OPT_NUMBER, 0, "threshold", FIELD(threshold), .argument = "<n>",
		.help = "more sessions than this in one directory (default "
			"500, as Flask-Session; 0 for any number)" },
	{ OPT_FLAG, 0, "fail-on-expired", FIELD(fail_on_expired),
		.help = "sessions that expired and are still there" },

	{ OPT_GROUP, .help = "What is a session directory" },
	{ OPT_LIST, 0, "session-dir", FIELD(session_dirs), .argument = "<name>",
		.help = "another name of a folder that holds sessions" },
	{ OPT_LIST, 0, "rules", FIELD(rules), .argument = "<path>",
		.help = "add the rules of a file, or of a folder's *.yml, "
			"whose id has the word session" },

	{ OPT_GROUP, .help = "Watching" },
	{ OPT_FLAG, 'w', "watch", FIELD(watch),
		.help = "go on, and print a line for each change" },
	{ OPT_FLAG, 0, "poll", FIELD(poll),
		.help = "watch by looking twice a second, for file systems "
			"that tell nothing" },

	{ OPT_GROUP, .help = "Deleting" },
	{ OPT_FLAG, 0, "prune-expired", FIELD(prune_expired),
		.help = "delete expired sessions, after asking" },
	{ OPT_FLAG, 'y', "yes", FIELD(yes), .help = "do not ask" },
	{ OPT_FLAG, 'n', "dry-run", FIELD(dry_run),
		.help = "only list what would be deleted" },

	{ OPT_GROUP, .help = "What to say" },
	LOOK_FORMAT_ROW(FIELD(look)),
	LOOK_COLOR_ROW(FIELD(look)),
	LOOK_QUIET_ROW(FIELD(look), "only what is off"),
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "monitor [<options>] [<directory>...]\n"
		 "monitor --watch [--poll] [<options>] [<directory>...]\n"
		 "monitor --prune-expired [--yes | --dry-run] [<directory>...]",
	.description =
		"Looks at session directories on disk: how many sessions there "
		"are and how many are live by what they say themselves, who "
		"may read them, and whether git tracks them or would. A "
		"directory wider than 0700, a file wider than 0600, a tracked "
		"file, a directory that is not ignored, and more sessions than "
		"the threshold are off. Expired sessions are counted, and off "
		"with --fail-on-expired alone: stores delete them late.\n\n"
		"Without <directory> it looks for them in the whole worktree, "
		"ignored folders included; with --watch once a minute for new "
		"ones.\n\n"
		"--prune-expired deletes sessions whose own time is over and "
		"nothing else; the counter of cachelib stays as it is, and is "
		"set right when the application starts again.\n\n"
		"Exit code: 0 all is well, deleted, or watched to the end "
		"(SIGINT, SIGTERM); 1 something is off or could not be "
		"deleted; 3 nothing is off but not everything could be looked "
		"at; 128 cannot run; 129 usage.",
	.opts = opts,
};

static void fields_clear(struct fields *fields)
{
	opt_list_clear(&fields->rules);
	opt_list_clear(&fields->session_dirs);
}

/** What the command line means. */
struct plan {
	const struct monitor_reporter *reporter;
	struct report_opts report;
};

static int make_plan(struct plan *plan, const struct fields *fields,
	const struct cmd_env *env, struct err *err)
{
	bool json;
	int rc = look_is_json(&json, &fields->look, err);
	if (rc < 0)
		return rc;
	plan->reporter =
		json ? &monitor_reporter_json : &monitor_reporter_human;
	if (fields->prune_expired &&
		(fields->watch || fields->poll || fields->look.format))
		return err_set(err, ERR_USAGE,
			"--prune-expired goes with neither --watch nor "
			"--format");
	if (!fields->prune_expired && (fields->yes || fields->dry_run))
		return err_set(err, ERR_USAGE,
			"--yes and --dry-run are for --prune-expired");
	return look_make(&plan->report, &fields->look, env, err);
}

/** The last component of a path, or NULL where it is no name. */
static char *base_name(const char *path)
{
	CLEANUP(freep) char *real = realpath(path, NULL);
	const char *text = real ? real : path;
	const char *slash = strrchr(text, '/');
	const char *name = slash ? slash + 1 : text;
	return *name && strncmp(name, "..", 2) ? xstrdup(name) : NULL;
}

/** A directory that the user names holds sessions, whatever its name is. */
static int load_reader(struct monitor *monitor, const struct fields *fields,
	int words, char **argv, struct err *err)
{
	CLEANUP(opt_list_clear) struct opt_list names = { 0 };
	CLEANUP(arena_clear) struct arena arena = { 0 };
	for (size_t i = 0; i < fields->session_dirs.count; i++)
		opt_list_add(&names, fields->session_dirs.items[i]);
	for (int i = 0; i < words; i++) {
		CLEANUP(freep) char *name = base_name(argv[i]);
		if (name)
			opt_list_add(&names, arena_strdup(&arena, name));
	}
	const struct ruleset_opts rule_opts = {
		.files = fields->rules.items,
		.session_dirs = names.items,
	};
	struct ruleset *rules = NULL;
	int rc = ruleset_new(&rules, &rule_opts, err);
	return rc < 0 ? rc : monitor_set_rules(monitor, rules, err);
}

static int add_directories(struct monitor *monitor, const struct cmd_env *env,
	int words, char **argv, struct err *err)
{
	if (!words)
		return monitor_add_found(monitor, env->git_dir, err);
	monitor->search_complete = true;
	int rc = 0;
	for (int i = 0; i < words && rc == 0; i++)
		rc = monitor_add_named(monitor, argv[i], env->git_dir, err);
	return rc;
}

/** Only a watch can wait for a directory that is not there. */
static int check_directories(const struct monitor *monitor, struct err *err)
{
	for (size_t i = 0; i < monitor->count; i++)
		if (!monitor->statuses[i].dir.exists)
			return err_set(err, ERR_NOT_FOUND,
				"%s: no such directory",
				monitor->places[i]->name);
	return 0;
}

static int report(const struct monitor *monitor, const struct plan *plan,
	const struct cmd_env *env, struct err *err)
{
	const struct monitor_result result = monitor_result(monitor);
	int rc = plan->reporter->write(env->out, &result, &plan->report, err);
	if (rc < 0)
		return rc;
	if (monitor_result_is_off(&result))
		return EXIT_FINDINGS;
	return result.complete ? EXIT_CLEAN : EXIT_INCOMPLETE;
}

static int run_monitor(const struct fields *fields, const struct cmd_env *env,
	int words, char **argv, struct err *err)
{
	struct plan plan = { 0 };
	CLEANUP(monitor_clear)
	struct monitor monitor = {
		.limits = { fields->threshold, fields->fail_on_expired },
	};
	int rc = make_plan(&plan, fields, env, err);
	if (rc == 0)
		rc = load_reader(&monitor, fields, words, argv, err);
	if (rc == 0)
		rc = add_directories(&monitor, env, words, argv, err);
	if (rc == 0 && (fields->watch || fields->poll))
		return monitor_watch(&monitor, env->out, plan.reporter,
			&plan.report, fields->poll, err);
	if (rc == 0)
		rc = monitor_look(&monitor, err);
	if (rc == 0)
		rc = check_directories(&monitor, err);
	if (rc < 0)
		return rc;
	if (!fields->prune_expired)
		return report(&monitor, &plan, env, err);
	const struct prune_opts prune = {
		.yes = fields->yes,
		.dry_run = fields->dry_run,
		.report = &plan.report,
		.log = &env->log,
	};
	return monitor_prune(&monitor, env->out, &prune, err);
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	CLEANUP(fields_clear)
	struct fields fields = {
		.threshold = DEFAULT_THRESHOLD,
	};
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	return run_monitor(&fields, env, words, argv, err);
}

static const struct cmd_example examples[] = {
	{ "monitor", "all session directories of the worktree" },
	{ "monitor --watch", "tell each change" },
	{ "monitor --prune-expired --dry-run /var/lib/app/sessions",
		"what would be deleted" },
	{ 0 },
};

const struct cmd cmd_monitor = {
	.name = "monitor",
	.summary = "watch over session directories on disk",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
