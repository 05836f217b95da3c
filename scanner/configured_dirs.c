#include "scanner/configured_dirs.h"

#include "rules/ruleset.h"

#include <string.h>

static bool is_named_inside(const struct audit_store *store)
{
	return store->setting && !store->started_in && store->inside == YES &&
		*store->path;
}

void configured_dirs_take(
	struct session_paths *paths, const struct audit *audit)
{
	for (size_t i = 0; i < audit->app_count; i++)
		for (size_t s = 0; s < audit->apps[i].store_count; s++)
			if (is_named_inside(&audit->apps[i].stores[s]))
				session_paths_add(
					paths, audit->apps[i].stores[s].path);
}

int configured_dirs_add(
	struct session_paths *paths, struct repo *repo, struct err *err)
{
	CLEANUP(ruleset_freep) struct ruleset *rules = NULL;
	CLEANUP(audit_clear) struct audit audit = { 0 };
	const struct ruleset_opts rule_opts = { 0 };
	const struct audit_opts opts = { .source = AUDIT_WORKTREE };
	int rc = ruleset_new(&rules, &rule_opts, err);
	if (rc == 0)
		rc = audit_run(&audit, repo, rules, &opts, err);
	if (rc == 0)
		configured_dirs_take(paths, &audit);
	return rc;
}
