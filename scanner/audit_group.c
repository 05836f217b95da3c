#include "scanner/audit_group.h"

#include "base/alloc.h"
#include "base/array.h"
#include "rules/settings/setting_path.h"

#include <stdlib.h>
#include <string.h>

static bool has_framework(const struct audit_file *file, int framework)
{
	for (size_t i = 0; i < file->settings.count; i++)
		if (file->settings.items[i].framework == framework)
			return true;
	return framework == FRAMEWORK_FLASK &&
		(file->settings.uses & (USES_FLASK | MAKES_APP)) ==
		(USES_FLASK | MAKES_APP);
}

/* True when the file by itself says something of the framework's sessions. */
static bool is_strong(const struct audit_file *file, int framework)
{
	for (size_t i = 0; i < file->settings.count; i++)
		if (file->settings.items[i].framework == framework &&
			!file->settings.items[i].weak)
			return true;
	return false;
}

static bool makes_app(const struct audit_file *file)
{
	return file->settings.uses & MAKES_APP;
}

/* Where the settings of several files are of one application. */
static const char *app_path(
	struct audit *audit, const struct audit_file *file, int framework)
{
	if (framework == FRAMEWORK_PHP)
		return ".";
	if (framework != FRAMEWORK_DJANGO)
		return file->path;
	const char *folder = path_folder(&audit->arena, file->path);
	return *folder ? folder : ".";
}

static size_t add_app(struct audit *audit, int framework, const char *path)
{
	for (size_t i = 0; i < audit->app_count; i++)
		if (audit->apps[i].framework == framework &&
			!strcmp(audit->apps[i].path, path))
			return i;
	ARRAY_GROW(audit->apps, audit->app_count, audit->app_capacity);
	audit->apps[audit->app_count] =
		(struct audit_app){ .framework = framework, .path = path };
	return audit->app_count++;
}

/* "config.ProductionConfig" names config.py, and so does "config"; in
 * "pkg.settings.Prod" any part may be the file. */
static bool names_module(const char *name, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *base = slash ? slash + 1 : path;
	size_t len = strcspn(base, ".");
	while (*name) {
		size_t part = strcspn(name, ".");
		if (part == len && !strncmp(name, base, len))
			return true;
		name += part;
		name += *name == '.';
	}
	return false;
}

static bool names_file(const char *name, const char *path)
{
	const char *given = strrchr(name, '/');
	const char *slash = strrchr(path, '/');
	return !strcmp(given ? given + 1 : name, slash ? slash + 1 : path);
}

static bool defines_class(const struct audit_file *file, const char *name)
{
	for (size_t i = 0; i < file->settings.class_count; i++)
		if (!strcmp(file->settings.classes[i].name, name))
			return true;
	return false;
}

/* True when the application's file loads settings from the other one. */
static bool loads_from(
	const struct audit_file *app, const struct audit_file *file)
{
	for (size_t i = 0; i < app->settings.source_count; i++) {
		const struct setting_source *source = &app->settings.sources[i];
		const char *dot = strrchr(source->name, '.');
		if (source->is_file ? names_file(source->name, file->path)
				    : names_module(source->name, file->path) ||
					defines_class(file,
						dot ? dot + 1 : source->name))
			return true;
	}
	return false;
}

/* Length of the folder of `path` if it holds `other`, else -1. */
static long holds(struct arena *arena, const char *path, const char *other)
{
	const char *folder = path_folder(arena, path);
	size_t len = strlen(folder);
	if (len && (strncmp(folder, other, len) != 0 || other[len] != '/'))
		return -1;
	return (long)len;
}

/* What is known of the applications of one framework. */
struct search {
	struct audit *audit;
	const size_t *app_of; /* by file */
	int framework;
};

/* The file that makes an application, and is asked for its place. */
static bool is_root(const struct search *search, size_t file)
{
	return makes_app(&search->audit->files[file]) &&
		search->app_of[file] != AUDIT_NO_APP;
}

static size_t find_loader(
	const struct search *search, const struct audit_file *file)
{
	for (size_t i = 0; i < search->audit->file_count; i++)
		if (is_root(search, i) &&
			loads_from(&search->audit->files[i], file))
			return search->app_of[i];
	return AUDIT_NO_APP;
}

/* The one application that fits best: the deepest whose folder holds the file,
 * or, with `below`, the only one below the folder of the file. */
static size_t find_near(
	const struct search *search, const struct audit_file *file, bool below)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	long best = -1;
	size_t found = AUDIT_NO_APP;
	for (size_t i = 0; i < search->audit->file_count; i++) {
		const char *path = search->audit->files[i].path;
		if (!is_root(search, i))
			continue;
		long fit = below ? holds(&arena, file->path, path)
				 : holds(&arena, path, file->path);
		if (fit < 0 || fit < best)
			continue;
		bool second = fit == best && found != search->app_of[i];
		found = second ? AUDIT_NO_APP : search->app_of[i];
		best = fit;
	}
	return found;
}

static size_t find_app(
	const struct search *search, const struct audit_file *file)
{
	size_t app = find_loader(search, file);
	if (app != AUDIT_NO_APP || !is_strong(file, search->framework))
		return app;
	app = find_near(search, file, false);
	return app == AUDIT_NO_APP ? find_near(search, file, true) : app;
}

/* Applications of one framework; app_of is that of the files. */
static void group_framework(struct audit *audit, size_t *app_of, int framework)
{
	for (size_t i = 0; i < audit->file_count; i++) {
		const struct audit_file *file = &audit->files[i];
		app_of[i] = AUDIT_NO_APP;
		bool one = framework == FRAMEWORK_PHP ||
			framework == FRAMEWORK_DJANGO;
		if (has_framework(file, framework) &&
			(makes_app(file) ||
				(one && is_strong(file, framework))))
			app_of[i] = add_app(audit, framework,
				app_path(audit, file, framework));
	}
	CLEANUP(freep)
	size_t *found = xcalloc(audit->file_count, sizeof(*found));
	const struct search search = { audit, app_of, framework };
	for (size_t i = 0; i < audit->file_count; i++)
		if (app_of[i] == AUDIT_NO_APP &&
			has_framework(&audit->files[i], framework))
			found[i] = 1 + find_app(&search, &audit->files[i]);
	for (size_t i = 0; i < audit->file_count; i++) {
		if (app_of[i] != AUDIT_NO_APP ||
			!has_framework(&audit->files[i], framework))
			continue;
		/* 1 + AUDIT_NO_APP is 0 */
		if (found[i])
			app_of[i] = found[i] - 1;
		else if (is_strong(&audit->files[i], framework))
			app_of[i] =
				add_app(audit, framework, audit->files[i].path);
	}
}

size_t *audit_group(struct audit *audit)
{
	size_t count = audit->file_count;
	size_t *result = xcalloc(count, FRAMEWORK_COUNT * sizeof(*result));
	CLEANUP(freep) size_t *app_of = xcalloc(count, sizeof(*app_of));
	for (int framework = 0; framework < FRAMEWORK_COUNT; framework++) {
		group_framework(audit, app_of, framework);
		for (size_t i = 0; i < count; i++)
			result[i * FRAMEWORK_COUNT + (size_t)framework] =
				app_of[i];
	}
	return result;
}
