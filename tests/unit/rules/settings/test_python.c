/* Every way in which people set Flask's and Django's settings in Python. */
#include "tests/support/settings.h"

#define SECURE "SESSION_COOKIE_SECURE"
#define APP    "app.config['" SECURE "']"

static const struct settings_row rows[] = {
	{ "item_of_config", "app.py", APP " = False", SECURE ":1 False" },
	{ "item_of_any_config", "a.py",
		"self.app.config[\"" SECURE "\"] = True", SECURE ":1 True" },
	{ "setdefault", "a.py",
		"current_app.config.setdefault('" SECURE "', False)",
		SECURE ":1 False" },
	{ "setdefault_loses_to_what_is_set", "a.py",
		APP " = True\napp.config.setdefault('" SECURE "', False)",
		SECURE ":1 True\n" SECURE ":2 False lost" },
	{ "merge_operator", "a.py", "app.config |= {'" SECURE "': False}",
		SECURE ":1 False" },
	{ "update_with_keywords", "a.py",
		"app.config.update(\n    SESSION_TYPE='redis',  # one\n"
		"    # " SECURE "=True,\n    " SECURE "=False,\n)",
		"SESSION_TYPE:2 'redis'\n" SECURE ":4 False" },
	{ "update_with_a_dict", "a.py",
		"app.config.update({'" SECURE "': False,\n"
		"'SESSION_TYPE': \"filesystem\"})",
		SECURE ":1 False\nSESSION_TYPE:2 'filesystem'" },
	{ "update_with_a_call_of_dict", "a.py",
		"app.config.update(dict(" SECURE "=False))",
		SECURE ":1 False" },
	{ "update_with_a_name", "a.py",
		"DEFAULTS = {'" SECURE "': False}\n"
		"app.config.update(DEFAULTS)\n"
		"app.config.update(**DEFAULTS)",
		SECURE ":1 False lost\n" SECURE ":1 False" },
	{ "from_mapping", "a.py",
		"def create():\n    app.config.from_mapping(" SECURE "=False)",
		SECURE ":2 False" },
	{ "update_of_other_things_is_none", "a.py",
		"headers.update(" SECURE "=False)", "" },
	{ "module_level", "config.cfg", SECURE " = False", SECURE ":1 False" },
	{ "class_attribute", "config.py",
		"class Config:\n    " SECURE " = False\n",
		SECURE ":2 False [Config]" },
	{ "annotated_attribute", "config.py",
		"class Config:\n    " SECURE ": bool = False\n",
		SECURE ":2 False [Config]" },
	{ "settings_of_pydantic", "config.py",
		"class App(BaseSettings):\n"
		"    session_cookie_secure: bool = False\n",
		SECURE ":2 False [App]" },
	{ "lower_case_elsewhere_is_none", "config.py",
		"class App:\n    session_cookie_secure = False\n", "" },
	{ "property", "config.py",
		"class Config:\n    @property\n    def " SECURE "(self):\n"
		"        '''Says so.'''\n        return False\n",
		SECURE ":5 False [Config]" },
	{ "class_on_one_line", "config.py",
		"class C(B): " SECURE " = False; SESSION_TYPE = 'redis'",
		SECURE ":1 False [C]\nSESSION_TYPE:1 'redis' [C]" },
	{ "class_for_development", "config.py",
		"class DevelopmentConfig(Config):\n    " SECURE " = False\n",
		SECURE ":2 False [DevelopmentConfig] dev" },
	{ "class_whose_name_holds_test_by_chance", "config.py",
		"class LatestConfig(Config):\n    " SECURE " = False\n",
		SECURE ":2 False [LatestConfig]" },
	{ "class_that_production_replaces", "config.py",
		"class Config:\n    " SECURE " = False\n"
		"class Dev(Config):\n    pass\n"
		"class Prod(Config):\n    " SECURE " = True\n",
		SECURE ":2 False [Config] dev\n" SECURE ":6 True [Prod]" },
	{ "class_that_production_inherits", "config.py",
		"class Config:\n    " SECURE " = False\n"
		"class Prod(Config):\n    SESSION_TYPE = 'redis'\n",
		SECURE ":2 False [Config]\nSESSION_TYPE:4 'redis' [Prod]" },
	{ "file_for_tests", "tests/conftest.py", APP " = False",
		SECURE ":1 False dev" },
	{ "branch_for_development", "a.py",
		"if app.debug:\n    " APP " = False\nelse:\n    " APP " = True",
		SECURE ":2 False dev\n" SECURE ":4 True" },
	{ "branch_for_production", "a.py",
		"if not app.debug:\n    " APP " = False", SECURE ":2 False" },
	{ "branch_on_one_line", "a.py", "if x: " APP " = False",
		SECURE ":1 False" },
	{ "later_wins", "a.py", APP " = False\n" APP " = True",
		SECURE ":1 False lost\n" SECURE ":2 True" },
	{ "later_in_a_branch_may_not_win", "a.py",
		APP " = False\nif x:\n    " APP " = True",
		SECURE ":1 False\n" SECURE ":3 True" },
	{ "later_in_another_function_does_not_win", "a.py",
		"def a():\n    " APP " = False\ndef b():\n    " APP " = True",
		SECURE ":2 False\n" SECURE ":4 True" },
	{ "attributes", "a.py",
		"app = Flask(__name__)\napp.secret_key = b'k\\n'\n"
		"app.permanent_session_lifetime = timedelta(hours=2)\n",
		"SECRET_KEY:2 a literal (withheld)\n"
		"PERMANENT_SESSION_LIFETIME:3 2 hours" },
	{ "attributes_of_other_things_are_none", "a.py",
		"from flask import Flask\nself.secret_key = 'x'\n"
		"client.secret_key = 'y'",
		"" },
	{ "cachelib_by_keywords", "a.py",
		"app.config['SESSION_CACHELIB'] = FileSystemCache("
		"cache_dir='s',\n threshold=9, mode=0o644)",
		"SESSION_FILE_DIR:1 <working directory>/s\n"
		"SESSION_FILE_THRESHOLD:2 9\nSESSION_FILE_MODE:2 0o644" },
	/* the comma, which Flask-Session 0.8.0's documentation has, makes a
	 * tuple of it: what was meant is told all the same */
	{ "cachelib_with_a_comma_behind", "a.py",
		"SESSION_CACHELIB = FileSystemCache('s', 9, 300, 0o644),",
		"SESSION_FILE_DIR:1 <working directory>/s\n"
		"SESSION_FILE_THRESHOLD:1 9\nSESSION_FILE_MODE:1 0o644" },
	{ "cachelib_by_places_and_name", "a.py",
		"c = FileSystemCache('/srv/s', 9, 300, 0o644)\n"
		"app.config.update(SESSION_CACHELIB=c)",
		"SESSION_FILE_DIR:1 /srv/s\nSESSION_FILE_THRESHOLD:1 9\n"
		"SESSION_FILE_MODE:1 0o644" },
	{ "session_interface", "a.py",
		"app.session_interface = FileSystemSessionInterface("
		"'s', 500, 0o666, 'p:')",
		"SESSION_FILE_DIR:1 <working directory>/s\n"
		"SESSION_FILE_THRESHOLD:1 500\nSESSION_FILE_MODE:1 0o666\n"
		"SESSION_KEY_PREFIX:1 'p:'" },
	{ "environment_of_the_process", "a.py",
		"os.environ['FLASK_SESSION_TYPE'] = 'filesystem'",
		"SESSION_TYPE:1 'filesystem'" },
	{ "comments_and_texts_are_none", "a.py",
		"'''" APP " = False'''\n# " APP " = False\nx = \"" SECURE
		" = False\"",
		"" },
	{ "line_joins", "a.py", "app.config['SESSION_TYPE'] = \\\n  'redis'",
		"SESSION_TYPE:1 'redis'" },
	{ "crlf", "a.py", "SESSION_TYPE = 'redis'\r\n" SECURE " = False\r\n",
		"SESSION_TYPE:1 'redis'\n" SECURE ":2 False" },
	{ "two_targets", "a.py", "X = " SECURE " = False", SECURE ":1 False" },
	{ "debug_alone_is_everybodys", "tool.py",
		"DEBUG = True\nSECRET_KEY = 'x'",
		"DEBUG:1 True weak\nSECRET_KEY:2 a literal (withheld) weak" },
	{ "debug_of_django", "shop/settings.py",
		"DEBUG = True\nINSTALLED_APPS = []", "DEBUG:1 True" },
	{ "class_of_that_name_makes_no_application", "a.py",
		"class Flask(App):\n    SESSION_TYPE = 'redis'",
		"SESSION_TYPE:2 'redis' [Flask]" },
	{ "debug_of_flask", "a.py",
		"from flask import Flask\napp = Flask(__name__)\n"
		"app.debug = True",
		"DEBUG:3 True" },
	{ "django_by_name", "shop/settings.py",
		"SESSION_COOKIE_AGE = 60 * 60\n" SECURE " = False",
		"SESSION_COOKIE_AGE:1 3600 (1 hour)\n" SECURE ":2 False" },
	{ "django_by_import", "shop/base.py",
		"from django.utils import x\nSESSION_ENGINE = 'e'\n"
		"SESSION_TYPE = 'redis'",
		"SESSION_ENGINE:2 'e'" },
	{ "unclosed_bracket", "a.py",
		SECURE " = False\nx = (1,\nSESSION_TYPE = 'redis'",
		SECURE ":1 False" },
	{ "unclosed_text", "a.py", SECURE " = 'x\nSESSION_TYPE = 'redis'",
		SECURE ":1 'x'\nSESSION_TYPE:2 'redis'" },
	{ "nothing", "a.py", "", "" },
	{ "other_file", "a.txt", SECURE " = False", "" },
};

int main(void)
{
	return run_settings_rows("python", rows, ARRAY_SIZE(rows));
}
