/* The line that corrects a setting, in the form in which its file is written.
 */
#include "tests/support/settings.h"

struct line_row {
	const char *path;
	const char *source; /* its first setting is the example */
	const char *key;
	const char *recommended;
	const char *expected;
};

#define SECURE "SESSION_COOKIE_SECURE"

static const struct line_row rows[] = {
	{ "a.py", "app.config['" SECURE "'] = False", SECURE, "True",
		"app.config['" SECURE "'] = True" },
	{ "a.py", "current_app.config['SESSION_TYPE'] = 'x'", SECURE, "True",
		"current_app.config['" SECURE "'] = True" },
	{ "a.py", "app.config.update(" SECURE "=False)", SECURE, "True",
		SECURE "=True," },
	{ "a.py", "app.config.update({'" SECURE "': False})", SECURE, "True",
		"'" SECURE "': True," },
	{ "a.py", "class C:\n    " SECURE " = False", SECURE, "True",
		SECURE " = True" },
	{ "a.py", "app.permanent_session_lifetime = 0",
		"PERMANENT_SESSION_LIFETIME", "3600",
		"app.permanent_session_lifetime = 3600" },
	{ "a.py", "app.permanent_session_lifetime = 0", SECURE, "True",
		"app.config['" SECURE "'] = True" },
	{ "a.py", "SESSION_CACHELIB = FileSystemCache('/s', mode=0o644)",
		"SESSION_FILE_MODE", "0o600",
		"app.config['SESSION_FILE_MODE'] = 0o600" },
	{ ".env", "FLASK_" SECURE "=false", SECURE, "True",
		"FLASK_" SECURE "=true" },
	{ ".env", "FLASK_SESSION_TYPE=x", "SESSION_COOKIE_SAMESITE", "'Lax'",
		"FLASK_SESSION_COOKIE_SAMESITE=Lax" },
	{ ".env", "FLASK_SESSION_TYPE=x", "SESSION_FILE_MODE", "0o600",
		"FLASK_SESSION_FILE_MODE=384" },
	{ "c.toml", SECURE " = false", "SESSION_COOKIE_SAMESITE", "'Lax'",
		"SESSION_COOKIE_SAMESITE = \"Lax\"" },
	{ "c.json", "{\"" SECURE "\": false}", SECURE, "True",
		"\"" SECURE "\": true," },
	{ "index.php", "<?php ini_set('session.cookie_secure', 0);",
		"session.cookie_samesite", "'Lax'",
		"ini_set('session.cookie_samesite', 'Lax');" },
	{ "index.php", "<?php session_start(['cookie_secure' => 0]);",
		"session.cookie_secure", "1", "'cookie_secure' => 1," },
	{ "index.php", "<?php session_start(['cookie_secure' => 0]);",
		"session.cookie_samesite", "'Lax'",
		"session.cookie_samesite = Lax" },
	{ "config/session.php", "<?php return ['same_site' => null];",
		"SESSION_SAME_SITE", "'lax'", "'same_site' => 'lax'," },
	{ ".env", "SESSION_SAME_SITE=none", "SESSION_SAME_SITE", "'lax'",
		"SESSION_SAME_SITE=lax" },
	{ "a.rb", "config.session_store :cookie_store, secure: false", "secure",
		"true", "secure: true," },
	{ "c.yml", "FLASK_" SECURE ": false", SECURE, "True",
		"FLASK_" SECURE ": true" },
};

static void line_is(void **state)
{
	const struct line_row *row = *state;
	struct settings settings;
	settings_read(&settings, row->path, (const unsigned char *)row->source,
		strlen(row->source));
	assert_true(settings.count >= 1);
	struct buf line;
	buf_init(&line, 0);
	setting_line(&line, settings.items[0].framework, row->key,
		row->recommended, &settings.items[0]);
	assert_string_equal(line.bytes, row->expected);
	buf_clear(&line);
	settings_clear(&settings);
}

static void usual_form_of_each_framework(void **state)
{
	static const struct {
		int framework;
		const char *key, *expected;
	} forms[] = {
		{ FRAMEWORK_FLASK, "A", "app.config['A'] = 1" },
		{ FRAMEWORK_DJANGO, "A", "A = 1" },
		{ FRAMEWORK_EXPRESS, "cookie.secure", "cookie: { secure: 1 }" },
		{ FRAMEWORK_LARAVEL, "A", "A=1" },
		{ FRAMEWORK_SYMFONY, "framework.session.a", "a: 1" },
		{ FRAMEWORK_PHP, "session.a", "session.a = 1" },
		{ FRAMEWORK_RAILS, "a", "a: 1," },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		struct buf line;
		buf_init(&line, 0);
		setting_line(
			&line, forms[i].framework, forms[i].key, "1", NULL);
		assert_string_equal(line.bytes, forms[i].expected);
		buf_clear(&line);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].expected,
			.test_func = line_is,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	tests[ARRAY_SIZE(rows)] = (struct CMUnitTest)cmocka_unit_test(
		usual_form_of_each_framework);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
