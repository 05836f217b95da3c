/* Settings in files other than Python's. */
#include "tests/support/settings.h"

#define SECURE  "SESSION_COOKIE_SECURE"
#define EXPRESS "const session = require('express-session');\n"

static const struct settings_row rows[] = {
	{ "env", ".env",
		"# FLASK_SESSION_TYPE=x\nexport FLASK_" SECURE "=false\n"
		"FLASK_SESSION_TYPE=\"filesystem\" # why\n"
		"FLASK_PERMANENT_SESSION_LIFETIME=7200\n"
		"FLASK_SESSION_ID_LENGTH=${LEN}\nOTHER=1\n",
		SECURE ":2 False\nSESSION_TYPE:3 'filesystem'\n"
		       "PERMANENT_SESSION_LIFETIME:4 7200 (2 hours)\n"
		       "SESSION_ID_LENGTH:5 not known: the environment" },
	{ "env_takes_json_alone", "prod.env", "FLASK_" SECURE "=False",
		SECURE ":1 'False'" },
	{ "env_without_prefix_is_read_loosely", ".env", SECURE "=False",
		SECURE ":1 False" },
	{ "env_of_an_example", ".env.example", SECURE "=False",
		SECURE ":1 False dev" },
	{ "env_of_laravel", ".env",
		"SESSION_DRIVER=file\nSESSION_LIFETIME=120\n",
		"SESSION_DRIVER:1 'file'\nSESSION_LIFETIME:2 2 hours" },
	{ "dockerfile", "Dockerfile",
		"FROM x\nENV FLASK_SESSION_TYPE filesystem\n"
		"ENV A=1 FLASK_" SECURE "=false\n",
		"SESSION_TYPE:2 'filesystem'\n" SECURE ":3 False" },
	{ "procfile", "Procfile", "web: FLASK_" SECURE "=false gunicorn app",
		SECURE ":1 False" },
	{ "systemd", "app.service",
		"[Service]\nEnvironment=\"FLASK_" SECURE
		"=false\" FLASK_SESSION_TYPE=redis\n",
		SECURE ":2 False\nSESSION_TYPE:2 'redis'" },
	{ "compose_as_map_and_list", "compose.yml",
		"services:\n  web:\n    environment:\n      FLASK_" SECURE
		": \"false\"\n      - FLASK_SESSION_TYPE=redis\n"
		"      - \"FLASK_DEBUG=true\"\n",
		SECURE ":4 False\nSESSION_TYPE:5 'redis'\nDEBUG:6 True" },
	{ "kubernetes", "pod.yaml",
		"env:\n  - name: FLASK_" SECURE "\n    value: 'false'\n",
		SECURE ":3 False" },
	{ "services_do_not_override_each_other", "compose.yml",
		"a:\n  FLASK_" SECURE ": false\nb:\n  FLASK_" SECURE ": true\n",
		SECURE ":2 False\n" SECURE ":4 True" },
	{ "symfony", "config/packages/framework.yaml",
		"framework:\n  session:\n    cookie_secure: false # no\n"
		"when@dev:\n  framework:\n    session:\n"
		"      cookie_secure: false\n",
		"framework.session.cookie_secure:3 false\n"
		"framework.session.cookie_secure:7 false dev" },
	{ "yaml_key_elsewhere_is_none", "a.yaml",
		"session:\n  cookie_secure: false\n", "" },
	{ "toml", "config.toml",
		"SESSION_TYPE = \"filesystem\"\n" SECURE
		" = false # c\nSESSION_FILE_MODE = 0o600\n",
		"SESSION_TYPE:1 'filesystem'\n" SECURE
		":2 False\nSESSION_FILE_MODE:3 0o600" },
	{ "json", "config.json",
		"{\n \"" SECURE "\": false,\n \"x\": {\"" SECURE
		"\": true},\n \"env\": {\"FLASK_SESSION_TYPE\": \"redis\"}}",
		SECURE ":2 False\nSESSION_TYPE:4 'redis'" },
	{ "php_ini", "php.ini",
		"[Session]\n; session.cookie_secure = On\n"
		"session.cookie_secure = Off ; c\nsession.gc_maxlifetime=1440",
		"session.cookie_secure:3 false\n"
		"session.gc_maxlifetime:4 1440 (24 minutes)" },
	{ "htaccess", ".htaccess", "php_flag session.cookie_httponly off",
		"session.cookie_httponly:1 false" },
	{ "cfg_that_is_an_ini", "setup.cfg",
		"# c\n[x]\nSESSION_TYPE = 'filesystem'\n", "" },
	{ "express", "app.js",
		EXPRESS "app.use(session({ secret: process.env.S,\n"
			"  cookie: { secure: false, maxAge: 2 * 60 * 60 * "
			"1000 },\n"
			"  name: `sid`, // none\n  saveUninitialized: true }))",
		"secret:2 taken from the environment (S)\n"
		"cookie.secure:3 false\ncookie.maxAge:3 2 hours\n"
		"name:4 'sid'\nsaveUninitialized:5 true" },
	{ "express_with_options_in_a_name", "app.js",
		EXPRESS "const o = { cookie: { secure: false } };\n"
			"app.use(session(o));",
		"cookie.secure:2 false" },
	{ "express_by_condition", "app.ts",
		"import session from 'express-session';\n"
		"session({ cookie: { secure: process.env.NODE_ENV === "
		"'production', httpOnly: dev ? false : true } });",
		"cookie.secure:2 not known: the environment decides "
		"(NODE_ENV)\ncookie.httpOnly:2 not known: a condition "
		"decides" },
	{ "cookie_session", "app.js",
		"app.use(require('x'), cookieSession({ keys: ['a'], "
		"secure: false }))",
		"secret:1 a literal (withheld)\ncookie.secure:1 false" },
	{ "sessions_of_other_modules_are_none", "app.js",
		"const session = require('my-session');\n"
		"session({ cookie: { secure: false } })",
		"" },
	{ "php_calls", "index.php",
		"<?php\nini_set('session.cookie_secure', '0');\n"
		"session_start(['cookie_httponly' => false]);\n"
		"session_set_cookie_params(3600, '/', '', true, true);\n"
		"session_set_cookie_params(['samesite' => 'Lax']);\n",
		"session.cookie_secure:2 0 lost\n"
		"session.cookie_httponly:3 false lost\n"
		"session.cookie_lifetime:4 3600 (1 hour)\n"
		"session.cookie_secure:4 true\nsession.cookie_httponly:4 true\n"
		"session.cookie_samesite:5 'Lax'" },
	{ "laravel", "config/session.php",
		"<?php return [\n'driver' => env('SESSION_DRIVER', 'file'),\n"
		"'lifetime' => (int) env('SESSION_LIFETIME', 120),\n"
		"'http_only' => false, 'x' => Str::slug('a').'_b',\n"
		"'files' => storage_path('framework/sessions')];",
		"SESSION_DRIVER:2 'file' unless SESSION_DRIVER is set\n"
		"SESSION_LIFETIME:3 2 hours unless SESSION_LIFETIME is set\n"
		"SESSION_HTTP_ONLY:4 false\n"
		"SESSION_FILES:5 <working directory>/storage/framework/"
		"sessions" },
	{ "rails", "session_store.rb",
		"Rails.application.config.session_store :cookie_store, "
		"key: '_a',\n  secure: false, same_site: :none,\n"
		"  expire_after: 14.days\nsecure = 1",
		"session_store:1 'cookie_store'\nsecure:2 false\n"
		"same_site:2 'none'\nexpire_after:3 14 days" },
	{ "rails_in_parentheses", "a.rb",
		"config.session_store(:active_record_store, "
		":secure => Rails.env.production?)",
		"session_store:1 'active_record_store'\n"
		"secure:1 not known: the value of Rails.env.production?" },
};

int main(void)
{
	return run_settings_rows("formats", rows, ARRAY_SIZE(rows));
}
