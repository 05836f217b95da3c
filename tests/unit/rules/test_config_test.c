/* The tests that a rule makes of a setting's value, and of where it holds. */
#include "rules/config_test.h"

#include "tests/support/test.h"

#include <string.h>

#define TEXTS(...) ((const char *const[]){ __VA_ARGS__, NULL })

struct row {
	const char *name;
	struct rule_config test; /* of the setting; framework 0 is Flask */
	const char *source;      /* of web/a.py */
	bool holds;
};

#define SECURE "SESSION_COOKIE_SECURE"
#define LIFE   "PERMANENT_SESSION_LIFETIME"
#define DIR    "SESSION_FILE_DIR"
#define MODE   "SESSION_FILE_MODE"

#define IS(...)                                      \
	{                                            \
		.is = TEXTS(__VA_ARGS__), .mode = -1 \
	}
#define TEXT(...)                                      \
	{                                              \
		.text = TEXTS(__VA_ARGS__), .mode = -1 \
	}
#define NOT_TEXT(x)                              \
	{                                        \
		.not_text = TEXTS(x), .mode = -1 \
	}
#define ABOVE(x)                                            \
	{                                                   \
		.has_above = true, .above = (x), .mode = -1 \
	}
#define BELOW(x)                                            \
	{                                                   \
		.has_below = true, .below = (x), .mode = -1 \
	}
#define BEYOND(x)           \
	{                   \
		.mode = (x) \
	}
#define INSIDE                                  \
	{                                       \
		.inside_tree = true, .mode = -1 \
	}
#define LITERAL                             \
	{                                   \
		.literal = true, .mode = -1 \
	}

static const struct row rows[] = {
	{ "false is false", IS("false"), SECURE " = False", true },
	{ "zero is false", IS("false"), SECURE " = 0", true },
	{ "true is not false", IS("false"), SECURE " = True", false },
	{ "a text is not false", IS("false"), SECURE " = 'False'", false },
	{ "none is none", IS("none"), SECURE " = None", true },
	{ "a text is not none", IS("none"), SECURE " = 'None'", false },
	{ "a number is itself", IS("1", "0"), LIFE " = 0", true },
	{ "what is not known is nothing", IS("false", "none"), SECURE " = f()",
		false },
	{ "a default of the environment counts", IS("false"),
		SECURE " = os.environ.get('X', False)", true },
	{ "a text in another case", TEXT("none"), SECURE " = 'NONE'", true },
	{ "a text by a glob", TEXT("*none*"), SECURE " = 'anonEs'", true },
	{ "another text", TEXT("none"), SECURE " = 'Lax'", false },
	{ "no text", TEXT("*"), SECURE " = None", false },
	{ "a text that fits nothing", NOT_TEXT("__Host-*"), SECURE " = 'x'",
		true },
	{ "a text that fits", NOT_TEXT("__Host-*"), SECURE " = '__Host-x'",
		false },
	{ "the empty text", NOT_TEXT("?*"), SECURE " = ''", true },
	{ "more than the bound", ABOVE(10), LIFE " = 11", true },
	{ "the bound itself", ABOVE(10), LIFE " = 10", false },
	{ "a time above", ABOVE(10), LIFE " = timedelta(seconds=11)", true },
	{ "a truth is no number", ABOVE(-1), LIFE " = True", false },
	{ "less than the bound", BELOW(10), LIFE " = 9", true },
	{ "a bit too much", BEYOND(0600), MODE " = 0o640", true },
	{ "a bit less", BEYOND(0600), MODE " = 0o400", false },
	{ "a decimal slip", BEYOND(0600), MODE " = 600", true },
	{ "below the file", INSIDE, DIR " = os.path.dirname(__file__)", true },
	{ "at the top", INSIDE,
		DIR " = os.path.join(os.path.dirname(__file__), '..')", true },
	{ "above the top", INSIDE,
		DIR " = os.path.join(os.path.dirname(__file__), '../..')",
		false },
	{ "below the working directory", INSIDE, DIR " = 's'", true },
	{ "beside the working directory", INSIDE, DIR " = '../s'", false },
	{ "an absolute path", INSIDE, DIR " = '/srv'", false },
	{ "the instance folder", INSIDE, DIR " = app.instance_path", false },
	{ "a temporary directory", INSIDE, DIR " = tempfile.mkdtemp()", false },
	{ "a literal", LITERAL, "SESSION_TYPE = 1; SECRET_KEY = 'dev'", true },
	{ "a placeholder", LITERAL,
		"SESSION_TYPE = 1; SECRET_KEY = '<your key>'", false },
	{ "what a purge left", LITERAL,
		"SESSION_TYPE = 1; SECRET_KEY = '***REMOVED***'", false },
	{ "the empty literal", LITERAL, "SESSION_TYPE = 1; SECRET_KEY = ''",
		false },
	{ "nothing is asked", { .mode = -1 }, SECURE " = False", false },
};

static void row_is_judged(void **state)
{
	const struct row *row = *state;
	struct settings settings;
	settings_read(&settings, "web/a.py", (const unsigned char *)row->source,
		strlen(row->source));
	assert_true(settings.count >= 1);
	const struct setting *last = &settings.items[settings.count - 1];
	struct rule_config test = row->test;
	test.keys = TEXTS("DEBUG", last->key);
	assert_true(config_is_about(&test, last));
	assert_int_equal(config_holds(&test, last, "web/a.py"), row->holds);
	test.keys = TEXTS("DEBUG");
	assert_false(config_is_about(&test, last));
	test.keys = TEXTS(last->key);
	test.framework = FRAMEWORK_DJANGO;
	assert_false(config_is_about(&test, last));
	settings_clear(&settings);
}

static void evidence_holds_no_secret_and_no_control(void **state)
{
	static const char source[] =
		"SESSION_COOKIE_NAME = 'a\x1b\xff'\nSECRET_KEY = 'hush'\n";
	struct settings settings;
	struct arena arena = { 0 };
	(void)state;
	settings_read(&settings, "a.py", (const unsigned char *)source,
		sizeof(source) - 1);
	assert_int_equal(settings.count, 2);
	const struct evidence *name =
		config_evidence(&arena, &settings.items[0]);
	const struct evidence *key =
		config_evidence(&arena, &settings.items[1]);
	assert_string_equal(name->setting, "SESSION_COOKIE_NAME");
	assert_string_equal(name->value,
		"'a?"
		"?'");
	assert_null(strstr(key->value, "hush"));
	arena_clear(&arena);
	settings_clear(&settings);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = row_is_judged,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	tests[ARRAY_SIZE(rows)] = (struct CMUnitTest)cmocka_unit_test(
		evidence_holds_no_secret_and_no_control);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
