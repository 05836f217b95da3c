/* Flask or Django? Several of their settings have the same names. */
#include "rules/settings/python.h"

#include "base/array.h"

#include <string.h>

/* True when the file assigns a name that Django alone knows. */
static bool has_django_name(struct recorder *recorder)
{
	static const char *const names[] = { "INSTALLED_APPS", "MIDDLEWARE",
		"MIDDLEWARE_CLASSES", "ROOT_URLCONF", "WSGI_APPLICATION",
		"SESSION_ENGINE", "ALLOWED_HOSTS", "CSRF_COOKIE_SECURE" };
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (eval_name(&recorder->file, names[i]))
			return true;
	return false;
}

/* By what it imports and assigns; a file of the name settings.py is Django's,
 * unless something speaks for Flask. */
static bool is_django(struct recorder *recorder)
{
	const struct settings *out = recorder->out;
	if (out->uses & USES_FLASK)
		return false;
	if (out->uses & USES_DJANGO || has_django_name(recorder))
		return true;
	for (size_t i = 0; i < out->count; i++)
		if (out->items[i].scope ||
			!strcmp(out->items[i].key, "SESSION_TYPE") ||
			!strcmp(out->items[i].key, "SESSION_FILE_DIR"))
			return false;
	const char *slash = strrchr(recorder->path, '/');
	const char *base = slash ? slash + 1 : recorder->path;
	return !strncmp(base, "settings", 8) ||
		strstr(recorder->path, "settings/");
}

/* DEBUG and SECRET_KEY alone are everybody's names. */
static bool speaks_of_sessions(struct recorder *recorder)
{
	const struct settings *out = recorder->out;
	if (out->uses || has_django_name(recorder))
		return true;
	for (size_t i = 0; i < out->count; i++)
		if (strcmp(out->items[i].key, "DEBUG") != 0 &&
			strcmp(out->items[i].key, "SECRET_KEY") != 0)
			return true;
	return false;
}

void python_settle_framework(struct recorder *recorder)
{
	struct settings *out = recorder->out;
	bool django = is_django(recorder);
	bool strong = speaks_of_sessions(recorder);
	int framework = django ? FRAMEWORK_DJANGO : FRAMEWORK_FLASK;
	size_t kept = 0;
	for (size_t i = 0; i < out->count; i++) {
		struct setting setting = out->items[i];
		const struct known_setting *known =
			known_setting_find(framework, setting.key);
		if (!known)
			continue;
		setting.framework = framework;
		setting.key = known->key;
		setting.weak = !strong;
		out->items[kept++] = setting;
	}
	out->count = kept;
	out->uses |= django && strong && kept ? USES_DJANGO | MAKES_APP : 0;
}
