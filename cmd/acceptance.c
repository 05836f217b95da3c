#include "cmd/acceptance.h"

#include "base/alloc.h"
#include "base/file.h"
#include "cmd/settings.h"
#include "scanner/gitleaks_ignore.h"

#include <stdlib.h>
#include <string.h>

void acceptance_clear(struct acceptance *acceptance)
{
	baseline_clear(&acceptance->baseline);
	buf_clear(&acceptance->gitleaks);
	*acceptance = (struct acceptance){ 0 };
}

/** `name` below the top of the worktree, or of the .git folder. */
static char *at_top(const struct repo *repo, const char *name)
{
	struct buf path;
	buf_init(&path, 0);
	if (name[0] != '/')
		buf_add_text(&path, repo_name(repo));
	buf_add_text(&path, name);
	return buf_steal(&path);
}

char *acceptance_baseline_path(
	const struct cmd_env *env, struct repo *repo, bool protected_only)
{
	struct config_entry entry;
	if (setting_find(&entry, env, repo, "baseline", protected_only))
		return *entry.value ? at_top(repo, entry.value) : NULL;
	return repo_worktree(repo) ? at_top(repo, BASELINE_FILE) : NULL;
}

/** The repository's baseline: one that was set must be there. Without a
 * repository only a path that is the same for all of them is one. */
static int load_default(struct acceptance *out,
	const struct acceptance_opts *opts, const struct cmd_env *env,
	struct repo *repo, struct err *err)
{
	struct config_entry entry;
	bool is_set = setting_find(
		&entry, env, repo, "baseline", opts->protected_only);
	if (!is_set && (opts->no_repo || !repo))
		return 0;
	if (!repo && entry.value[0] != '/')
		return 0;
	CLEANUP(freep)
	char *path = acceptance_baseline_path(env, repo, opts->protected_only);
	if (!path)
		return 0;
	int rc = baseline_read(
		&out->baseline, path, is_set ? FILE_FOLLOW : 0, err);
	return rc == ERR_NOT_FOUND && !is_set ? 0 : rc;
}

static int load_gitleaks(
	struct acceptance *out, const struct repo *repo, struct err *err)
{
	if (!repo_worktree(repo))
		return 0;
	CLEANUP(freep) char *path = at_top(repo, ".gitleaksignore");
	int rc = file_read(&out->gitleaks, path, 0, err);
	return rc == ERR_NOT_FOUND ? 0 : rc;
}

int acceptance_load(struct acceptance *out, const struct acceptance_opts *opts,
	const struct cmd_env *env, struct repo *repo, struct err *err)
{
	*out = (struct acceptance){ .no_comments = opts->no_repo };
	buf_init(&out->gitleaks, GITLEAKS_IGNORE_MAX);
	int rc = 0;
	for (size_t i = 0; rc == 0 && opts->files && opts->files[i]; i++)
		rc = baseline_read(
			&out->baseline, opts->files[i], FILE_FOLLOW, err);
	if (rc == 0 && !(opts->files && opts->files[0]))
		rc = load_default(out, opts, env, repo, err);
	if (rc == 0 && repo && !opts->no_repo)
		rc = load_gitleaks(out, repo, err);
	bool comments = !opts->no_repo;
	if (rc == 0)
		rc = setting_bool(&comments, env, repo, "allowComments",
			opts->protected_only, !opts->no_repo, err);
	out->no_comments = !comments;
	baseline_sort(&out->baseline);
	return rc;
}

void acceptance_prepare(
	const struct acceptance *acceptance, struct scan_opts *opts)
{
	opts->no_allow_comments = acceptance->no_comments;
	opts->gitleaks_ignore = acceptance->gitleaks.bytes;
	opts->gitleaks_ignore_len = acceptance->gitleaks.len;
}

void acceptance_apply(struct acceptance *acceptance, struct scan_result *result,
	const char *key, const struct cmd_env *env)
{
	struct baseline *baseline = &acceptance->baseline;
	baseline_apply(baseline, result);
	char check[BASELINE_KEY_HEX + 1];
	baseline_key(check, key);
	if (baseline->key[0] && strcmp(baseline->key, check) != 0)
		log_warn(&env->log,
			"the baseline was made with another "
			"hygiene.fingerprintKey: none of its secrets can be "
			"recognised");
	size_t unused = 0;
	for (size_t i = 0; i < baseline->count; i++)
		unused += !baseline->entries[i].used;
	if (unused)
		log_info(&env->log,
			"%zu of %zu entries of the baseline fit no finding",
			unused, baseline->count);
}
