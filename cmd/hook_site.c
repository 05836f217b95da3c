#include "cmd/hook_site.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "report/text_escape.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_FILE ((size_t)1 << 20)

/* Files by which a manager is known, at the top of a worktree: its own pages,
 * typicode.github.io/husky, lefthook.dev/configuration, pre-commit.com. */
static const struct {
	const char *name;
	int manager;
} files[] = {
	{ ".husky", MANAGER_HUSKY },
	{ "lefthook.yml", MANAGER_LEFTHOOK },
	{ "lefthook.yaml", MANAGER_LEFTHOOK },
	{ "lefthook.toml", MANAGER_LEFTHOOK },
	{ "lefthook.json", MANAGER_LEFTHOOK },
	{ ".lefthook.yml", MANAGER_LEFTHOOK },
	{ ".lefthook.yaml", MANAGER_LEFTHOOK },
	{ ".lefthook.toml", MANAGER_LEFTHOOK },
	{ ".lefthook.json", MANAGER_LEFTHOOK },
	{ ".config/lefthook.yml", MANAGER_LEFTHOOK },
	{ ".pre-commit-config.yaml", MANAGER_PRE_COMMIT },
};

const char *hook_manager_name(int manager)
{
	static const char *const names[] = {
		[MANAGER_NONE] = "git",
		[MANAGER_HUSKY] = "husky",
		[MANAGER_LEFTHOOK] = "lefthook",
		[MANAGER_PRE_COMMIT] = "the pre-commit framework",
		[MANAGER_HOOKS_PATH] = "core.hooksPath",
	};
	return names[manager];
}

void hook_site_clear(struct hook_site *site)
{
	arena_clear(&site->arena);
	*site = (struct hook_site){ 0 };
}

static void find_manager(struct hook_site *site, const struct repo *repo)
{
	const char *top = repo_worktree(repo);
	for (size_t i = 0; top && i < ARRAY_SIZE(files); i++) {
		struct stat st;
		const char *path =
			arena_printf(&site->arena, "%s%s", top, files[i].name);
		if (lstat(path, &st) < 0)
			continue;
		site->manager = files[i].manager;
		site->manager_file = files[i].name;
		return;
	}
	if (site->hooks_path)
		site->manager = MANAGER_HOOKS_PATH;
}

int hook_site_find(struct hook_site *out, struct repo *repo, struct err *err)
{
	const struct config *config;
	*out = (struct hook_site){ .git = git_version() };
	int rc = repo_config(&config, repo, err);
	if (rc < 0)
		return rc;
	out->folder =
		arena_printf(&out->arena, "%shooks", repo_common_dir(repo));
	out->hooks_path = config_find(config, "core.hookspath", false);
	if (out->hooks_path && !*out->hooks_path->value)
		out->hooks_path = NULL;
	find_manager(out, repo);
	return 0;
}

void hook_site_add_path(
	struct buf *out, const struct hook_site *site, bool utf8)
{
	buf_add_text(out, "core.hooksPath (");
	text_add_path(out, site->hooks_path->origin, utf8);
	buf_add_text(out, ") has git look for hooks in ");
	text_add_path(out, site->hooks_path->value, utf8);
}

/** Where core.hooksPath leads: git-config(1), "pathname" and core.hooksPath.
 * Caller frees. */
static char *hooks_folder(const struct hook_site *site, const struct repo *repo)
{
	const char *value = site->hooks_path->value;
	const char *home = getenv("HOME");
	const char *top = repo_worktree(repo);
	struct buf path;
	buf_init(&path, 0);
	if (!strncmp(value, "~/", 2) && home)
		buf_printf(&path, "%s%s", home, value + 1);
	else if (*value == '/')
		buf_add_text(&path, value);
	else
		buf_printf(
			&path, "%s%s", top ? top : repo_git_dir(repo), value);
	return buf_steal(&path);
}

bool hook_site_has_folder(const struct hook_site *site, const struct repo *repo)
{
	CLEANUP(freep) char *folder = hooks_folder(site, repo);
	struct stat st;
	return stat(folder, &st) == 0 && S_ISDIR(st.st_mode);
}

bool hook_site_has_hook(const struct hook_site *site, const char *event,
	const struct repo *repo)
{
	CLEANUP(freep)
	char *folder = site->hooks_path ? hooks_folder(site, repo)
					: xstrdup(site->folder);
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s/%s", folder, event);
	return access(path.bytes, X_OK) == 0;
}

bool hook_site_is_wired(const struct hook_site *site, const char *event,
	const struct repo *repo)
{
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&path, 0);
	buf_init(&text, MAX_FILE);
	const char *top = repo_worktree(repo);
	if (site->manager == MANAGER_HOOKS_PATH) {
		CLEANUP(freep) char *folder = hooks_folder(site, repo);
		buf_printf(&path, "%s/%s", folder, event);
	} else if (site->manager != MANAGER_NONE && top) {
		buf_printf(&path, "%s%s", top, site->manager_file);
		if (site->manager == MANAGER_HUSKY)
			buf_printf(&path, "/%s", event);
	}
	struct err ignored;
	if (!path.len || file_read(&text, path.bytes, 0, &ignored) < 0 ||
		!text.len)
		return false;
	bool named = memmem(text.bytes, text.len, "git-hygiene", 11) ||
		memmem(text.bytes, text.len, "git hygiene", 11);
	if (site->manager == MANAGER_PRE_COMMIT && !strcmp(event, "pre-push"))
		return memmem(text.bytes, text.len, "git-hygiene-push", 16) ||
			memmem(text.bytes, text.len, "hook run pre-push", 17);
	return named;
}

/* Advice */

static void advise_husky(FILE *out, const char *event)
{
	fprintf(out, "    .husky/%s:\n        git-hygiene hook run %s \"$@\"\n",
		event, event);
}

static void advise_lefthook(FILE *out, const char *event)
{
	bool push = !strcmp(event, "pre-push");
	bool message = !strcmp(event, "commit-msg");
	fprintf(out,
		"    %s:\n"
		"      commands:\n"
		"        git-hygiene:\n"
		"          run: git-hygiene hook run %s%s\n%s",
		event, event,
		push              ? " {1} {2}"
			: message ? " {1}"
				  : "",
		push ? "          use_stdin: true\n" : "");
}

static void advise_framework(FILE *out, const char *event)
{
	bool commit = !strcmp(event, "pre-commit");
	bool message = !strcmp(event, "commit-msg");
	fprintf(out,
		"      - id: git-hygiene%s\n"
		"        name: git-hygiene (%s)\n"
		"        entry: git-hygiene hook run %s\n"
		"        language: system\n"
		"        stages: [%s]\n"
		"        pass_filenames: %s\n"
		"        always_run: true\n",
		commit            ? ""
			: message ? "-message"
				  : "-push",
		event, event,
		commit            ? "commit"
			: message ? "commit-msg"
				  : "push",
		message ? "true" : "false");
}

static void advise_path(const struct page *page, const struct hook_site *site,
	const char *event)
{
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf shown;
	buf_init(&path, 0);
	buf_init(&shown, 0);
	buf_printf(&path, "%s/%s", site->hooks_path->value, event);
	text_add_path(&shown, path.bytes, page->opts->utf8);
	fprintf(page->out,
		"    %s:\n        git-hygiene hook run %s \"$@\" || exit\n",
		shown.bytes, event);
}

void hook_site_advise(const struct page *page, const struct hook_site *site,
	const char *const *events)
{
	FILE *out = page->out;
	if (site->manager == MANAGER_PRE_COMMIT)
		fputs("    repos:\n    - repo: local\n      hooks:\n", out);
	for (; *events; events++) {
		switch (site->manager) {
		case MANAGER_HUSKY:
			advise_husky(out, *events);
			break;
		case MANAGER_LEFTHOOK:
			advise_lefthook(out, *events);
			break;
		case MANAGER_PRE_COMMIT:
			advise_framework(out, *events);
			break;
		default:
			advise_path(page, site, *events);
		}
	}
}
