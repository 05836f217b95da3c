#include "remedy/purge_apply.h"

#include "base/alloc.h"
#include "base/array.h"
#include "remedy/config_programs.h"
#include "remedy/program.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HELP_MAX ((size_t)1 << 20)

#define HOW_TO_GET                                                       \
	"apt install git-filter-repo, brew install git-filter-repo, or " \
	"pip install git-filter-repo"

void purge_tools_clear(struct purge_tools *tools)
{
	free(tools->git);
	free(tools->filter_repo);
	free(tools->version);
	*tools = (struct purge_tools){ 0 };
}

/** What `program option` prints; fails when it does not end well. */
static int ask(struct buf *out, const char *program, const char *option,
	struct err *err)
{
	const char *const words[] = { option, NULL };
	const struct program_call call = {
		.path = program,
		.words = words,
		.folder = "/", /* no repository has a say */
		.output = out,
	};
	int status = program_run(&call, err);
	if (status > 0)
		return err_set(err, ERR_UNSUPPORTED, "%s %s ends with %d",
			program, option, status);
	return status;
}

static int check_options(const char *program, const char *help, struct err *err)
{
	static const char *const needed[] = {
		"--paths-from-file",
		"--invert-paths",
		"--strip-blobs-with-ids",
		"--replace-text",
		"--replace-message",
		"--replace-refs",
	};
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		if (!strstr(help, needed[i]))
			return err_set(err, ERR_UNSUPPORTED,
				"%s is too old: it has no %s; get 2.29 or "
				"newer: " HOW_TO_GET,
				program, needed[i]);
	return 0;
}

int purge_tools_find(struct purge_tools *out, struct err *err)
{
	*out = (struct purge_tools){ 0 };
	int rc = program_find(&out->git, "git", err);
	if (rc < 0)
		return rc;
	if (program_find(&out->filter_repo, "git-filter-repo", err) < 0)
		return err_set(err, ERR_NOT_FOUND,
			"git-filter-repo is not on PATH; get it: " HOW_TO_GET);
	CLEANUP(buf_clear) struct buf help;
	CLEANUP(buf_clear) struct buf version;
	buf_init(&help, HELP_MAX);
	buf_init(&version, HELP_MAX);
	rc = ask(&help, out->filter_repo, "--help", err);
	if (rc == 0)
		rc = check_options(
			out->filter_repo, help.bytes ? help.bytes : "", err);
	if (rc == 0)
		rc = ask(&version, out->filter_repo, "--version", err);
	if (rc < 0)
		return rc;
	out->version = buf_steal(&version);
	out->version[strcspn(out->version, "\n")] = '\0';
	return 0;
}

/** Runs git in a folder; its output is talk, unless it is collected. */
static int run_git(const struct purge_tools *tools, const char *folder,
	const char *const *words, struct buf *output, struct err *err)
{
	const struct program_call call = {
		.path = tools->git,
		.words = words,
		.folder = folder,
		.output = output,
	};
	int status = program_run(&call, err);
	return status > 0 ? err_set(err, ERR_GIT, "git ends with %d", status)
			  : status;
}

/** The remote of the mirror is the repository it was made from, and pushing to
 * that would be a mistake. git-filter-repo takes the branches of a remote
 * "origin" for its own and then removes it with `git remote rm`: if there are
 * any, it is left one that fetches nothing, because of one that fetches all
 * refs all would be removed. */
static int forget_origin(
	const struct purge_tools *tools, const char *folder, struct err *err)
{
	CLEANUP(buf_clear) struct buf branch;
	buf_init(&branch, HELP_MAX);
	const char *const list[] = { "for-each-ref", "--count=1", "--format=x",
		"refs/remotes/origin/", NULL };
	const char *const forget[] = { "config", "--remove-section",
		"remote.origin", NULL };
	const char *const part[] = { "config", "--unset-all",
		"remote.origin.fetch", NULL };
	int rc = run_git(tools, folder, list, &branch, err);
	if (rc < 0)
		return rc;
	return run_git(tools, folder, branch.len ? part : forget, NULL, err);
}

int purge_clone(const struct purge_tools *tools, const char *source,
	const char *folder, struct err *err)
{
	if (access(folder, F_OK) == 0)
		return err_set(err, ERR_IO,
			"%s exists already: name another folder with --into, "
			"or delete it",
			folder);
	CLEANUP(freep) char *from = realpath(source, NULL);
	if (!from)
		return err_errno(err, "%s", source);
	/* --no-local: objects of its own, packed; no link, no alternate */
	const char *const clone[] = { "clone", "--quiet", "--mirror",
		"--no-local", "--template=", "--", from, folder, NULL };
	int rc = run_git(tools, "/", clone, NULL, err);
	if (rc == 0)
		rc = forget_origin(tools, folder, err);
	return rc < 0 ? err_prefix(err, "%s", folder) : 0;
}

/** Whether something is staged or changed; untracked files stay as they are. */
static int check_clean(
	const struct purge_tools *tools, const char *worktree, struct err *err)
{
	CLEANUP(buf_clear) struct buf status;
	buf_init(&status, HELP_MAX);
	/* not into submodules: their configuration is not looked at */
	const char *const words[] = { "status", "--porcelain",
		"--untracked-files=no", "--ignore-submodules=dirty", NULL };
	int rc = run_git(tools, worktree, words, &status, err);
	if (rc < 0 && rc != ERR_LIMIT)
		return rc;
	if (status.len)
		return err_set(err, ERR_UNSUPPORTED,
			"changes are not committed, and a rewrite in place "
			"would lose them: commit or stash them first");
	return 0;
}

int purge_check_in_place(const struct purge_tools *tools,
	const struct inventory *inventory, struct err *err)
{
	const struct repo *repo = inventory->repo;
	for (size_t i = 0; i < inventory->holders.count; i++) {
		const struct holder *holder = &inventory->holders.items[i];
		if (holder->worktree)
			return err_set(err, ERR_UNSUPPORTED,
				"the linked worktree %s would keep the old "
				"commits: git worktree remove it first",
				holder->worktree);
		if (holder->kind == HOLDER_STASH && oid_is_zero(&holder->oid))
			return err_set(err, ERR_UNSUPPORTED,
				"%s would be lost: apply and drop all but one "
				"stash entry first",
				holder->name);
	}
	int rc = config_programs_check(tools->git, repo, err);
	return rc == 0 && repo_worktree(repo)
		? check_clean(tools, repo_worktree(repo), err)
		: rc;
}

int purge_backup(const struct purge_tools *tools, const struct repo *repo,
	const char *bundle, struct err *err)
{
	if (access(bundle, F_OK) == 0)
		return err_set(err, ERR_IO,
			"%s exists already: name another file with --backup, "
			"or delete it",
			bundle);
	const char *const create[] = { "bundle", "create", "--quiet", bundle,
		"--all", "--reflog", NULL };
	const char *const verify[] = { "bundle", "verify", "--quiet", bundle,
		NULL };
	mode_t mask = umask(0077); /* it holds what is to be purged */
	int rc = run_git(tools, repo_git_dir(repo), create, NULL, err);
	umask(mask);
	if (rc == 0)
		rc = run_git(tools, repo_git_dir(repo), verify, NULL, err);
	return rc < 0 ? err_prefix(err, "%s", bundle) : 0;
}

int purge_rewrite(const struct purge_tools *tools, const char *folder,
	const struct purge_files *files, struct err *err)
{
	const char *words[PURGE_MAX_WORDS];
	purge_files_command(words, files);
	const struct program_call call = {
		.path = tools->filter_repo,
		.words = words,
		.folder = folder,
	};
	int status = program_run(&call, err);
	if (status > 0)
		return err_set(err, ERR_GIT,
			"%s in %s ends with %d: see its words above",
			tools->filter_repo, folder, status);
	return status;
}
