/*
 * Each event becomes a scan of exactly what the commit or push brings. Where
 * the repository is somebody else's (pre-receive, update), nothing that it
 * holds has a say: no .hygiene.yml, baseline or comment, no GIT_HYGIENE=0.
 */
#include "cmd/hook_run.h"

#include "base/file.h"
#include "cmd/hook_event.h"
#include "cmd/hook_message.h"
#include "cmd/hook_refs.h"
#include "cmd/scan_setup.h"
#include "cmd/terminal.h"
#include "report/human_blocked.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_INPUT   ((size_t)256 << 20) /* lines of refs */
#define MAX_MESSAGE ((size_t)16 << 20)

struct fields {
	struct scan_setup_opts setup;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_TEXT, 0, "fail-on", FIELD(setup.fail_on),
		.argument = "<severity>",
		.help = "refuse from this severity on (default: "
			"hygiene.failOn, else low)" },
	{ OPT_LIST, 0, "rules", FIELD(setup.rules), .argument = "<path>",
		.help = "add the rules of a file, or of a folder's *.yml" },
	{ OPT_LIST, 0, "baseline", FIELD(setup.baselines), .argument = "<file>",
		.help = "findings to pass over" },
	{ OPT_FLAG, 0, "no-repo-config", FIELD(setup.no_repo_config),
		.help = "believe nothing that the repository says of itself" },
	{ 0 },
};

const struct opt_spec hook_run_spec = {
	.usage = "hook run [<options>] <event> [<argument>...]",
	.description = "What git runs: the check behind a hook. The arguments, "
		       "and standard input, are those that git gives the "
		       "hook. Exit code 0 lets git go on.",
	.opts = opts,
	.stop_at_word = true,
};

static void fields_clear(struct fields *fields)
{
	scan_setup_opts_clear(&fields->setup);
}

/** One run; all borrowed but the last three. */
struct hook {
	const struct hook_event *event;
	const struct cmd_env *env;
	const struct fields *fields;
	struct repo *repo;
	char **words; /* behind the event's name */
	int word_count;
	enum blocked blocked;
	unsigned sources;
	struct hook_range range;
	struct buf message;
	bool is_nothing; /* there is nothing to scan */
};

static void hook_clear(struct hook *hook)
{
	hook_range_clear(&hook->range);
	buf_clear(&hook->message);
}

static int read_stdin(struct buf *text, struct err *err)
{
	buf_init(text, MAX_INPUT);
	/* nobody types these; to go on would look like a check that passed */
	if (isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE,
			"git gives this hook the refs of a push on standard "
			"input; here that is a terminal");
	return file_read_fd(text, STDIN_FILENO, "standard input", err);
}

static int prepare_commit(struct hook *hook, struct err *err)
{
	(void)err;
	hook->blocked = BLOCKED_COMMIT;
	hook->sources = PLACE_STAGED;
	return 0;
}

/** False when git says that it started no editor (githooks(5)). */
static bool is_edited(void)
{
	const char *editor = getenv("GIT_EDITOR");
	return !editor || strcmp(editor, ":") != 0;
}

static int prepare_message(struct hook *hook, struct err *err)
{
	hook->blocked = BLOCKED_MESSAGE;
	if (hook->word_count != 1)
		return err_set(err, ERR_USAGE,
			"commit-msg needs the file of the message");
	buf_init(&hook->message, MAX_MESSAGE);
	int rc = file_read(&hook->message, hook->words[0], FILE_FOLLOW, err);
	if (rc < 0)
		return rc;
	hook->message.len = hook_message_len(
		hook->message.bytes, hook->message.len, is_edited());
	hook->is_nothing = !hook->message.len;
	return 0;
}

/** Only the remote's own refs say what it has; a push to a URL has none. */
static int cut_remote(struct hook *hook, struct err *err)
{
	const char *remote = hook->word_count
		? hook->words[0]
		: getenv("PRE_COMMIT_REMOTE_NAME");
	if (!remote || !*remote)
		return 0;
	CLEANUP(buf_clear) struct buf prefix;
	buf_init(&prefix, 0);
	buf_printf(&prefix, "refs/remotes/%s/", remote);
	return hook_range_cut_refs(&hook->range, hook->repo, prefix.bytes, err);
}

static int prepare_range(struct hook *hook)
{
	hook->sources = PLACE_HISTORY | PLACE_MESSAGE;
	hook->is_nothing = !hook->range.tips.count;
	return 0;
}

static int prepare_push(struct hook *hook, struct err *err)
{
	hook->blocked = BLOCKED_PUSH;
	int rc = hook_range_add_framework(&hook->range, hook->repo, err);
	if (rc == 0) {
		CLEANUP(buf_clear) struct buf text;
		rc = read_stdin(&text, err);
		if (rc == 0)
			rc = hook_range_add_pushed(
				&hook->range, text.bytes, text.len, err);
	}
	if (rc >= 0)
		rc = hook_range_drop_missing(&hook->range, hook->repo, err);
	if (rc == 0)
		rc = cut_remote(hook, err);
	return rc < 0 ? rc : prepare_range(hook);
}

static int prepare_receive(struct hook *hook, struct err *err)
{
	hook->blocked = BLOCKED_RECEIVE;
	CLEANUP(buf_clear) struct buf text;
	int rc = read_stdin(&text, err);
	if (rc == 0)
		rc = hook_range_add_received(
			&hook->range, text.bytes, text.len, err);
	if (rc == 0)
		rc = hook_range_cut_refs(&hook->range, hook->repo, "", err);
	return rc < 0 ? rc : prepare_range(hook);
}

static int prepare_update(struct hook *hook, struct err *err)
{
	hook->blocked = BLOCKED_RECEIVE;
	if (hook->word_count != 3)
		return err_set(err, ERR_USAGE,
			"update needs <ref> <old oid> <new oid>");
	int rc = hook_range_add_update(&hook->range, hook->words[2], err);
	if (rc == 0)
		rc = hook_range_cut_refs(&hook->range, hook->repo, "", err);
	return rc < 0 ? rc : prepare_range(hook);
}

typedef int prepare_hook(struct hook *hook, struct err *err);

static prepare_hook *prepare_of(const struct hook_event *event)
{
	static const struct {
		const char *name;
		prepare_hook *prepare;
	} rows[] = {
		{ "pre-commit", prepare_commit },
		{ "commit-msg", prepare_message },
		{ "pre-push", prepare_push },
		{ "pre-receive", prepare_receive },
		{ "update", prepare_update },
	};
	size_t i = 0;
	while (strcmp(rows[i].name, event->name) != 0)
		i++;
	return rows[i].prepare;
}

static void tell(const struct hook *hook, const struct scan_setup *setup,
	const struct scan_result *result)
{
	struct report_opts report = {
		.utf8 = terminal_is_utf8(),
		.width = 80,
		.version = HYGIENE_VERSION,
	};
	struct err ignored;
	FILE *out = hook->env->log.out;
	if (terminal_color(&report.color, out, NULL, &ignored) < 0)
		report.color = false;
	char head[OID_HEX_SIZE + 1] = "";
	struct oid oid;
	if (hook->blocked == BLOCKED_PUSH && repo_head(&oid, hook->repo))
		oid_to_hex(head, &oid);
	const char *prefix = getenv("GIT_PREFIX");
	const struct blocked_opts blocked = {
		.what = hook->blocked,
		.least = setup->fail_on,
		.head = *head ? head : NULL,
		.below_top = prefix && *prefix,
	};
	human_blocked(out, result, &blocked, &report);
}

/** Scans what the hook was prepared for and says what is wrong with it. */
static int scan(struct hook *hook, struct err *err)
{
	CLEANUP(scan_setup_clear) struct scan_setup setup = { 0 };
	CLEANUP(scan_result_clear) struct scan_result result = { 0 };
	struct scan_setup_opts setup_opts = hook->fields->setup;
	setup_opts.is_server = hook->event->is_server;
	int rc = scan_setup_make(
		&setup, &setup_opts, hook->env, hook->repo, err);
	if (rc < 0)
		return rc;
	setup.scan.sources = hook->sources;
	setup.scan.range_tips = hook->range.tips.items;
	setup.scan.range_tip_count = hook->range.tips.count;
	setup.scan.range_cuts = hook->range.cuts.items;
	setup.scan.range_cut_count = hook->range.cuts.count;
	setup.scan.message = hook->message.bytes;
	setup.scan.message_len = hook->message.len;
	rc = scan_setup_run(&result, &setup, hook->repo, hook->env,
		isatty(fileno(hook->env->log.out)), err);
	if (rc < 0)
		return rc;
	int code = scan_setup_exit_code(&setup, &result);
	if (code != EXIT_CLEAN)
		tell(hook, &setup, &result);
	return code;
}

/** True when the user has switched the hooks off, and says so: silence would
 * look like a check that was passed. */
static bool is_off(const struct cmd_env *env, const struct hook_event *event)
{
	const char *value = getenv("GIT_HYGIENE");
	if (!value || strcmp(value, "0") != 0)
		return false;
	if (event->is_server) {
		fputs("git-hygiene: GIT_HYGIENE=0 has no say in a server's "
		      "hook\n",
			env->log.out);
		return false;
	}
	fprintf(env->log.out,
		"git-hygiene: NOT CHECKED, because GIT_HYGIENE=0 is set "
		"(%s)\n",
		event->name);
	return true;
}

static int run_event(struct hook *hook, struct err *err)
{
	const struct repo_opts repo_opts = { .git_dir = hook->env->git_dir };
	CLEANUP(repo_freep) struct repo *repo = NULL;
	int rc = repo_open(&repo, &repo_opts, err);
	hook->repo = repo;
	if (rc == 0)
		rc = prepare_of(hook->event)(hook, err);
	if (rc < 0)
		return rc;
	return hook->is_nothing ? EXIT_CLEAN : scan(hook, err);
}

int hook_run(const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	CLEANUP(fields_clear) struct fields fields = { 0 };
	int words =
		opt_begin(&fields, &hook_run_spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	if (!words)
		return err_set(err, ERR_USAGE, "run needs the name of a hook");
	CLEANUP(hook_clear)
	struct hook hook = {
		.env = env,
		.fields = &fields,
		.words = argv + 1,
		.word_count = words - 1,
	};
	int rc = hook_event_find(&hook.event, argv[0], err);
	if (rc < 0)
		return rc;
	return is_off(env, hook.event) ? EXIT_CLEAN : run_event(&hook, err);
}
