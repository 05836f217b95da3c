#include "scanner/audit.h"

#include "base/alloc.h"
#include "base/array.h"
#include "rules/settings/setting_path.h"
#include "scanner/audit_files.h"
#include "scanner/audit_group.h"
#include "scanner/audit_rows.h"
#include "scanner/audit_store.h"
#include "scanner/audit_version.h"

#include <stdlib.h>
#include <string.h>

void audit_clear(struct audit *audit)
{
	for (size_t i = 0; i < audit->file_count; i++)
		settings_clear(&audit->files[i].settings);
	free(audit->files);
	for (size_t i = 0; i < audit->app_count; i++) {
		free(audit->apps[i].rows);
		free(audit->apps[i].stores);
	}
	free(audit->apps);
	scan_result_clear(&audit->skipped);
	arena_clear(&audit->arena);
	*audit = (struct audit){ 0 };
}

/** A file that asks for Flask-Session. */
struct requirement {
	const char *path;
	const char *version; /* or NULL */
};

struct reading {
	struct audit *audit;
	struct requirement *requirements;
	size_t count, capacity;
};

static void take_requirements(struct reading *reading, const char *path,
	const unsigned char *bytes, size_t len)
{
	struct arena *arena = &reading->audit->arena;
	const char *version;
	if (!audit_find_version(&version, arena, bytes, len))
		return;
	ARRAY_GROW(reading->requirements, reading->count, reading->capacity);
	reading->requirements[reading->count++] =
		(struct requirement){ arena_strdup(arena, path), version };
}

/* Words one of which is in every file that sets something or makes an
 * application. Most files have none, and are not read further. */
static bool may_have_settings(const unsigned char *bytes, size_t len)
{
	static const char *const words[] = { "session", "SESSION", "Flask(",
		"SECRET_KEY", "secret_key" };
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (memmem(bytes, len, words[i], strlen(words[i])))
			return true;
	return false;
}

static int take_file(const char *path, const unsigned char *bytes, size_t len,
	void *ctx, struct err *err)
{
	struct reading *reading = ctx;
	struct audit *audit = reading->audit;
	(void)err;
	audit->files_read++;
	if (audit_is_requirements(path))
		take_requirements(reading, path, bytes, len);
	if (!may_have_settings(bytes, len))
		return 0;
	ARRAY_GROW(audit->files, audit->file_count, audit->file_capacity);
	struct audit_file *file = &audit->files[audit->file_count];
	settings_read(&file->settings, path, bytes, len);
	if (!file->settings.count && !(file->settings.uses & MAKES_APP)) {
		settings_clear(&file->settings);
		return 0;
	}
	file->path = arena_strdup(&audit->arena, path);
	audit->file_count++;
	if (file->settings.truncated)
		scan_result_add_skipped(&audit->skipped, SKIP_LIMIT)->path =
			file->path;
	return 0;
}

/* The requirements nearest to the application, of its folder or one above it;
 * of any folder, where the application is known to use Flask-Session. */
static void set_version(struct audit *audit, struct audit_app *app,
	const struct reading *reading)
{
	const char *folder = path_folder(&audit->arena, app->path);
	size_t best = 0;
	for (size_t i = 0; i < reading->count; i++) {
		const struct requirement *requirement =
			&reading->requirements[i];
		const char *above =
			path_folder(&audit->arena, requirement->path);
		size_t len = strlen(above);
		bool holds = !strncmp(folder, above, len) &&
			(!len || !folder[len] || folder[len] == '/');
		size_t fit = holds ? len + 2 : 1;
		if (!holds && !app->uses_flask_session)
			continue;
		if (fit < best || (fit == best && !requirement->version))
			continue;
		best = fit;
		app->version = requirement->version;
		app->version_at = requirement->path;
		app->uses_flask_session = true;
	}
}

static void make_apps(struct audit *audit, const struct reading *reading,
	const struct ruleset *rules)
{
	CLEANUP(freep) size_t *app_of = audit_group(audit);
	for (size_t i = 0; i < audit->file_count * FRAMEWORK_COUNT; i++) {
		const struct audit_file *file =
			&audit->files[i / FRAMEWORK_COUNT];
		if (app_of[i] == AUDIT_NO_APP)
			continue;
		struct audit_app *app = &audit->apps[app_of[i]];
		app->uses_flask_session = app->uses_flask_session ||
			(app->framework == FRAMEWORK_FLASK &&
				file->settings.uses & USES_FLASK_SESSION);
		audit_add_rows(app, file, rules);
	}
	for (size_t i = 0; i < audit->app_count; i++)
		if (audit->apps[i].framework == FRAMEWORK_FLASK)
			set_version(audit, &audit->apps[i], reading);
}

/* An application that neither sets anything nor uses Flask-Session has no
 * sessions to speak of. */
static void drop_idle_apps(struct audit *audit)
{
	size_t kept = 0;
	for (size_t i = 0; i < audit->app_count; i++) {
		struct audit_app *app = &audit->apps[i];
		if (app->row_count || app->uses_flask_session)
			audit->apps[kept++] = *app;
	}
	audit->app_count = kept;
}

static int compare_apps(const void *left, const void *right)
{
	const struct audit_app *a = left;
	const struct audit_app *b = right;
	int order = strcmp(a->path, b->path);
	return order ? order : a->framework - b->framework;
}

static int run(struct audit *audit, struct repo *repo,
	const struct ruleset *rules, const struct audit_opts *opts,
	struct reading *reading, struct err *err)
{
	CLEANUP(audit_paths_clear) struct audit_paths tracked = { 0 };
	int rc = audit_each_file(
		audit, &tracked, repo, opts, take_file, reading, err);
	if (rc < 0)
		return rc;
	make_apps(audit, reading, rules);
	drop_idle_apps(audit);
	for (size_t i = 0; i < audit->app_count; i++) {
		audit_finish_rows(audit, &audit->apps[i], rules);
		audit_add_stores(audit, &audit->apps[i], repo, &tracked);
	}
	if (audit->app_count)
		qsort(audit->apps, audit->app_count, sizeof(*audit->apps),
			compare_apps);
	scan_result_sort(&audit->skipped);
	return 0;
}

int audit_run(struct audit *out, struct repo *repo, const struct ruleset *rules,
	const struct audit_opts *opts, struct err *err)
{
	*out = (struct audit){ .source = opts->source };
	struct reading reading = { .audit = out };
	int rc = run(out, repo, rules, opts, &reading, err);
	free(reading.requirements);
	if (rc < 0)
		audit_clear(out);
	return rc;
}

int audit_severity(const struct audit *audit)
{
	int worst = -1;
	for (size_t i = 0; i < audit->app_count; i++) {
		const struct audit_app *app = &audit->apps[i];
		for (size_t r = 0; r < app->row_count; r++)
			if (app->rows[r].severity > worst)
				worst = app->rows[r].severity;
		for (size_t s = 0; s < app->store_count; s++)
			if (app->stores[s].severity > worst)
				worst = app->stores[s].severity;
	}
	return worst;
}
