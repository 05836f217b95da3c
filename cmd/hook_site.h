/*
 * How hooks are run in a repository: where git looks for them, and whether
 * another program has taken them in hand.
 */
#ifndef CMD_HOOK_SITE_H
#define CMD_HOOK_SITE_H

#include "base/arena.h"
#include "base/err.h"
#include "cmd/git_version.h"
#include "report/page.h"
#include "scanner/repo.h"

enum hook_manager {
	MANAGER_NONE,
	MANAGER_HUSKY,
	MANAGER_LEFTHOOK,
	MANAGER_PRE_COMMIT, /* pre-commit.com, prek */
	MANAGER_HOOKS_PATH, /* core.hooksPath, and nobody known behind it */
};

/** Texts live in the arena, or are borrowed from the repo. */
struct hook_site {
	struct arena arena;
	struct git_version git;
	const char *folder; /* of the repository's own hooks */
	const struct config_entry *hooks_path; /* core.hooksPath, or NULL */
	int manager;                           /* enum hook_manager */
	const char *manager_file;              /* what it is recognised by */
};

/** Looks. Caller clears. */
int hook_site_find(
	struct hook_site *out, struct repo *repo, struct err *err) MUST_CHECK;
void hook_site_clear(struct hook_site *site);

/** "husky", "lefthook", … */
const char *hook_manager_name(int manager);

/** True when the manager's own file of this worktree names git-hygiene. */
bool hook_site_is_wired(const struct hook_site *site, const char *event,
	const struct repo *repo);

/** Appends, escaped, where core.hooksPath, which is set, has git look. */
void hook_site_add_path(
	struct buf *out, const struct hook_site *site, bool utf8);

/** True when the folder that core.hooksPath names is there. */
bool hook_site_has_folder(
	const struct hook_site *site, const struct repo *repo);

/** True when git finds a hook of the event that it can run, whoever's. */
bool hook_site_has_hook(const struct hook_site *site, const char *event,
	const struct repo *repo);

/** Prints what to add where, for somebody to copy. */
void hook_site_advise(const struct page *page, const struct hook_site *site,
	const char *const *events);

#endif
