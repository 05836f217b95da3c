#include "scanner/audit_store.h"

#include "base/array.h"
#include "rules/settings/setting_path.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The name of a file such as a store has, to ask git about. */
#define PROBE "0123456789abcdef0123456789abcdef"

#define MAX_STARTS 16 /* folders in which the server could be started */

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

/* Where the server is started, as a guess: in the folder of the application, as
 * mostly, or in one above it if sessions from there are tracked. */
static const char *start_folder(struct audit *audit,
	const struct audit_app *app, const struct setting_value *value,
	const struct audit_paths *tracked)
{
	const char *own = app->framework == FRAMEWORK_PHP
		? ""
		: path_folder(&audit->arena, app->path);
	const char *folder = own;
	for (int i = 0; i < MAX_STARTS; i++) {
		const char *path =
			setting_tree_path(&audit->arena, value, folder);
		if (path && *path && audit_paths_below(tracked, path))
			return folder;
		if (!*folder)
			break;
		folder = path_folder(&audit->arena, folder);
	}
	return own;
}

static void add_named_store(struct audit *audit, struct audit_app *app,
	const struct audit_row *row, struct repo *repo,
	const struct audit_paths *tracked)
{
	const struct setting_value *value = &row->setting->value;
	const char *started_in = value->base == PATH_WORKING
		? start_folder(audit, app, value, tracked)
		: NULL;
	const char *folder = value->base == PATH_FILE ? row->path : app->path;
	const char *path = value->base == PATH_ABSOLUTE
		? below_worktree(&audit->arena, repo, value->text)
		: setting_tree_path(&audit->arena, value,
			  started_in ? started_in
				     : path_folder(&audit->arena, folder));
	struct audit_store *store = add_store(app, path ? path : value->text);
	if (!store)
		return;
	store->setting = row->setting;
	store->file = row->path;
	store->started_in = path ? started_in : NULL;
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
	const struct setting_value value = {
		.type = SETTING_PATH,
		.base = PATH_WORKING,
		.text = "flask_session",
	};
	const char *folder = start_folder(audit, app, &value, tracked);
	const char *path = setting_tree_path(&audit->arena, &value, folder);
	struct audit_store *store = path ? add_store(app, path) : NULL;
	if (!store)
		return;
	store->started_in = folder;
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
