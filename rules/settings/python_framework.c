/* Flask or Django? Several of their settings have the same names. */
#include "rules/settings/python.h"

#include "base/array.h"

#include <string.h>

/* A name that Django alone knows, or its imports, make it a Django file; so
 * does the name settings.py, unless something speaks for Flask. */
static bool is_django(const struct recorder *recorder)
{
	static const char *const names[] = { "INSTALLED_APPS", "MIDDLEWARE",
		"MIDDLEWARE_CLASSES", "ROOT_URLCONF", "WSGI_APPLICATION",
		"SESSION_ENGINE", "ALLOWED_HOSTS", "CSRF_COOKIE_SECURE" };
	const struct settings *out = recorder->out;
	if (out->uses & USES_FLASK)
		return false;
	if (out->uses & USES_DJANGO)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (eval_name(&recorder->file, names[i]))
			return true;
	for (size_t i = 0; i < out->count; i++)
		if (!strcmp(out->items[i].key, "SESSION_TYPE") ||
			!strncmp(out->items[i].key, "SESSION_FILE_DIR", 16) ||
			out->items[i].scope)
			return false;
	const char *slash = strrchr(recorder->path, '/');
	const char *base = slash ? slash + 1 : recorder->path;
	return !strncmp(base, "settings", 8) ||
		strstr(recorder->path, "settings/");
}

/* DEBUG and SECRET_KEY alone are everybody's names. */
static bool speaks_of_sessions(const struct settings *out)
{
	if (out->uses)
		return true;
	for (size_t i = 0; i < out->count; i++)
		if (strcmp(out->items[i].key, "DEBUG") != 0 &&
			strcmp(out->items[i].key, "SECRET_KEY") != 0)
			return true;
	return false;
}

/* Gives the settings to one of the two, and drops what it does not know. */
void python_settle_framework(struct recorder *recorder)
{
	struct settings *out = recorder->out;
	bool django = is_django(recorder);
	int framework = django ? FRAMEWORK_DJANGO : FRAMEWORK_FLASK;
	bool wanted = speaks_of_sessions(out);
	size_t kept = 0;
	for (size_t i = 0; i < out->count; i++) {
		struct setting setting = out->items[i];
		const struct known_setting *known =
			known_setting_find(framework, setting.key);
		if (!known || !wanted)
			continue;
		setting.framework = framework;
		setting.key = known->key;
		out->items[kept++] = setting;
	}
	out->count = kept;
	out->uses |= django && kept ? USES_DJANGO | MAKES_APP : 0;
}
