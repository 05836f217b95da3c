/* hook: install, uninstall and tell of git's hooks, and run their checks. */
#include "cmd/cmd.h"
#include "cmd/hook_event.h"
#include "cmd/hook_install.h"
#include "cmd/hook_run.h"

#include <string.h>

#define FIELD(name) offsetof(struct hook_choice, name)

/* The places of hook_events. */
enum {
	PRE_COMMIT = 1 << 0,
	COMMIT_MSG = 1 << 1,
	PRE_PUSH = 1 << 2,
	PRE_RECEIVE = 1 << 3,
	UPDATE = 1 << 4,
};

static const struct opt opts[] = {
	{ OPT_BITS, 0, "pre-commit", FIELD(events), PRE_COMMIT,
		.help = "check what is staged (standard)" },
	{ OPT_BITS, 0, "commit-msg", FIELD(events), COMMIT_MSG,
		.help = "check the message" },
	{ OPT_BITS, 0, "pre-push", FIELD(events), PRE_PUSH,
		.help = "check the commits of a push (standard)" },
	{ OPT_BITS, 0, "pre-receive", FIELD(events), PRE_RECEIVE,
		.help = "on a server: check a push as a whole (standard in a "
			"bare repository)" },
	{ OPT_BITS, 0, "update", FIELD(events), UPDATE,
		.help = "on a server: check each ref by itself" },
	{ OPT_FLAG, 0, "global", FIELD(global),
		.help = "for all repositories of the user (git 2.54 and "
			"later)" },
	{ 0 },
};

static const char *const first_words[] = { "install", "uninstall", "status",
	"run <event>", NULL };

static const struct opt_spec spec = {
	.usage = "hook install [--pre-commit] [--pre-push] [...] [--global]\n"
		 "hook uninstall [--pre-commit] [...] [--global]\n"
		 "hook status\n"
		 "hook run [<options>] <event> [<argument>...]",
	.description =
		"Keeps findings out of commits and pushes.\n\n"
		"install puts hooks into the repository: by configuration "
		"where git is 2.54 or later, else as files that first run the "
		"hook that was there before. Where husky, lefthook, the "
		"pre-commit framework or core.hooksPath run the hooks, it "
		"prints the lines to add to their files instead, and exits "
		"with 1. uninstall gives back what was there. status tells "
		"what guards this clone, and exits with 1 if nothing does.\n\n"
		"run is what git runs; see 'git hygiene hook run -h'. "
		"GIT_HYGIENE=0 in the environment switches the check off, but "
		"not on a server.",
	.opts = opts,
	.words = first_words,
};

static int run_choice(const struct cmd_env *env, const char *verb,
	const struct hook_choice *choice, struct err *err)
{
	const struct repo_opts repo_opts = { .git_dir = env->git_dir };
	CLEANUP(repo_freep) struct repo *repo = NULL;
	int rc = choice->global ? 0 : repo_open(&repo, &repo_opts, err);
	if (rc < 0)
		return rc;
	if (!strcmp(verb, "install"))
		return hook_install(env, repo, choice, err);
	if (!strcmp(verb, "uninstall"))
		return hook_uninstall(env, repo, choice, err);
	if (!strcmp(verb, "status") && !choice->events && !choice->global)
		return hook_status(env, repo, err);
	return err_set(err, ERR_USAGE, "status takes no options");
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	static const char *const verbs[] = { "install", "uninstall", "status" };
	struct hook_choice choice = { 0 };
	if (argc && !strcmp(argv[0], "run"))
		return hook_run(env, argc - 1, argv + 1, err);
	int words = opt_begin(&choice, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	if (!words)
		return err_set(err, ERR_USAGE,
			"say install, uninstall, status or run");
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(argv[0], verbs[i]))
			return words > 1
				? err_set(err, ERR_USAGE,
					  "%s takes no arguments", verbs[i])
				: run_choice(env, verbs[i], &choice, err);
	return err_set(err, ERR_USAGE,
		"'%s' is not install, uninstall, status or run", argv[0]);
}

static const struct cmd_example examples[] = {
	{ "hook install", "guard commits and pushes of this clone" },
	{ "hook status", "say what guards it" },
	{ 0 },
};

const struct cmd cmd_hook = {
	.name = "hook",
	.summary = "guard commits and pushes by git's hooks",
	.spec = &spec,
	.part = &hook_run_spec,
	.examples = examples,
	.run = run,
};
