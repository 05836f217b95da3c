#include "scanner/ignore_pattern.h"
#include "tests/support/test.h"

struct row {
	const char *template; /* of the rule */
	bool untrack;
	const char *path;
	const char *store;
	const char *pattern;
};

static const struct row rows[] = {
	{ NULL, true, "a/b", NULL, "/a/b" },
	{ NULL, true, "a/b", "a", "/a/" },
	{ NULL, true, "a/b", "a/b", "/a/b" },
	{ NULL, true, "ab/c", "a", "/ab/c" },
	{ NULL, true, "c", "", "/c" },
	{ NULL, false, "app.py", NULL, "" },
	{ NULL, true, "", NULL, "" },
	{ "/{store}/", true, "a/b/c", "a/b", "/a/b/" },
	{ "/{store}/", true, "c", "", "/c" },
	{ "/{store}/", true, "c", NULL, "/c" },
	{ "/{store}/*.sqlite", true, "s/x", "s[1]", "/s\\[1]/*.sqlite" },
	{ "{path}", true, "#x", NULL, "\\#x" },
	{ "{path}", true, "!x", NULL, "\\!x" },
	{ "/{path}", true, "#x", NULL, "/#x" },
	{ "{name}", true, "a/b/.env.local", NULL, ".env.local" },
	{ "{name}", true, "a/!*", NULL, "\\!\\*" },
	{ ".env", false, "a/.env", NULL, ".env" },
	{ NULL, true, "a*b?c[d]e\\f", NULL, "/a\\*b\\?c\\[d]e\\\\f" },
	{ NULL, true, "two  ", NULL, "/two \\ " },
	{ NULL, true, "a b", NULL, "/a b" },
	{ NULL, true, "l\nf\rt\t", NULL, "/l?f?t?" },
	{ NULL, true, "\xC3\xA9", NULL, "/\xC3\xA9" },
	{ NULL, true, "\xE9", NULL, "/?" },
	{ NULL, true, "a\xE2\x80\xAE", NULL, "/a???" },
};

static void patterns_are_escaped(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct rule rule = { .gitignore = rows[i].template,
			.untrack = rows[i].untrack };
		struct finding finding = { .rule = &rule,
			.path = rows[i].path,
			.store = rows[i].store };
		CLEANUP(buf_clear) struct buf out;
		buf_init(&out, 0);
		assert_int_equal(ignore_pattern_of(&out, &finding), 0);
		assert_string_equal(out.len ? out.bytes : "", rows[i].pattern);
	}
}

static void the_limit_of_the_buffer_holds(void **state)
{
	(void)state;
	struct rule rule = { .gitignore = "/{store}/", .untrack = true };
	struct finding finding = { .rule = &rule, .path = "a/b", .store = "a" };
	for (size_t limit = 1; limit < 3; limit++) {
		CLEANUP(buf_clear) struct buf out;
		buf_init(&out, limit);
		assert_int_equal(ignore_pattern_of(&out, &finding), ERR_LIMIT);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_are_escaped),
		cmocka_unit_test(the_limit_of_the_buffer_holds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
