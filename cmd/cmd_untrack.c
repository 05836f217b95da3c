/* untrack: take what a scan finds out of the index, and keep it on disk. */
#include "cmd/cmd.h"
#include "cmd/finding_scan.h"
#include "cmd/scan_target.h"
#include "cmd/untrack_paths.h"
#include "remedy/untrack.h"
#include "scanner/name_guard.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct fields {
	bool dry_run, yes, force;
	struct finding_scan_opts scan;
};

#define FIELD(name) offsetof(struct fields, name)

static const struct opt opts[] = {
	{ OPT_GROUP, .help = "What to do" },
	{ OPT_FLAG, 'n', "dry-run", FIELD(dry_run),
		.help = "only show the paths" },
	{ OPT_FLAG, 'y', "yes", FIELD(yes), .help = "do not ask" },
	{ OPT_FLAG, 'f', "force", FIELD(force),
		.help = "also paths whose staged content is nowhere else" },
	{ OPT_GROUP, .help = "Which findings (default: --index --history)" },
	FINDING_SCAN_ROWS(FIELD(scan)),
	{ 0 },
};

static const struct opt_spec spec = {
	.usage = "untrack [<options>] [<repository>] [--] [<pathspec>...]",
	.description =
		"Takes files out of the index and leaves them on disk, as 'git "
		"rm -r --cached' does: those that a scan finds and that do not "
		"belong into the repository or, with <pathspec>, those that it "
		"names, found or not. They are shown first, and nothing is "
		"done before you agree.\n\n"
		"History still holds them, and so does every clone.\n\n"
		"Exit code: 0 done or nothing to do, 1 there is something to do "
		"and it was not done, 3 not everything could be scanned, 128 "
		"cannot run, 129 usage.",
	.opts = opts,
	.keep_dashes = true,
};

static void fields_clear(struct fields *fields)
{
	finding_scan_opts_clear(&fields->scan);
}

#define MODE_SUBMODULE 0160000 /* gitformat-index(5) */

/** What goes, and what is known of it. */
struct input {
	struct untrack_paths paths;
	bool complete; /* the scan was */
	const struct pathspec *pathspec;
	struct name_guard *guard; /* of the paths that fit it */
};

static void input_clear(struct input *input)
{
	untrack_paths_clear(&input->paths);
}

static int add_named(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	struct input *input = ctx;
	CLEANUP(buf_clear) struct buf shown;
	buf_init(&shown, 0);
	bool fits = (entry->mode & S_IFMT) == MODE_SUBMODULE
		? pathspec_matches_submodule(input->pathspec, entry->path)
		: pathspec_matches(input->pathspec, entry->path);
	if (!fits)
		return 0;
	int rc = name_guard_add(&shown, input->guard, entry->path, err);
	if (rc == 0)
		untrack_paths_add(&input->paths, entry->path, shown.bytes);
	return rc;
}

static int add_all_named(struct input *input, const struct fields *fields,
	const struct cmd_env *env, struct repo *repo, struct err *err)
{
	CLEANUP(scan_setup_clear) struct scan_setup setup = { 0 };
	CLEANUP(name_guard_freep) struct name_guard *guard = NULL;
	int rc = scan_setup_make_part(
		&setup, &fields->scan.setup, env, repo, err);
	if (rc == 0)
		rc = name_guard_new(&guard, setup.rules, err);
	if (rc < 0)
		return rc;
	input->guard = guard;
	return repo_each_index_entry(repo, add_named, input, err);
}

static int add_found(struct input *input, const struct fields *fields,
	const struct cmd_env *env, struct repo *repo, struct err *err)
{
	CLEANUP(scan_setup_clear) struct scan_setup setup = { 0 };
	CLEANUP(scan_result_clear) struct scan_result result = { 0 };
	int rc = finding_scan(
		&result, &setup, repo, NULL, &fields->scan, env, err);
	if (rc < 0)
		return rc;
	untrack_paths_add_findings(&input->paths, &result);
	input->complete = result.complete;
	return 0;
}

static int find_paths(struct input *input, const struct fields *fields,
	const struct cmd_env *env, struct repo *repo, struct err *err)
{
	input->complete = true;
	int rc = 0;
	if (!input->pathspec)
		rc = add_found(input, fields, env, repo, err);
	else
		rc = add_all_named(input, fields, env, repo, err);
	untrack_paths_sort(&input->paths);
	if (rc == 0 && input->pathspec && !input->paths.count)
		return err_set(err, ERR_NOT_FOUND,
			"no tracked path fits the pathspec");
	return rc;
}

/** True for an answer that starts with a y. */
static bool ask(const struct cmd_env *env, size_t count)
{
	fprintf(env->log.out, "Stop tracking %zu %s? [y/N] ", count,
		count == 1 ? "path" : "paths");
	fflush(env->log.out);
	int first = getchar();
	return first == 'y' || first == 'Y';
}

static void say_what_is_left(const struct cmd_env *env, size_t removed)
{
	fprintf(env->log.out,
		"%zu %s no longer tracked; the files are still on disk.\n"
		"Next:\n"
		"  git hygiene ignore --write   so that they are not added "
		"again\n"
		"  git commit                   whoever pulls it loses the "
		"files on disk\n"
		"  git hygiene purge --plan     history still holds them, and "
		"so does every clone\n",
		removed, removed == 1 ? "path is" : "paths are");
}

static int act(const struct fields *fields, const struct cmd_env *env,
	struct repo *repo, const struct input *input, struct err *err)
{
	size_t removed = 0;
	struct untrack_opts untrack_opts = {
		.paths = input->paths.paths,
		.shown = input->paths.shown,
		.count = input->paths.count,
		.force = fields->force,
		.dry_run = true,
	};
	untrack_paths_print(&input->paths, env->out);
	/* all checks before the question, and once more under the lock */
	int rc = untrack(&removed, repo, &untrack_opts, err);
	if (rc < 0)
		return rc;
	if (fields->dry_run)
		return EXIT_FINDINGS;
	if (!fields->yes && !isatty(STDIN_FILENO))
		return err_set(err, ERR_USAGE,
			"there is nobody to ask; say --yes or --dry-run");
	if (!fields->yes && !ask(env, input->paths.count))
		return EXIT_FINDINGS;
	untrack_opts.dry_run = false;
	rc = untrack(&removed, repo, &untrack_opts, err);
	if (rc == 0)
		say_what_is_left(env, removed);
	return rc;
}

static int untrack_found(const struct fields *fields, const struct cmd_env *env,
	int words, char **argv, struct err *err)
{
	CLEANUP(repo_freep) struct repo *repo = NULL;
	CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
	CLEANUP(input_clear) struct input input = { 0 };
	int rc = scan_target_open(
		&repo, &pathspec, env->git_dir, words, argv, err);
	if (rc < 0)
		return rc;
	if (!repo_worktree(repo) && !getenv("GIT_INDEX_FILE"))
		return err_set(err, ERR_UNSUPPORTED,
			"%s has no worktree, so nothing in it is tracked; "
			"untrack in a clone, and push that",
			repo_name(repo));
	/* an index that cannot be changed need not be scanned */
	const struct untrack_opts nothing = { .dry_run = true };
	size_t none;
	rc = untrack(&none, repo, &nothing, err);
	if (rc < 0)
		return rc;
	input.pathspec = pathspec;
	rc = find_paths(&input, fields, env, repo, err);
	if (rc == 0 && input.paths.count)
		rc = act(fields, env, repo, &input, err);
	if (rc != 0)
		return rc;
	return input.complete ? EXIT_CLEAN : EXIT_INCOMPLETE;
}

static int run(
	const struct cmd_env *env, int argc, char **argv, struct err *err)
{
	CLEANUP(fields_clear) struct fields fields = { 0 };
	int words = opt_begin(&fields, &spec, env->out, argc, argv, err);
	if (words < 0)
		return words;
	return untrack_found(&fields, env, words, argv, err);
}

static const struct cmd_example examples[] = {
	{ "untrack --dry-run", "what would be taken out of the index" },
	{ "untrack --yes -- flask_session", "one folder, without asking" },
	{ 0 },
};

const struct cmd cmd_untrack = {
	.name = "untrack",
	.summary = "take what was found out of the index, not off the disk",
	.spec = &spec,
	.examples = examples,
	.run = run,
};
