#include "rules/settings/known.h"

#include "base/cleanup.h"

#include <string.h>

/* Defaults: Flask 3.1 app.py, Flask-Session 0.8 defaults.py, Django 5
 * global_settings.py, express-session 1.18 README, the skeletons of Laravel 11,
 * php -i of PHP 8, Rails 7 guides. */
const struct known_setting known_settings[] = {
	{ FRAMEWORK_FLASK, "SESSION_TYPE", .default_value = "null" },
	{ FRAMEWORK_FLASK, "SESSION_FILE_DIR",
		.default_value = "flask_session below the working directory",
		.note = "deprecated since Flask-Session 0.7.0: SESSION_TYPE "
			"'cachelib' with SESSION_CACHELIB replaces it",
		.unit = UNIT_PATH },
	{ FRAMEWORK_FLASK, "SESSION_FILE_THRESHOLD", .default_value = "500",
		.note = "housekeeping, no protection: files are dropped only "
			"when there are more than this, and all of them stay "
			"readable until then" },
	{ FRAMEWORK_FLASK, "SESSION_FILE_MODE", .default_value = "0o600",
		.note = "git keeps no mode but the executable bit: in a clone "
			"this protects nothing",
		.unit = UNIT_MODE },
	{ FRAMEWORK_FLASK, "SESSION_PERMANENT", .default_value = "True" },
	{ FRAMEWORK_FLASK, "PERMANENT_SESSION_LIFETIME",
		.alias = "permanent_session_lifetime",
		.default_value = "31 days", .unit = UNIT_SECONDS },
	{ FRAMEWORK_FLASK, "SESSION_COOKIE_SECURE", .default_value = "False" },
	{ FRAMEWORK_FLASK, "SESSION_COOKIE_HTTPONLY", .default_value = "True" },
	{ FRAMEWORK_FLASK, "SESSION_COOKIE_SAMESITE",
		.default_value = "None, the attribute is not sent" },
	{ FRAMEWORK_FLASK, "SESSION_COOKIE_NAME",
		.alias = "session_cookie_name", .default_value = "'session'" },
	{ FRAMEWORK_FLASK, "SESSION_COOKIE_DOMAIN", .default_value = "None" },
	{ FRAMEWORK_FLASK, "SESSION_KEY_PREFIX",
		.default_value = "'session:'" },
	{ FRAMEWORK_FLASK, "SESSION_ID_LENGTH", .default_value = "32" },
	{ FRAMEWORK_FLASK, "SESSION_USE_SIGNER", .default_value = "False" },
	{ FRAMEWORK_FLASK, "SECRET_KEY", .alias = "secret_key",
		.default_value = "None", .secret = true },
	{ FRAMEWORK_FLASK, "DEBUG", .alias = "debug",
		.default_value = "False" },

	{ FRAMEWORK_DJANGO, "SESSION_ENGINE",
		.default_value = "'django.contrib.sessions.backends.db'" },
	{ FRAMEWORK_DJANGO, "SESSION_FILE_PATH",
		.default_value = "the system's temporary directory",
		.unit = UNIT_PATH },
	{ FRAMEWORK_DJANGO, "SESSION_SERIALIZER",
		.default_value = "JSONSerializer" },
	{ FRAMEWORK_DJANGO, "SESSION_COOKIE_AGE", .default_value = "2 weeks",
		.unit = UNIT_SECONDS },
	{ FRAMEWORK_DJANGO, "SESSION_COOKIE_SECURE", .default_value = "False" },
	{ FRAMEWORK_DJANGO, "SESSION_COOKIE_HTTPONLY",
		.default_value = "True" },
	{ FRAMEWORK_DJANGO, "SESSION_COOKIE_SAMESITE",
		.default_value = "'Lax'" },
	{ FRAMEWORK_DJANGO, "SESSION_COOKIE_NAME",
		.default_value = "'sessionid'" },
	{ FRAMEWORK_DJANGO, "SESSION_COOKIE_DOMAIN", .default_value = "None" },
	{ FRAMEWORK_DJANGO, "SECRET_KEY", .default_value = "''",
		.secret = true },
	{ FRAMEWORK_DJANGO, "DEBUG", .default_value = "False" },

	{ FRAMEWORK_EXPRESS, "store", .default_value = "MemoryStore" },
	{ FRAMEWORK_EXPRESS, "cookie.secure", .default_value = "false" },
	{ FRAMEWORK_EXPRESS, "cookie.httpOnly", .default_value = "true" },
	{ FRAMEWORK_EXPRESS, "cookie.sameSite",
		.default_value = "false, the attribute is not sent" },
	{ FRAMEWORK_EXPRESS, "cookie.maxAge",
		.default_value = "until the browser is closed",
		.unit = UNIT_MILLISECONDS },
	{ FRAMEWORK_EXPRESS, "cookie.domain",
		.default_value = "the host alone" },
	{ FRAMEWORK_EXPRESS, "name", .default_value = "'connect.sid'" },
	{ FRAMEWORK_EXPRESS, "saveUninitialized", .default_value = "true" },
	{ FRAMEWORK_EXPRESS, "secret", .default_value = "nothing",
		.secret = true },

	{ FRAMEWORK_LARAVEL, "SESSION_DRIVER", .alias = "driver",
		.default_value = "database" },
	{ FRAMEWORK_LARAVEL, "SESSION_LIFETIME", .alias = "lifetime",
		.default_value = "120 minutes", .unit = UNIT_MINUTES },
	{ FRAMEWORK_LARAVEL, "SESSION_ENCRYPT", .alias = "encrypt",
		.default_value = "false" },
	{ FRAMEWORK_LARAVEL, "SESSION_FILES", .alias = "files",
		.default_value = "storage/framework/sessions",
		.unit = UNIT_PATH },
	{ FRAMEWORK_LARAVEL, "SESSION_SECURE_COOKIE", .alias = "secure",
		.default_value = "as the request" },
	{ FRAMEWORK_LARAVEL, "SESSION_HTTP_ONLY", .alias = "http_only",
		.default_value = "true" },
	{ FRAMEWORK_LARAVEL, "SESSION_SAME_SITE", .alias = "same_site",
		.default_value = "lax" },

	{ FRAMEWORK_SYMFONY, "framework.session.cookie_secure",
		.default_value = "auto" },
	{ FRAMEWORK_SYMFONY, "framework.session.cookie_httponly",
		.default_value = "true" },
	{ FRAMEWORK_SYMFONY, "framework.session.cookie_samesite",
		.default_value = "lax" },
	{ FRAMEWORK_SYMFONY, "framework.session.cookie_lifetime",
		.default_value = "until the browser is closed",
		.unit = UNIT_SECONDS },
	{ FRAMEWORK_SYMFONY, "framework.session.save_path",
		.default_value = "that of PHP", .unit = UNIT_PATH },

	{ FRAMEWORK_PHP, "session.save_path",
		.default_value = "the system's temporary directory",
		.unit = UNIT_PATH },
	{ FRAMEWORK_PHP, "session.cookie_secure", .default_value = "Off" },
	{ FRAMEWORK_PHP, "session.cookie_httponly", .default_value = "Off" },
	{ FRAMEWORK_PHP, "session.cookie_samesite",
		.default_value = "none, the attribute is not sent" },
	{ FRAMEWORK_PHP, "session.use_strict_mode", .default_value = "Off" },
	{ FRAMEWORK_PHP, "session.use_only_cookies", .default_value = "On" },
	{ FRAMEWORK_PHP, "session.use_trans_sid", .default_value = "Off" },
	{ FRAMEWORK_PHP, "session.cookie_lifetime",
		.default_value = "until the browser is closed",
		.unit = UNIT_SECONDS },
	{ FRAMEWORK_PHP, "session.gc_maxlifetime",
		.default_value = "24 minutes", .unit = UNIT_SECONDS },

	{ FRAMEWORK_RAILS, "session_store", .default_value = "cookie_store" },
	{ FRAMEWORK_RAILS, "secure",
		.default_value = "false, true with config.force_ssl" },
	{ FRAMEWORK_RAILS, "httponly", .default_value = "true" },
	{ FRAMEWORK_RAILS, "same_site", .default_value = "lax" },
	{ FRAMEWORK_RAILS, "expire_after",
		.default_value = "until the browser is closed",
		.unit = UNIT_SECONDS },
};
const size_t known_setting_count = ARRAY_SIZE(known_settings);

static const struct {
	const char *name;
	const char *title;
} frameworks[FRAMEWORK_COUNT] = {
	[FRAMEWORK_FLASK] = { "flask", "Flask" },
	[FRAMEWORK_DJANGO] = { "django", "Django" },
	[FRAMEWORK_EXPRESS] = { "express", "Express" },
	[FRAMEWORK_LARAVEL] = { "laravel", "Laravel" },
	[FRAMEWORK_SYMFONY] = { "symfony", "Symfony" },
	[FRAMEWORK_PHP] = { "php", "PHP" },
	[FRAMEWORK_RAILS] = { "rails", "Rails" },
};

const struct known_setting *known_setting_find(int framework, const char *name)
{
	for (size_t i = 0; i < known_setting_count; i++) {
		const struct known_setting *known = &known_settings[i];
		if (known->framework != framework)
			continue;
		if (!strcmp(known->key, name) ||
			(known->alias && !strcmp(known->alias, name)))
			return known;
	}
	return NULL;
}

const char *framework_name(int framework)
{
	return frameworks[framework].name;
}

const char *framework_title(int framework)
{
	return frameworks[framework].title;
}

int framework_parse(const char *word)
{
	for (int i = 0; i < FRAMEWORK_COUNT; i++)
		if (!strcmp(frameworks[i].name, word))
			return i;
	return -1;
}
