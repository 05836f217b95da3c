/*
 * The glance at Python source against the reader: where that finds a setting
 * whose name stands in the source in one piece, the glance has said that there
 * can be one. The rows hold what the glance is for: names that set nothing.
 */
#include "tests/support/random.h"
#include "tests/support/settings.h"

#define ROUNDS    60000
#define MAX_PARTS 14
#define MAX_LEN   1024

struct row {
	const char *source;
	bool may;
};

static const struct row rows[] = {
	{ "", false },
	{ "app.run()\n", false },
	{ "secret_key = ConfigAttribute('SECRET_KEY')\n", false },
	{ "defaults = {\n  'DEBUG': None,\n  \"SECRET_KEY\": None }\n", false },
	{ "if 'FLASK_DEBUG' in os.environ: pass\n", false },
	{ "key = self.config['SECRET_KEY']\n", false },
	{ "if config['DEBUG'] == 1: pass\n", false },
	{ "def debug(self, debug=None):\n  self.debug = debug\n", false },
	{ "# update the DEBUG flag\nf('DEBUG', 1)\n", false },
	{ "values.update({'DEBUG': 1})\n", false },
	{ "flags |= {'DEBUG': 1}\n", false },
	{ "fDEBUG = NODEBUG = DEBUGGER = _DEBUG = DEBUG2 = 1\n", false },
	{ "app = Flask(__name__)\nself.debug = True\n", false },
	{ "DEBUG = 1\n", true },
	{ "# Ends in a dot.\nDEBUG = 1\n", true },
	{ "DEBUG: bool = 1\n", true },
	{ "x = DEBUG = 1\n", true },
	{ "DEBUG \\\n = 1\n", true },
	{ "f(DEBUG # why\n = 1)\n", true },
	{ "app.config['DEBUG'] = 1\n", true },
	{ "app.config[u\"\"\"DEBUG\"\"\"] = 1\n", true },
	{ "os.environ['FLASK_DEBUG'] = '1'\n", true },
	{ "app.debug = 1\n", true },
	{ "app.  # why\\\n  # and how\n  debug = 1\n", true },
	{ "(app.  # why\n  # and how\n  debug = 1\n", true },
	{ "web = Flask(__name__)\nweb.debug = 1\n", true },
	{ "#: app = Flask(__name__)\nself.debug = True\n", false },
	{ "web: \\\n  Flask = Flask(__name__)\nweb.debug = 1\n", true },
	{ "web: a[\n  b] = Flask(__name__)\nweb.debug = 1\n", true },
	{ "web: Flask = Flask(__name__)\nweb.debug = 1\n", true },
	{ "app.config.update(DEBUG=1)\n", true },
	{ "app.config.update(debug=1)\n", true },
	{ "app.config.update({'DEBUG': 1})\n", true },
	{ "(app.config\n  .update({'DEBUG': 1}))\n", true },
	{ "config |= {'DEBUG': 1}\n", true },
	{ "d = {'DEBUG': 1}\nsettings.from_mapping(d)\n", true },
	{ "config.setdefault('DEBUG', 1)\n", true },
	{ "class S(BaseSettings):\n  debug: bool = 1\n", true },
	{ "class C:\n  @property\n  def DEBUG(self):\n    return 1\n", true },
	{ "SESSION_CACHELIB = FileSystemCache('s')\n", true },
	{ "app.session_interface = FileSystemSessionInterface('s')\n", true },
};

static void row_is_told(void **state)
{
	const struct row *row = *state;
	assert_int_equal(
		settings_may_have("a.py", (const unsigned char *)row->source,
			strlen(row->source)),
		row->may);
}

/* The name as it is written, not what texts side by side or escapes make. */
static bool is_in_one_piece(const char *source, size_t len, const char *name)
{
	return memmem(source, len, name, strlen(name));
}

/* Returns how many settings there were; they are in a block of their very
 * size, for ASan. */
static size_t check(const char *source, size_t len)
{
	unsigned char *bytes = malloc(len ? len : 1);
	assert_non_null(bytes);
	memcpy(bytes, source, len);
	bool may = settings_may_have("a.py", bytes, len);
	struct settings settings;
	settings_read(&settings, "a.py", bytes, len);
	for (size_t i = 0; i < settings.count && !may; i++) {
		const char *name = settings.items[i].spelled;
		if (is_in_one_piece(source, len, name))
			fail_msg("%s of: %.*s", name, (int)len, source);
	}
	size_t count = settings.count;
	settings_clear(&settings);
	free(bytes);
	return count;
}

static void reader_finds_nothing_without(void **state)
{
	static const char *const parts[] = { "DEBUG", "debug", "SECRET_KEY",
		"secret_key", "SESSION_TYPE", "SESSION_COOKIE_SECURE",
		"SESSION_CACHELIB", "FileSystemCache('s')", "FLASK_DEBUG",
		"'DEBUG'", "\"SECRET_KEY\"", "'FLASK_DEBUG'", "u'DEBUG'",
		"'''DEBUG'''", "'DEBUG", "DEBUG = 1\n",
		"app.config['DEBUG'] = 1\n", "web = Flask(x)\n",
		"web.debug = 1\n", "app", "web", "self", "config", "app.config",
		"os.environ", "settings", "Flask", "def ", "return ", "class ",
		"class S(BaseSettings):", "if ", "=", "=", " = ", "==", ":",
		": ", ".", ".", "[", "]", "(", ")", "{", "}", ",", ";",
		"|=", "\\", "\\\n", "#", " # why\n", "\n", "\n", "\n  ",
		"\n    ", " ", "\t", "'", "\"", "\"\"\"", "1", "'v'", "True",
		".update(", ".from_mapping(", ".setdefault(", "update", "\r\n",
		"\xC3\xA9" };
	struct random random = { 88172645463325252U };
	char source[MAX_LEN];
	size_t count = 0;
	(void)state;
	for (size_t round = 0; round < ROUNDS; round++) {
		size_t len = 0;
		for (size_t left = random_below(&random, MAX_PARTS) + 1; left;
			left--) {
			const char *part =
				parts[random_below(&random, ARRAY_SIZE(parts))];
			memcpy(source + len, part, strlen(part));
			len += strlen(part);
		}
		count += check(source, len);
	}
	assert_in_range(count, ROUNDS / 300, SIZE_MAX);
}

/* Names at every place of the blocks that are searched at once. */
static void names_stand_anywhere(void **state)
{
	(void)state;
	for (size_t before = 0; before < 140; before++) {
		char source[200];
		memset(source, '\n', sizeof(source));
		memcpy(source + before, "DEBUG=1", 7);
		for (size_t behind = 0; behind < 4; behind++)
			assert_int_equal(check(source, before + 7 + behind), 1);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 2];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].source,
			.test_func = row_is_told,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	tests[ARRAY_SIZE(rows)] =
		(struct CMUnitTest)cmocka_unit_test(names_stand_anywhere);
	tests[ARRAY_SIZE(rows) + 1] = (struct CMUnitTest)cmocka_unit_test(
		reader_finds_nothing_without);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
