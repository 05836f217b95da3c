#include "scanner/audit_store.h"

#include "base/array.h"
#include "rules/settings/setting_path.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The name of a file such as a store has, to ask git about. */
#define PROBE "0123456789abcdef0123456789abcdef"

static struct audit_store *add_store(struct audit_app *app, const char *path)
{
	for (size_t i = 0; i < app->store_count; i++)
		if (!strcmp(app->stores[i].path, path))
			return NULL;
	ARRAY_GROW(app->stores, app->store_count, app->store_capacity);
	struct audit_store *store = &app->stores[app->store_count++];
	*store = (struct audit_store){
		.path = path,
		.inside = NO,
		.ignored = UNKNOWN,
		.severity = -1,
	};
	return store;
}

/* An absolute path below the worktree, from its top; else NULL. */
static const char *below_worktree(
	struct arena *arena, const struct repo *repo, const char *path)
{
	const char *worktree = repo_worktree(repo);
	CLEANUP(freep) char *top = worktree ? realpath(worktree, NULL) : NULL;
	size_t len = top ? strlen(top) : 0;
	if (!top || strncmp(path, top, len) != 0 || path[len] != '/')
		return NULL;
	return arena_strdup(arena, path + len + 1);
}

/* Asks git about a folder of the tree. One with tracked files publishes what
 * it holds; one that is not ignored does so at the next `git add .`. */
static void ask_git(struct audit *audit, struct audit_store *store,
	struct repo *repo, const struct audit_paths *tracked)
{
	store->inside = YES;
	store->tracked = audit_paths_below(tracked, store->path);
	const char *probe = arena_printf(&audit->arena, "%s%s%s", store->path,
		*store->path ? "/" : "", PROBE);
	store->ignored = repo_is_ignored(repo, probe);
	store->severity = SEVERITY_LOW;
	if (store->ignored == NO)
		store->severity = SEVERITY_MEDIUM;
	if (store->tracked)
		store->severity = SEVERITY_HIGH;
}

/* The folder that a path is relative to: that of the file that says so, else,
 * as a guess, that of the application, where it is mostly started. */
static const char *base_folder(struct audit *audit, const struct audit_app *app,
	const struct audit_row *row)
{
	if (row->setting->value.base == PATH_FILE)
		return path_folder(&audit->arena, row->path);
	if (app->framework == FRAMEWORK_PHP)
		return "";
	return path_folder(&audit->arena, app->path);
}

static void add_named_store(struct audit *audit, struct audit_app *app,
	const struct audit_row *row, struct repo *repo,
	const struct audit_paths *tracked)
{
	const struct setting_value *value = &row->setting->value;
	const char *path = value->base == PATH_ABSOLUTE
		? below_worktree(&audit->arena, repo, value->text)
		: setting_tree_path(
			  &audit->arena, value, base_folder(audit, app, row));
	struct audit_store *store = add_store(app, path ? path : value->text);
	if (!store)
		return;
	store->setting = row->setting;
	store->file = row->path;
	store->assumed = path && value->base == PATH_WORKING;
	if (path)
		ask_git(audit, store, repo, tracked);
}

static bool sets_text(
	const struct audit_app *app, const char *key, const char *text)
{
	for (size_t i = 0; i < app->row_count; i++) {
		const struct setting *setting = app->rows[i].setting;
		if (setting && !strcmp(setting->key, key) &&
			setting->value.type == SETTING_TEXT &&
			!strcmp(setting->value.text, text))
			return true;
	}
	return false;
}

/* "<cwd>/flask_session": Flask-Session's defaults.py. */
static void add_default_store(struct audit *audit, struct audit_app *app,
	struct repo *repo, const struct audit_paths *tracked)
{
	if (app->framework != FRAMEWORK_FLASK ||
		(!sets_text(app, "SESSION_TYPE", "filesystem") &&
			!sets_text(app, "SESSION_TYPE", "cachelib")))
		return;
	const char *folder = path_folder(&audit->arena, app->path);
	struct audit_store *store = add_store(app,
		arena_printf(&audit->arena, "%s%sflask_session", folder,
			*folder ? "/" : ""));
	if (!store)
		return;
	store->assumed = true;
	ask_git(audit, store, repo, tracked);
}

void audit_add_stores(struct audit *audit, struct audit_app *app,
	struct repo *repo, const struct audit_paths *tracked)
{
	bool named = false;
	for (size_t i = 0; i < app->row_count; i++) {
		const struct audit_row *row = &app->rows[i];
		if (row->known->unit != UNIT_PATH || !row->setting)
			continue;
		named = true;
		if (row->setting->value.type == SETTING_PATH &&
			!row->setting->development)
			add_named_store(audit, app, row, repo, tracked);
	}
	if (!named)
		add_default_store(audit, app, repo, tracked);
}
