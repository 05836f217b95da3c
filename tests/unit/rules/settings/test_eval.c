/* What expressions are worth: each is the value of one setting. */
#include "rules/settings/setting_path.h"
#include "tests/support/settings.h"

#include <stdio.h>

struct eval_row {
	const char *expression;
	const char *expected; /* as people see it */
	const char *key;      /* NULL: SESSION_ID_LENGTH, which has no unit */
	const char *tree;     /* where in the tree it leads, or NULL */
};

#define DIR  "SESSION_FILE_DIR"
#define LIFE "PERMANENT_SESSION_LIFETIME"
#define MODE "SESSION_FILE_MODE"
#define HERE "<folder of this file>/"

static const struct eval_row rows[] = {
	{ "True", "True", NULL, NULL },
	{ "None", "None", NULL, NULL },
	{ "'a' \"b\"", "'ab'", NULL, NULL },
	{ "'a\\x41\\''", "'aA''", NULL, NULL },
	{ "r'a\\n'", "'a\\n'", NULL, NULL },
	{ "'''a'''", "'a'", NULL, NULL },
	{ "b'x'", "'x'", NULL, NULL },
	{ "f'x'", "'x'", NULL, NULL },
	{ "f'{x}'", "not known: an expression", NULL, NULL },
	{ "1_000", "1000", NULL, NULL },
	{ "0x10", "16", NULL, NULL },
	{ "0b11", "3", NULL, NULL },
	{ "1e3", "1000", NULL, NULL },
	{ "0.5", "not known: a fraction", NULL, NULL },
	{ "99999999999999999999", "not known: a fraction", NULL, NULL },
	{ "-5", "-5", NULL, NULL },
	{ "2 + 3 * 4", "14", NULL, NULL },
	{ "(2 + 3) * 4", "20", NULL, NULL },
	{ "7 // 2", "3", NULL, NULL },
	{ "1 // 0", "not known: an amount that cannot be told", NULL, NULL },
	{ "2 ** 10", "1024", NULL, NULL },
	{ "2 ** 100", "not known: an amount that cannot be told", NULL, NULL },
	{ "1 << 4 | 1", "17", NULL, NULL },
	{ "9223372036854775807 + 1", "not known: an amount that cannot be told",
		NULL, NULL },
	{ "not 0", "True", NULL, NULL },
	{ "1 == 1", "True", NULL, NULL },
	{ "'a' in ('a', 'b')", "True", NULL, NULL },
	{ "0 or 'x'", "'x'", NULL, NULL },
	{ "'a' and 3", "3", NULL, NULL },
	{ "1 if True else 2", "1", NULL, NULL },
	{ "1 if x else 2", "not known: a condition decides", NULL, NULL },
	{ "1 if x else 1", "1", NULL, NULL },
	{ "(1, 2)", "a list of 2", NULL, NULL },
	{ "X", "not known: the value of X", NULL, NULL },
	{ "A", "7", NULL, NULL },
	{ "B", "not known: a long expression", NULL, NULL },
	{ "f()", "not known: the result of f()", NULL, NULL },
	{ "secrets.token_hex(16)",
		"not known: a random value, made at each start", NULL, NULL },
	{ "int('12')", "12", NULL, NULL },
	{ "int('600', 8)", "0o600", MODE, NULL },
	{ "bool('False')", "True", NULL, NULL },
	{ "'FALSE'.lower()", "'false'", NULL, NULL },
	{ "strtobool('no')", "False", NULL, NULL },
	{ "os.environ['X']", "not known: the environment (X)", NULL, NULL },
	{ "os.getenv('X')", "not known: the environment (X)", NULL, NULL },
	{ "os.environ.get('X', 'd')", "'d' unless X is set", NULL, NULL },
	{ "os.environ.get('X') or 'd'", "'d' unless X is set", NULL, NULL },
	{ "int(os.environ.get('X', 5))", "5 unless X is set", NULL, NULL },
	{ "os.environ.get('X', 'no').lower() in ('yes', '1')",
		"False unless X is set", NULL, NULL },
	{ "os.environ.get('X') == 'prod'",
		"not known: the environment decides (X)", NULL, NULL },
	{ "env.bool('X', default=False)", "False unless X is set", NULL, NULL },
	{ "config('X', cast=bool, default='no')", "False unless X is set", NULL,
		NULL },
	{ "3600", "3600 (1 hour)", LIFE, NULL },
	{ "60 * 60 * 24", "86400 (1 day)", LIFE, NULL },
	{ "0.5 * 3600", "1800 (30 minutes)", LIFE, NULL },
	{ "timedelta(days=31)", "31 days", LIFE, NULL },
	{ "timedelta(1)", "1 day", LIFE, NULL },
	{ "datetime.timedelta(hours=1, minutes=30)", "90 minutes", LIFE, NULL },
	{ "timedelta(hours=0.5)", "30 minutes", LIFE, NULL },
	{ "timedelta(days=1) * 2", "2 days", LIFE, NULL },
	{ "timedelta(days=X)",
		"not known: a timedelta of an amount that cannot be told", LIFE,
		NULL },
	{ "0o644", "0o644", MODE, NULL },
	{ "0600", "0o600", MODE, NULL },
	{ "600", "600 (decimal: 0o1130)", MODE, NULL },
	{ "stat.S_IRUSR | stat.S_IWUSR", "0o600", MODE, NULL },
	{ "'./s/'", "<working directory>/s/", DIR, "s" },
	{ "'/var/s'", "/var/s", DIR, NULL },
	{ "'~/s'", "<home directory>/s", DIR, NULL },
	{ "os.path.join(os.path.dirname(__file__), 's')", HERE "s", DIR,
		"web/s" },
	{ "os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 's')",
		HERE "../s", DIR, "s" },
	{ "os.path.join(os.path.dirname(__file__), '../../s')", HERE "../../s",
		DIR, NULL },
	{ "os.path.join(basedir, 's')", HERE "s", DIR, "web/s" },
	{ "Path(__file__).resolve().parent / 's'", HERE "s", DIR, "web/s" },
	{ "Path(__file__).parents[1] / 's'", HERE "../s", DIR, "s" },
	{ "Path(__file__).parent.joinpath('a', 'b')", HERE "a/b", DIR,
		"web/a/b" },
	{ "os.path.dirname(__file__) + '/s'", HERE "/s", DIR, "web/s" },
	{ "os.path.join('/srv', 's')", "/srv/s", DIR, NULL },
	{ "os.path.join('x', '/srv')", "/srv", DIR, NULL },
	{ "os.path.join(os.getcwd(), 's')", "<working directory>/s", DIR, "s" },
	{ "os.path.join(app.root_path, 's')", HERE "s", DIR, "web/s" },
	{ "os.path.join(app.instance_path, 's')", "<instance folder>/s", DIR,
		"instance/s" },
	{ "tempfile.mkdtemp(prefix='s')", "<temporary directory>/", DIR, NULL },
	{ "os.path.join(tempfile.gettempdir(), 's')", "<temporary directory>/s",
		DIR, NULL },
	{ "os.path.join(f(), 's')", "not known: the result of f()", DIR, NULL },
	{ "((((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))"
	  "))))))))))))))))",
		"not known: an expression", NULL, NULL },
};

static void value_is(void **state)
{
	const struct eval_row *row = *state;
	char source[1024];
	snprintf(source, sizeof(source),
		"A = 7\nB = C\nC = B\n"
		"basedir = os.path.abspath(os.path.dirname(__file__))\n"
		"%s = %s\n",
		row->key ? row->key : "SESSION_ID_LENGTH", row->expression);
	struct settings settings;
	settings_read(&settings, "web/config.py", (const unsigned char *)source,
		strlen(source));
	assert_int_equal(settings.count, 1);
	struct buf text;
	buf_init(&text, 0);
	setting_value_text(&text, &settings.items[0]);
	assert_string_equal(text.bytes, row->expected);
	const struct setting_value *value = &settings.items[0].value;
	const char *tree = setting_tree_path(
		&settings.arena, value, value->base == PATH_FILE ? "web" : "");
	if (row->tree)
		assert_non_null(tree);
	if (row->tree)
		assert_string_equal(tree, row->tree);
	else
		assert_null(tree);
	buf_clear(&text);
	settings_clear(&settings);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].expression,
			.test_func = value_is,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
