#include "remedy/settings_fix.h"

#include "base/array.h"
#include "base/file.h"
#include "base/file_replace.h"
#include "base/folder.h"
#include "rules/config_test.h"
#include "scanner/audit_files.h"
#include "scanner/audit_mask.h"
#include "scanner/err_git.h"

#include <errno.h>
#include <fcntl.h>
#include <git2.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void settings_fix_clear(struct settings_fix *fix)
{
	for (size_t i = 0; i < fix->file_count; i++) {
		buf_clear(&fix->files[i].before);
		buf_clear(&fix->files[i].after);
		free(fix->files[i].edits);
	}
	free(fix->files);
	free(fix->unfixed);
	name_mask_free(fix->secrets);
	if (fix->root > 0)
		close(fix->root);
	arena_clear(&fix->arena);
	*fix = (struct settings_fix){ 0 };
}

static void leave(struct settings_fix *fix, const char *path,
	const struct audit_row *row, const char *reason)
{
	ARRAY_GROW(fix->unfixed, fix->unfixed_count, fix->unfixed_capacity);
	fix->unfixed[fix->unfixed_count++] =
		(struct unfixed){ path, row, reason };
}

/* Reading */

static int open_parent(int *dir, const char **name,
	const struct settings_fix *fix, const char *path, struct err *err)
{
	const char *slash = strrchr(path, '/');
	*name = slash ? slash + 1 : path;
	CLEANUP(freep)
	char *folder = slash ? strndup(path, (size_t)(slash - path)) : NULL;
	return folder_open_at(dir, fix->root, folder ? folder : "", err);
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_name(const struct setting *a, const struct setting *b)
{
	return a->framework == b->framework && a->key == b->key &&
		a->form == b->form && !strcmp(a->spelled, b->spelled) &&
		same_text(a->scope, b->scope);
}

static bool same_value(const struct setting *a, const struct setting *b)
{
	return a->value.type == b->value.type &&
		a->value.base == b->value.base &&
		a->value.octal == b->value.octal &&
		a->value.number == b->value.number &&
		same_text(a->value.text, b->value.text);
}

/* True when the bytes are still those that were audited, as far as settings
 * go: the spans of the audit can be used on them. */
static bool is_as_audited(const struct fixed_file *file)
{
	struct settings now;
	const struct settings *then = &file->file->settings;
	settings_read(&now, file->file->path,
		(const unsigned char *)file->before.bytes, file->before.len);
	bool same =
		now.count == then->count && now.truncated == then->truncated;
	for (size_t i = 0; same && i < now.count; i++)
		same = same_name(&now.items[i], &then->items[i]) &&
			same_value(&now.items[i], &then->items[i]) &&
			now.items[i].start == then->items[i].start &&
			now.items[i].value_start ==
				then->items[i].value_start &&
			now.items[i].value_end == then->items[i].value_end;
	settings_clear(&now);
	return same;
}

static int read_file(
	struct fixed_file *out, const struct settings_fix *fix, struct err *err)
{
	CLEANUP(fd_close) int dir = -1;
	const char *name;
	int rc = open_parent(&dir, &name, fix, out->file->path, err);
	if (rc == 0)
		rc = file_read_at(&out->before, &out->st, dir, name, err);
	return rc;
}

static const struct audit_file *audit_file_of(
	const struct audit *audit, const char *path)
{
	for (size_t i = 0; i < audit->file_count; i++)
		if (!strcmp(audit->files[i].path, path))
			return &audit->files[i];
	return NULL;
}

/* True when the audit itself has not read all settings of the file. */
static bool was_truncated(const struct settings_fix *fix, const char *path)
{
	const struct audit_file *file = audit_file_of(fix->audit, path);
	return file && file->settings.truncated;
}

/* The file of that path, read when it is first asked for; NULL when it is not
 * what was audited. */
static struct fixed_file *file_of(struct settings_fix *fix, const char *path)
{
	for (size_t i = 0; i < fix->file_count; i++)
		if (!strcmp(fix->files[i].file->path, path))
			return &fix->files[i];
	struct fixed_file file = { .file = audit_file_of(fix->audit, path) };
	struct err err = { 0 };
	if (!file.file)
		return NULL;
	buf_init(&file.before, AUDIT_MAX_FILE);
	buf_init(&file.after, 2 * AUDIT_MAX_FILE);
	if (read_file(&file, fix, &err) < 0 || !is_as_audited(&file)) {
		buf_clear(&file.before);
		return NULL;
	}
	ARRAY_GROW(fix->files, fix->file_count, fix->file_capacity);
	fix->files[fix->file_count] = file;
	return &fix->files[fix->file_count++];
}

/* Proving */

static bool is_clean(const struct settings_fix *fix,
	const struct setting *setting, const char *path)
{
	for (size_t i = 0; i < ruleset_count(fix->rules); i++) {
		const struct rule *rule = ruleset_get(fix->rules, i);
		if (rule->config && config_is_about(rule->config, setting) &&
			config_holds(rule->config, setting, path))
			return false;
	}
	return setting->value.type != SETTING_UNRESOLVED;
}

static bool is_edited(const struct settings_edit *edits, size_t count,
	const struct setting *setting)
{
	for (size_t i = 0; i < count; i++)
		if (edits[i].row->setting == setting)
			return true;
	return false;
}

static bool is_added(const struct settings_edit *edits, size_t count,
	const struct setting *setting)
{
	for (size_t i = 0; i < count; i++)
		if (!edits[i].row->setting &&
			!strcmp(edits[i].row->known->key, setting->key))
			return true;
	return false;
}

/* Holds the settings of the edited file against those that it had. */
static bool compare_settings(const struct settings_fix *fix,
	const struct fixed_file *file, const struct settings_edit *edits,
	size_t count, const struct settings *now)
{
	const struct settings *then = &file->file->settings;
	size_t missing = 0;
	size_t next = 0;
	for (size_t i = 0; i < count; i++)
		missing += !edits[i].row->setting;
	for (size_t i = 0; i < now->count; i++) {
		const struct setting *setting = &now->items[i];
		const struct setting *old =
			next < then->count ? &then->items[next] : NULL;
		bool known = old && same_name(old, setting);
		bool changed = known && is_edited(edits, count, old);
		if (known && !changed && !same_value(old, setting))
			return false;
		if (!known && (!missing || !is_added(edits, count, setting)))
			return false;
		if ((!known || changed) &&
			!is_clean(fix, setting, file->file->path))
			return false;
		next += known;
		missing -= !known;
	}
	return next == then->count && !missing;
}

static bool prove(const struct settings_fix *fix, struct fixed_file *file,
	struct settings_edit *edits, size_t count)
{
	buf_reset(&file->after);
	if (!settings_edit_apply(&file->after, file->before.bytes,
		    file->before.len, edits, count) ||
		file->after.failed)
		return false;
	struct settings now;
	settings_read(&now, file->file->path,
		(const unsigned char *)file->after.bytes, file->after.len);
	bool same = !now.truncated &&
		compare_settings(fix, file, edits, count, &now);
	settings_clear(&now);
	return same;
}

static const char *add_edit(const struct settings_fix *fix,
	struct fixed_file *file, struct settings_edit edit)
{
	if (!prove(fix, file, &edit, 1))
		return "the file as edited would not say what it should";
	ARRAY_GROW(file->edits, file->count, file->capacity);
	file->edits[file->count++] = edit;
	return NULL;
}

/* Planning */

static bool is_fixable(const char *key)
{
	static const char *const keys[] = { "SESSION_COOKIE_SECURE",
		"SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
		"PERMANENT_SESSION_LIFETIME", "SESSION_COOKIE_AGE",
		"SESSION_FILE_MODE", "SESSION_FILE_DIR", "SESSION_FILE_PATH",
		"cookie.secure", "cookie.httpOnly", "cookie.sameSite",
		"cookie.maxAge", "SESSION_SECURE_COOKIE", "SESSION_HTTP_ONLY",
		"SESSION_SAME_SITE", "SESSION_LIFETIME",
		"framework.session.cookie_secure",
		"framework.session.cookie_httponly",
		"framework.session.cookie_samesite", "session.cookie_secure",
		"session.cookie_httponly", "session.cookie_samesite",
		"session.save_path" };
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(keys[i], key))
			return true;
	return false;
}

/* Why a person has to do it, whatever the file looks like; or NULL. */
static const char *reason_against(const struct audit_row *row)
{
	const struct setting *setting = row->setting;
	if (row->known->secret)
		return "a secret has to be made, and kept outside of the tree";
	if (setting && setting->development)
		return "it is for development or tests";
	if (!strcmp(row->known->key, "SESSION_TYPE"))
		return "another store needs a server or a package";
	if (!is_fixable(row->known->key) || !row->rule->recommend)
		return "what is right depends on the application";
	if (setting && setting->value.variable)
		return "a variable of the environment decides it";
	return NULL;
}

/* How well a setting shows where another one can stand; 0: not at all. A bare
 * variable of the environment is read by name: a new one has no reader. */
static int rank_of(const struct setting *setting)
{
	if (setting->development || setting->is_default ||
		!strcmp(setting->key, "DEBUG"))
		return 0;
	switch (setting->form) {
	case FORM_ITEM:
		return 3;
	case FORM_NAME:
		return setting->block && !setting->scope ? 0 : 2;
	case FORM_ENV:
	case FORM_YAML:
		return setting->framework != FRAMEWORK_FLASK ||
			!strncmp(setting->spelled, "FLASK_", 6);
	case FORM_TOML:
	case FORM_INI:
		return 1;
	default:
		return 0;
	}
}

/* The last one of the best form; in one block of code, of the least indent,
 * which no branch skips. */
static bool is_better(const struct audit_app *app, const struct audit_row *old,
	const struct audit_row *row)
{
	int rank = rank_of(row->setting);
	if (!rank || !old)
		return rank > 0;
	if (rank != rank_of(old->setting))
		return rank > rank_of(old->setting);
	if (strcmp(row->path, old->path) != 0)
		return !strcmp(row->path, app->path) ||
			(strcmp(old->path, app->path) != 0 &&
				strcmp(row->path, old->path) < 0);
	if (row->setting->block == old->setting->block &&
		row->setting->indent != old->setting->indent)
		return row->setting->indent < old->setting->indent;
	return row->setting->start > old->setting->start;
}

static const struct audit_row *find_model(const struct audit_app *app)
{
	const struct audit_row *best = NULL;
	for (size_t i = 0; i < app->row_count; i++)
		if (app->rows[i].setting && is_better(app, best, &app->rows[i]))
			best = &app->rows[i];
	return best;
}

static const char *plan_row(struct settings_fix *fix,
	const struct audit_row *row, const struct audit_row *model)
{
	const char *reason = reason_against(row);
	if (reason)
		return reason;
	const struct audit_row *place = row->setting ? row : model;
	if (!place)
		return "it is not set, and settings are made in a way that "
		       "takes no new line";
	if (was_truncated(fix, place->path))
		return "the audit reached a bound in this file: no "
		       "correction of it can be proved";
	struct fixed_file *file = file_of(fix, place->path);
	if (!file)
		return "the file has changed since, is not checked out, or is "
		       "no regular file";
	struct settings_edit edit = { 0 };
	const char *bytes = file->before.bytes;
	reason = row->setting
		? settings_edit_value(&edit, &fix->arena, bytes,
			  file->before.len, row->setting, row->rule->recommend)
		: settings_edit_add(&edit, &fix->arena, bytes, file->before.len,
			  model->setting, row->known->key,
			  row->rule->recommend);
	edit.row = row;
	return reason ? reason : add_edit(fix, file, edit);
}

static void plan_app(struct settings_fix *fix, const struct audit_app *app)
{
	const struct audit_row *model = find_model(app);
	for (size_t i = 0; i < app->row_count; i++) {
		const struct audit_row *row = &app->rows[i];
		if (!row->rule)
			continue;
		const char *reason = plan_row(fix, row, model);
		if (reason)
			leave(fix, row->path ? row->path : app->path, row,
				reason);
	}
}

/* Each edit was proved by itself; now all of a file together. */
static void plan_file(struct settings_fix *fix, struct fixed_file *file)
{
	if (!file->count || prove(fix, file, file->edits, file->count))
		return;
	for (size_t i = 0; i < file->count; i++)
		leave(fix, file->file->path, file->edits[i].row,
			"the corrections of this file get into each other's "
			"way");
	file->count = 0;
}

int settings_fix_make(struct settings_fix *out, const struct repo *repo,
	const struct audit *audit, const struct ruleset *rules, struct err *err)
{
	*out = (struct settings_fix){ .audit = audit, .rules = rules };
	const char *worktree = repo_worktree(repo);
	if (!worktree)
		return err_set(err, ERR_UNSUPPORTED,
			"%s: has no work tree, so there is nothing to correct",
			repo_name(repo));
	out->root = open(worktree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (out->root < 0)
		return err_errno(err, "%s", worktree);
	for (size_t i = 0; i < audit->app_count; i++)
		plan_app(out, &audit->apps[i]);
	for (size_t i = 0; i < out->file_count; i++)
		plan_file(out, &out->files[i]);
	return audit_secrets(&out->secrets, audit, rules, &out->arena, err);
}

bool settings_fix_has_edits(const struct settings_fix *fix)
{
	for (size_t i = 0; i < fix->file_count; i++)
		if (fix->files[i].count)
			return true;
	return false;
}

/* Printing and writing */

static int add_patch(struct buf *out, struct patch_traits *traits,
	const struct settings_fix *fix, const struct fixed_file *file,
	struct err *err)
{
	const char *path = file->file->path;
	struct patch_input input = {
		.path = name_mask_text(fix->secrets, path),
		.before = &file->before,
		.after = &file->after,
	};
	traits->is_masked = traits->is_masked || input.path != path;
	int rc = secret_spans_find(
		&input.secrets_before, fix->rules, path, input.before, err);
	if (rc == 0)
		rc = secret_spans_find(&input.secrets_after, fix->rules, path,
			input.after, err);
	if (rc == 0)
		rc = settings_patch_add(out, traits, &input, err);
	secret_spans_clear(&input.secrets_before);
	secret_spans_clear(&input.secrets_after);
	return rc;
}

int settings_fix_patch(struct buf *out, struct patch_traits *traits,
	const struct settings_fix *fix, struct err *err)
{
	/* a plain repository was opened without it */
	if (git_libgit2_init() < 0)
		return err_git(err, "cannot start libgit2");
	int rc = 0;
	for (size_t i = 0; i < fix->file_count && rc == 0; i++)
		if (fix->files[i].count)
			rc = add_patch(out, traits, fix, &fix->files[i], err);
	git_libgit2_shutdown();
	return rc;
}

static int write_file(const struct settings_fix *fix,
	const struct fixed_file *file, struct err *err)
{
	CLEANUP(fd_close) int dir = -1;
	const char *name;
	int rc = open_parent(&dir, &name, fix, file->file->path, err);
	return rc < 0
		? rc
		: file_replace(dir, name, file->after.bytes, file->after.len,
			  &file->st, file->file->path, err);
}

int settings_fix_write(const struct settings_fix *fix, struct err *err)
{
	int rc = 0;
	for (size_t i = 0; i < fix->file_count && rc == 0; i++)
		if (fix->files[i].count)
			rc = write_file(fix, &fix->files[i], err);
	return rc;
}
