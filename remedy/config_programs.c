#include "remedy/config_programs.h"

#include "base/array.h"
#include "remedy/program.h"

#include <string.h>
#include <unistd.h>

#define MAX_CONFIG ((size_t)1 << 20)

/* git-config(1), gitattributes(5). First and last part of a key, which git
 * prints in lower case; anything may stand between them. */
static const struct {
	const char *section, *last;
} keys[] = {
	{ "include", "path" },
	{ "includeif", "path" },
	{ "filter", "clean" },
	{ "filter", "smudge" },
	{ "filter", "process" },
	{ "diff", "command" },
	{ "diff", "external" },
	{ "diff", "textconv" },
	{ "merge", "driver" },
	{ "core", "alternaterefscommand" },
	{ "gc", "recentobjectshook" },
	{ "gpg", "program" },
	{ "gpg", "defaultkeycommand" },
	{ "remote", "uploadpack" },
	{ "remote", "receivepack" },
};

/* Events of hooks that configuration names (git 2.54), of commits and pushes:
 * a rewrite makes neither. */
static const char *const other_events[] = { "pre-commit", "prepare-commit-msg",
	"commit-msg", "post-commit", "pre-push", "pre-receive", "update",
	"post-receive", "post-update" };

/** One entry as `git config --list --null` prints it. */
static bool runs_program(
	const char *key, size_t section, const char *last, const char *value)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (strlen(keys[i].section) == section &&
			!memcmp(keys[i].section, key, section) &&
			!strcmp(keys[i].last, last))
			return true;
	if (section != 4 || memcmp(key, "hook", 4) != 0 ||
		strcmp(last, "event") != 0)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(other_events); i++)
		if (!strcmp(other_events[i], value))
			return false;
	return true;
}

/** Looks at a key, with "\n<value>" behind it, which is cut off. */
static int check_entry(char *entry, const char *file, struct err *err)
{
	char *newline = strchr(entry, '\n');
	const char *value = newline ? newline + 1 : "";
	if (newline)
		*newline = '\0';
	const char *last = strrchr(entry, '.');
	if (!last || !runs_program(entry, strcspn(entry, "."), last + 1, value))
		return 0;
	return err_set(err, ERR_UNSUPPORTED,
		"%s sets '%s', with which git may run a program that the "
		"repository names: purge a clone of it, without --in-place, "
		"or take the setting out first",
		file, entry);
}

/** What git, started outside of any repository, prints for the words. Returns
 * its exit status. */
static int ask_git(struct buf *out, const char *git, const char *const *words,
	struct err *err)
{
	const struct program_call call = {
		.path = git,
		.words = words,
		.folder = "/",
		.output = out,
	};
	buf_init(out, MAX_CONFIG);
	return program_run(&call, err);
}

static int check_file(
	const char *git, const char *folder, const char *name, struct err *err)
{
	CLEANUP(buf_clear) struct buf file;
	CLEANUP(buf_clear) struct buf list;
	buf_init(&file, 0);
	buf_init(&list, 0);
	buf_printf(&file, "%s%s", folder, name);
	if (access(file.bytes, F_OK) < 0)
		return 0;
	CLEANUP(freep) char *path = realpath(file.bytes, NULL);
	if (!path)
		return err_errno(err, "%s", file.bytes);
	const char *const words[] = { "config", "--file", path, "--no-includes",
		"--list", "--null", NULL };
	int rc = ask_git(&list, git, words, err);
	if (rc > 0)
		return err_set(err, ERR_GIT, "git cannot read %s", path);
	for (size_t at = 0; rc == 0 && at < list.len;) {
		char *entry = list.bytes + at;
		at += strlen(entry) + 1;
		rc = check_entry(entry, path, err);
	}
	return rc;
}

int config_programs_check(
	const char *git, const struct repo *repo, struct err *err)
{
	int rc = check_file(git, repo_common_dir(repo), "config", err);
	return rc < 0
		? rc
		: check_file(git, repo_git_dir(repo), "config.worktree", err);
}

int config_check_whole(
	const char *git, const struct repo *repo, struct err *err)
{
	CLEANUP(freep) char *folder = realpath(repo_git_dir(repo), NULL);
	CLEANUP(buf_clear) struct buf found;
	buf_init(&found, 0);
	if (!folder)
		return err_errno(err, "%s", repo_git_dir(repo));
	const char *const words[] = { "--git-dir", folder, "config",
		"--get-regexp",
		"^(remote\\..*\\.promisor|extensions\\.partialclone)$", NULL };
	int rc = ask_git(&found, git, words, err);
	if (rc < 0 && rc != ERR_LIMIT)
		return rc;
	if (rc > 1)
		return err_set(err, ERR_GIT,
			"git cannot read the configuration of %s", folder);
	return rc == 1 ? 0
		       : err_set(err, ERR_UNSUPPORTED,
				 "a partial clone cannot be purged: git would "
				 "fetch what it has not; clone it whole first");
}
