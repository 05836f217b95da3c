#include "cmd/hook_install.h"

#include "base/alloc.h"
#include "base/folder.h"
#include "cmd/hook_config.h"
#include "cmd/hook_event.h"
#include "cmd/hook_file.h"
#include "cmd/hook_print.h"
#include "cmd/hook_site.h"
#include "report/text_escape.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_EVENTS 8

/** What the steps below share; borrowed but for the page. */
struct work {
	struct hook_print print;
	struct repo *repo;
	const struct hook_site *site;
	unsigned events;
	const char *program;              /* absolute path of this program */
	const char *left[MAX_EVENTS + 1]; /* events that others must run */
	size_t left_count;
};

/** Absolute path of the running program. Caller frees. */
static char *own_path(void)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	return len > 0 ? xmemdupz(path, (size_t)len) : xstrdup("git-hygiene");
}

/** True when a shell finds this very program by its name. */
static bool is_on_path(const char *program)
{
	const char *at = getenv("PATH");
	while (at && *at) {
		size_t len = strcspn(at, ":");
		CLEANUP(buf_clear) struct buf path;
		buf_init(&path, 0);
		buf_add(&path, at, len);
		buf_add_text(&path, "/git-hygiene");
		CLEANUP(freep) char *real = realpath(path.bytes, NULL);
		if (real)
			return !strcmp(real, program);
		at += len + (at[len] == ':');
	}
	return false;
}

static unsigned chosen(
	const struct hook_choice *choice, const struct repo *repo)
{
	if (choice->events)
		return choice->events;
	unsigned events = 0;
	bool server = repo && !repo_worktree(repo);
	for (unsigned i = 0; hook_events[i].name; i++)
		if (hook_events[i].standard &&
			hook_events[i].is_server == server)
			events |= 1U << i;
	return events;
}

static void say(const struct work *work, const struct hook_event *event,
	const char *what, const char *where)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_printf(&text, "%s ", what);
	text_add_path(&text, where, work->print.opts.utf8);
	hook_print_event(&work->print, event, text.bytes);
}

/* In configuration */

static int set_all(const struct work *work, const char *file, struct err *err)
{
	const char *program =
		is_on_path(work->program) ? "git-hygiene" : work->program;
	int rc = 0;
	for (unsigned i = 0; rc == 0 && hook_events[i].name; i++) {
		if (!(work->events & 1U << i))
			continue;
		rc = hook_config_set(file, &hook_events[i], program, err);
		if (rc == 0)
			say(work, &hook_events[i],
				"guarded by configuration in", file);
	}
	return rc;
}

static int unset_all(const struct work *work, const char *file, struct err *err)
{
	for (unsigned i = 0; hook_events[i].name; i++) {
		if (!(work->events & 1U << i))
			continue;
		int rc = hook_config_unset(file, &hook_events[i], err);
		if (rc < 0)
			return rc;
		if (rc)
			say(work, &hook_events[i], "taken out of", file);
	}
	return 0;
}

/* In files */

/** Whether another program runs the hooks of this event. */
static bool is_managed(const struct work *work, const struct hook_event *event)
{
	const struct hook_site *site = work->site;
	return event->is_server ? site->hooks_path != NULL
				: site->manager != MANAGER_NONE;
}

static int install_file(const struct work *work, int folder,
	const struct hook_event *event, struct err *err)
{
	static const char *const words[] = {
		[HOOK_UNCHANGED] = "guarded already by a hook in",
		[HOOK_WRITTEN] = "guarded by a hook in",
		[HOOK_CHAINED] = "guarded, after the hook that was there, in",
	};
	int rc = hook_file_install(folder, event, work->program, err);
	if (rc >= 0)
		say(work, event, words[rc], work->site->folder);
	return rc < 0 ? rc : 0;
}

static void say_wired(const struct work *work, const struct hook_event *event)
{
	CLEANUP(buf_clear) struct buf text;
	const char *manager = hook_manager_name(work->site->manager);
	buf_init(&text, 0);
	buf_printf(&text, "named already by %s", manager);
	if (!hook_site_has_hook(work->site, event->name, work->repo))
		buf_add_text(&text,
			", but that is not set up in this clone: git has no "
			"hook to run");
	hook_print_event(&work->print, event, text.bytes);
}

static int install_files(struct work *work, struct err *err)
{
	CLEANUP(fd_close) int folder = -1;
	for (unsigned i = 0; hook_events[i].name; i++) {
		const struct hook_event *event = &hook_events[i];
		if (!(work->events & 1U << i))
			continue;
		if (is_managed(work, event)) {
			if (!hook_site_is_wired(
				    work->site, event->name, work->repo))
				work->left[work->left_count++] = event->name;
			else
				say_wired(work, event);
			continue;
		}
		int rc = folder < 0 ? hook_folder_open(&folder,
					      work->site->folder, true, err)
				    : 0;
		if (rc == 0)
			rc = install_file(work, folder, event, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int tell_left(const struct work *work)
{
	const struct hook_site *site = work->site;
	if (!work->left_count)
		return EXIT_CLEAN;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	if (site->manager == MANAGER_HOOKS_PATH || !site->manager_file) {
		hook_site_add_path(&text, site, work->print.opts.utf8);
		buf_add_text(&text,
			", which may serve other repositories too. Nothing "
			"was written; add there:");
	} else {
		buf_printf(&text,
			"Hooks are run by %s here (%s). Nothing was written; "
			"add:",
			hook_manager_name(site->manager), site->manager_file);
	}
	hook_print_text(&work->print, text.bytes);
	hook_site_advise(&work->print.page, site, work->left);
	return EXIT_FINDINGS;
}

static char *config_file(const struct repo *repo, bool global, struct err *err)
{
	char *file = NULL;
	if (global) {
		file = hook_config_global_path();
		if (!file)
			err_set(err, ERR_NOT_FOUND, "HOME is not set");
		return file;
	}
	struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%sconfig", repo_common_dir(repo));
	return buf_steal(&path);
}

static int install_config(const struct work *work, bool global, struct err *err)
{
	if (!git_has_config_hooks(work->site->git))
		return err_set(err, ERR_UNSUPPORTED,
			"--global needs git 2.54 or later, which runs hooks "
			"that configuration names; this is %u.%u",
			work->site->git.major, work->site->git.minor);
	CLEANUP(freep) char *file = config_file(work->repo, global, err);
	return file ? set_all(work, file, err) : err->code;
}

int hook_install(const struct cmd_env *env, struct repo *repo,
	const struct hook_choice *choice, struct err *err)
{
	CLEANUP(hook_site_clear) struct hook_site site = { 0 };
	CLEANUP(freep) char *program = own_path();
	struct work work = {
		.repo = repo,
		.site = &site,
		.events = chosen(choice, choice->global ? NULL : repo),
		.program = program,
	};
	hook_print_init(&work.print, env->out);
	int rc = 0;
	if (repo)
		rc = hook_site_find(&site, repo, err);
	else
		site.git = git_version();
	if (rc < 0)
		return rc;
	if (choice->global || git_has_config_hooks(site.git)) {
		rc = install_config(&work, choice->global, err);
		return rc < 0 ? rc : EXIT_CLEAN;
	}
	rc = install_files(&work, err);
	return rc < 0 ? rc : tell_left(&work);
}

static int uninstall_files(const struct work *work, struct err *err)
{
	static const char *const words[] = {
		[HOOK_REMOVED] = "taken out of",
		[HOOK_RESTORED] = "the hook that was there before is back in",
	};
	CLEANUP(fd_close) int folder = -1;
	int rc = hook_folder_open(&folder, work->site->folder, false, err);
	if (rc < 0)
		return rc == ERR_NOT_FOUND ? 0 : rc;
	for (unsigned i = 0; hook_events[i].name; i++) {
		if (!(work->events & 1U << i))
			continue;
		rc = hook_file_uninstall(folder, &hook_events[i], err);
		if (rc < 0)
			return rc;
		if (rc != HOOK_UNCHANGED)
			say(work, &hook_events[i], words[rc],
				work->site->folder);
	}
	return 0;
}

/** Without a choice, every event: what was installed is taken out. */
static unsigned to_uninstall(const struct hook_choice *choice)
{
	return choice->events ? choice->events : ~0U;
}

int hook_uninstall(const struct cmd_env *env, struct repo *repo,
	const struct hook_choice *choice, struct err *err)
{
	CLEANUP(hook_site_clear) struct hook_site site = { 0 };
	struct work work = {
		.repo = repo,
		.site = &site,
		.events = to_uninstall(choice),
	};
	hook_print_init(&work.print, env->out);
	CLEANUP(freep) char *file = config_file(repo, choice->global, err);
	if (!file)
		return err->code;
	int rc = unset_all(&work, file, err);
	if (rc < 0 || choice->global)
		return rc < 0 ? rc : EXIT_CLEAN;
	rc = hook_site_find(&site, repo, err);
	if (rc == 0)
		rc = uninstall_files(&work, err);
	if (rc < 0)
		return rc;
	for (unsigned i = 0; hook_events[i].name; i++)
		if (site.manager != MANAGER_NONE &&
			hook_site_is_wired(&site, hook_events[i].name, repo))
			say(&work, &hook_events[i],
				"still named by the file of",
				hook_manager_name(site.manager));
	return EXIT_CLEAN;
}
