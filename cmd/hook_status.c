/* hook status: what guards this clone, and what keeps it from doing so. */
#include "base/folder.h"
#include "cmd/hook_config.h"
#include "cmd/hook_event.h"
#include "cmd/hook_file.h"
#include "cmd/hook_install.h"
#include "cmd/hook_print.h"
#include "cmd/hook_site.h"
#include "report/text_escape.h"

/** What is looked at; borrowed. */
struct look {
	struct hook_site *site;
	struct repo *repo;
	const struct config *config;
	int folder; /* of the repository's own hooks, or -1 */
	bool utf8;
};

/** What is known about one event. */
struct guard {
	bool holds;
	const char *text; /* one paragraph, escaped, in the arena of the site */
};

/** A path as it is printed, in the arena. */
static const char *shown(const struct look *look, const char *path)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	text_add_path(&text, path, look->utf8);
	return arena_strdup(&look->site->arena, text.bytes);
}

static struct guard of_config(
	const struct look *look, const struct config_entry *entry)
{
	struct hook_site *site = look->site;
	const char *origin = shown(look, entry->origin);
	if (git_has_config_hooks(site->git))
		return (struct guard){ true,
			arena_printf(&site->arena, "guarded by %s", origin) };
	return (struct guard){ false,
		arena_printf(&site->arena,
			"not guarded: git %u.%u does not run the hook that %s "
			"names (2.54 does)",
			site->git.major, site->git.minor, origin) };
}

/** Where the event's hook stands, as it is printed. */
static const char *file_of(const struct look *look,
	const struct hook_event *event, const char *suffix)
{
	return shown(look,
		arena_printf(&look->site->arena, "%s/%s%s", look->site->folder,
			event->name, suffix));
}

static struct guard of_file(
	const struct look *look, const struct hook_event *event)
{
	struct arena *arena = &look->site->arena;
	const char *earlier = hook_file_has_earlier(look->folder, event->name)
		? ", after the hook that was there before"
		: "";
	switch (hook_file_state(look->folder, event->name)) {
	case HOOK_OURS:
		return (struct guard){ true,
			arena_printf(arena, "guarded by %s%s",
				file_of(look, event, ""), earlier) };
	case HOOK_OURS_IS_LEGACY:
		return (struct guard){ true,
			arena_printf(arena,
				"guarded by %s, which the pre-commit framework "
				"runs%s",
				file_of(look, event, ".legacy"), earlier) };
	case HOOK_OURS_CANNOT:
		return (struct guard){ false,
			arena_printf(arena, "not guarded: %s is not executable",
				file_of(look, event, "")) };
	case HOOK_OTHERS:
		return (struct guard){ false,
			"not guarded; there is a hook of somebody else" };
	default:
		return (struct guard){ false, "not guarded" };
	}
}

/** git passes over the repository's own folder of hooks. */
static struct guard of_hooks_path(
	const struct look *look, const struct guard *file)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add_text(&text, "not guarded: ");
	hook_site_add_path(&text, look->site, look->utf8);
	if (!hook_site_has_folder(look->site, look->repo))
		buf_add_text(&text, ", where there is no folder");
	if (file->holds)
		buf_printf(
			&text, ", not in %s", shown(look, look->site->folder));
	return (struct guard){ false,
		arena_strdup(&look->site->arena, text.bytes) };
}

/** A file of the repository that names us says nothing of this clone: husky and
 * its like have to be installed in it. */
static struct guard of_manager(
	const struct look *look, const struct hook_event *event)
{
	struct hook_site *site = look->site;
	const char *manager = hook_manager_name(site->manager);
	if (hook_site_has_hook(site, event->name, look->repo))
		return (struct guard){ true,
			arena_printf(&site->arena, "named by the file of %s",
				manager) };
	return (struct guard){ false,
		arena_printf(&site->arena,
			site->manager == MANAGER_HOOKS_PATH
				? "not guarded: the file of %s is not "
				  "executable"
				: "not guarded: named by the file of %s, but "
				  "that is not set up in this clone: git has "
				  "no hook to run",
			manager) };
}

static struct guard find_guard(
	const struct look *look, const struct hook_event *event)
{
	struct hook_site *site = look->site;
	const struct config_entry *entry =
		hook_config_find(look->config, event);
	struct guard guard = { 0 };
	if (entry)
		guard = of_config(look, entry);
	if (guard.holds)
		return guard;
	if (hook_site_is_wired(site, event->name, look->repo))
		return of_manager(look, event);
	struct guard file = { false, "not guarded" };
	if (look->folder >= 0)
		file = of_file(look, event);
	if (site->hooks_path)
		return of_hooks_path(look, &file);
	return file.holds || !guard.text ? file : guard;
}

int hook_status(const struct cmd_env *env, struct repo *repo, struct err *err)
{
	CLEANUP(hook_site_clear) struct hook_site site = { 0 };
	CLEANUP(fd_close) int folder = -1;
	struct look look = { .site = &site, .repo = repo };
	struct hook_print print;
	struct err none;
	int rc = hook_site_find(&site, repo, err);
	if (rc == 0)
		rc = repo_config(&look.config, repo, err);
	if (rc < 0)
		return rc;
	if (hook_folder_open(&folder, site.folder, false, &none) < 0)
		folder = -1;
	look.folder = folder;
	hook_print_init(&print, env->out);
	look.utf8 = print.opts.utf8;
	bool guarded = false;
	for (const struct hook_event *event = hook_events; event->name;
		event++) {
		struct guard guard = find_guard(&look, event);
		bool asked = event->standard &&
			event->is_server == !repo_worktree(repo);
		guarded = guarded || (asked && guard.holds);
		if (asked || guard.holds)
			hook_print_event(&print, event, guard.text);
	}
	if (site.manager == MANAGER_PRE_COMMIT)
		hook_print_text(&print,
			"The framework runs hooks only after 'pre-commit "
			"install -t pre-commit -t pre-push'.");
	return guarded ? EXIT_CLEAN : EXIT_FINDINGS;
}
