#include "rules/path_context.h"

#include "base/cleanup.h"
#include "tests/support/test.h"

struct row {
	const char *name;
	const char *context;
	const char *path;
	bool expected;
};

static const struct row rows[] = {
	{ "a_folder_of_documents", "docs", "docs/config.txt", true },
	{ "a_folder_at_depth", "docs", "a/docs/b/c.py", true },
	{ "a_name", "docs", "README", true },
	{ "a_name_that_begins_like_a_folder", "docs", "docsy/a.py", false },
	{ "a_file_named_like_a_folder", "docs", "a/docs", false },
	{ "a_test_by_its_folder", "test", "tests/app.py", true },
	{ "a_test_by_its_name", "test", "src/test_app.py", true },
	{ "no_test", "test", "src/contest.py", false },
	{ "a_definition_of_ci_runs_with_real_credentials", "test",
		".github/workflows/deploy.yml", false },
	{ "nor_is_that_of_gitlab_a_test", "test", ".gitlab-ci.yml", false },
	{ "a_template", "template", ".env.example", true },
	{ "no_template", "template", ".env", false },
	{ "the_code_of_others", "vendor", "venv/site-packages/a.py", true },
	{ "a_folder_of_tests_of_perl", "test", "t/t0001-init.sh", true },
	{ "a_lock_file", "lock", "web/package-lock.json", true },
	{ "a_lock_file_by_its_ending", "lock", "Cargo.lock", true },
	{ "no_lock_file", "lock", "locks/door.py", false },
	{ "squeezed_code", "minified", "static/app.min.js", true },
	{ "code_that_is_not_squeezed", "minified", "static/app.js", false },
	{ "an_unknown_context", "prose", "docs/a.md", false },
	{ "an_empty_path", "docs", "", false },
};

static void row_is_told(void **state)
{
	const struct row *row = *state;
	assert_int_equal(
		path_context_has(row->context, row->path), row->expected);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)] = { 0 };
	struct row states[ARRAY_SIZE(rows)];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		states[i] = rows[i];
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = row_is_told,
			.initial_state = &states[i],
		};
	}
	return _cmocka_run_group_tests(
		"path_context", tests, ARRAY_SIZE(tests), NULL, NULL);
}
