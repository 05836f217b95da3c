#include "cmd/scan_target.h"

#include "base/alloc.h"
#include "base/buf.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool has_file(const char *folder, const char *name)
{
	struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s/%s", folder, name);
	bool found = access(path.bytes, F_OK) == 0;
	buf_clear(&path);
	return found;
}

/** True for a worktree's top and for a .git folder, bare or not. */
static bool is_top(const char *folder)
{
	return has_file(folder, ".git") ||
		(has_file(folder, "HEAD") && has_file(folder, "objects") &&
			has_file(folder, "refs"));
}

/** True when `path` lies below the worktree. */
static bool lies_in(const char *worktree, const char *path)
{
	CLEANUP(freep) char *top = realpath(worktree, NULL);
	CLEANUP(freep) char *real = realpath(path, NULL);
	size_t len = top ? strlen(top) : 0;
	return top && real && !strncmp(top, real, len) && real[len] == '/';
}

/** The current folder from the top on, "" or with a slash at its end. Caller
 * frees. */
static char *prefix_from(const char *top)
{
	struct buf prefix;
	buf_init(&prefix, 0);
	CLEANUP(freep) char *here = getcwd(NULL, 0);
	size_t len = top ? strlen(top) : 0;
	if (top && here && !strncmp(here, top, len) && here[len] == '/')
		buf_printf(&prefix, "%s/", here + len + 1);
	return buf_steal(&prefix);
}

static int make_pathspec(struct pathspec **out, const struct repo *repo,
	int words, char **argv, struct err *err)
{
	if (!words)
		return 0;
	const char *worktree = repo_worktree(repo);
	CLEANUP(freep) char *top = worktree ? realpath(worktree, NULL) : NULL;
	CLEANUP(freep) char *prefix = prefix_from(top);
	const struct pathspec_base base = { .top = top, .prefix = prefix };
	CLEANUP(pathspec_freep) struct pathspec *pathspec = NULL;
	int rc = pathspec_new(&pathspec, (const char *const *)argv,
		(size_t)words, &base, err);
	if (rc == 0 && !pathspec_takes_all(pathspec))
		*out = STEAL(pathspec);
	return rc;
}

/** Takes the first "--" out of the words; returns whether it stood before all
 * of them. */
static bool take_dashes(int *words, char **argv)
{
	int at = 0;
	while (at < *words && strcmp(argv[at], "--") != 0)
		at++;
	if (at == *words)
		return false;
	--*words;
	for (int i = at; i < *words; i++)
		argv[i] = argv[i + 1];
	return at == 0;
}

int scan_target_open(struct repo **repo, struct pathspec **pathspec,
	const char *git_dir, int words, char **argv, struct err *err)
{
	struct repo_opts opts = { .git_dir = git_dir };
	bool all_specs = take_dashes(&words, argv);
	bool folder = words && !all_specs && is_folder(argv[0]);
	if (folder && !git_dir && is_top(argv[0])) {
		opts.start = argv[0];
	} else {
		int rc = repo_open(repo, &opts, err);
		bool elsewhere = folder && !git_dir &&
			(rc < 0 || !repo_worktree(*repo) ||
				!lies_in(repo_worktree(*repo), argv[0]));
		if (rc < 0 && !elsewhere)
			return rc;
		if (!elsewhere)
			return make_pathspec(pathspec, *repo, words, argv, err);
		repo_free(*repo);
		*repo = NULL;
		opts.start = argv[0];
	}
	int rc = repo_open(repo, &opts, err);
	return rc < 0
		? rc
		: make_pathspec(pathspec, *repo, words - 1, argv + 1, err);
}

static bool is_same(const char *a, const char *b)
{
	CLEANUP(freep) char *left = a ? realpath(a, NULL) : NULL;
	CLEANUP(freep) char *right = b ? realpath(b, NULL) : NULL;
	return left && right && !strcmp(left, right);
}

int scan_target_open_at(struct repo **repo, const char *folder, struct err *err)
{
	const struct repo_opts opts = { .start = folder };
	if (!is_folder(folder))
		return err_set(
			err, ERR_NOT_FOUND, "%s: no such folder", folder);
	if (!is_top(folder))
		return err_set(
			err, ERR_NOT_FOUND, "%s: not a Git repository", folder);
	int rc = repo_open(repo, &opts, err);
	if (rc < 0 || is_same(repo_worktree(*repo), folder) ||
		is_same(repo_git_dir(*repo), folder))
		return rc;
	/* git would go on to look around it */
	return err_set(err, ERR_NOT_FOUND,
		"%s: its .git is not that of a repository", folder);
}
