/* hook status: what guards this clone, and what keeps it from doing so. */
#include "base/folder.h"
#include "cmd/hook_config.h"
#include "cmd/hook_event.h"
#include "cmd/hook_file.h"
#include "cmd/hook_install.h"
#include "cmd/hook_site.h"

/** What is known about one event. */
struct guard {
	bool holds;
	const char *text; /* one line, in the arena of the site */
};

static struct guard of_config(
	struct hook_site *site, const struct config_entry *entry)
{
	if (git_has_config_hooks(site->git))
		return (struct guard){ true,
			arena_printf(
				&site->arena, "guarded by %s", entry->origin) };
	return (struct guard){ false,
		arena_printf(&site->arena,
			"not guarded: git %u.%u does not run the hook that %s "
			"names (2.54 does)",
			site->git.major, site->git.minor, entry->origin) };
}

static struct guard of_file(
	struct hook_site *site, int folder, const struct hook_event *event)
{
	const char *earlier = hook_file_has_earlier(folder, event->name)
		? ", after the hook that was there before"
		: "";
	switch (hook_file_state(folder, event->name)) {
	case HOOK_OURS:
		return (struct guard){ true,
			arena_printf(&site->arena, "guarded by %s/%s%s",
				site->folder, event->name, earlier) };
	case HOOK_OURS_IS_LEGACY:
		return (struct guard){ true,
			arena_printf(&site->arena,
				"guarded by %s/%s.legacy, which the "
				"pre-commit framework runs%s",
				site->folder, event->name, earlier) };
	case HOOK_OURS_CANNOT:
		return (struct guard){ false,
			arena_printf(&site->arena,
				"not guarded: %s/%s is not executable",
				site->folder, event->name) };
	case HOOK_OTHERS:
		return (struct guard){ false,
			"not guarded; there is a hook of somebody else" };
	default:
		return (struct guard){ false, "not guarded" };
	}
}

static struct guard find_guard(struct hook_site *site, int folder,
	const struct hook_event *event, struct repo *repo,
	const struct config *config)
{
	const struct config_entry *entry = hook_config_find(config, event);
	struct guard guard = { 0 };
	if (entry)
		guard = of_config(site, entry);
	if (guard.holds)
		return guard;
	if (hook_site_is_wired(site, event->name, repo))
		return (struct guard){ true,
			arena_printf(&site->arena, "named by the file of %s",
				hook_manager_name(site->manager)) };
	if (folder < 0)
		return guard.text ? guard
				  : (struct guard){ false, "not guarded" };
	struct guard file = of_file(site, folder, event);
	if (file.holds && site->hooks_path)
		return (struct guard){ false,
			arena_printf(&site->arena,
				"not guarded: core.hooksPath (%s) has git look "
				"in %s, not in %s",
				site->hooks_path->origin,
				site->hooks_path->value, site->folder) };
	return file.holds || !guard.text ? file : guard;
}

int hook_status(const struct cmd_env *env, struct repo *repo, struct err *err)
{
	CLEANUP(hook_site_clear) struct hook_site site = { 0 };
	CLEANUP(fd_close) int folder = -1;
	const struct config *config = NULL;
	struct err none;
	int rc = hook_site_find(&site, repo, err);
	if (rc == 0)
		rc = repo_config(&config, repo, err);
	if (rc < 0)
		return rc;
	if (hook_folder_open(&folder, site.folder, false, &none) < 0)
		folder = -1;
	bool guarded = false;
	for (const struct hook_event *event = hook_events; event->name;
		event++) {
		struct guard guard =
			find_guard(&site, folder, event, repo, config);
		bool asked = event->standard &&
			event->is_server == !repo_worktree(repo);
		guarded = guarded || (asked && guard.holds);
		if (asked || guard.holds)
			fprintf(env->out, "%-12s%s\n", event->name, guard.text);
	}
	if (site.manager == MANAGER_PRE_COMMIT)
		fputs("The framework runs hooks only after 'pre-commit install "
		      "-t pre-commit -t pre-push'.\n",
			env->out);
	return guarded ? EXIT_CLEAN : EXIT_FINDINGS;
}
