/* safe.directory: which values allow which folder, git-config(1). */
#include "scanner/repo_owner.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/cleanup.h"
#include "scanner/config.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <unistd.h>

/* Folders that are there on any system: "/usr" is the repository, "/" the
 * current folder and the user's. */
struct row {
	const char *name;
	const char *values[4];
	bool allowed;
};

static const struct row rows[] = {
	{ "none", { NULL }, false },
	{ "its_path", { "/usr" }, true },
	{ "its_path_in_another_spelling", { "/usr/../usr/" }, true },
	{ "another_path", { "/etc" }, false },
	{ "a_folder_above_it", { "/" }, false },
	{ "a_path_that_leads_nowhere", { "/no/such/folder" }, false },
	{ "below_the_user_s_folder", { "~/usr" }, true },
	{ "relative", { "usr" }, false },
	{ "the_current_folder", { "." }, false },
	{ "star", { "*" }, true },
	{ "all_below", { "/*" }, true },
	{ "all_below_itself", { "/usr/*" }, false },
	{ "all_below_nowhere", { "/no/such/*" }, false },
	{ "all_below_a_relative_path", { "./*" }, false },
	{ "star_in_the_middle", { "/u*r" }, false },
	{ "empty_resets", { "*", "/usr", "" }, false },
	{ "no_value_resets", { "*", "true" }, false },
	{ "anew_behind_a_reset", { "*", "", "/usr" }, true },
	{ "first_of_two", { "/usr", "/etc" }, true },
};

static void row_is_as_stated(void **state)
{
	const struct row *row = *state;
	CLEANUP(config_freep)
	struct config *config = xcalloc(1, sizeof(*config));
	setenv("HOME", "/", 1);
	assert_int_equal(chdir("/usr"), 0);
	for (size_t i = 0; i < ARRAY_SIZE(row->values) && row->values[i]; i++)
		config_add(config, "safe.directory", row->values[i],
			CONFIG_GLOBAL, "file:test");
	assert_int_equal(safe_directory_allows(config, "/usr"), row->allowed);
}

static void a_repository_has_no_say(void **state)
{
	(void)state;
	static const int scopes[] = { CONFIG_SYSTEM, CONFIG_GLOBAL,
		CONFIG_LOCAL, CONFIG_WORKTREE, CONFIG_COMMAND };
	for (size_t i = 0; i < ARRAY_SIZE(scopes); i++) {
		CLEANUP(config_freep)
		struct config *config = xcalloc(1, sizeof(*config));
		config_add(config, "safe.directory", "*", scopes[i], "test");
		assert_int_equal(safe_directory_allows(config, "/usr"),
			config_is_protected(scopes[i]));
	}
}

static void a_repository_cannot_reset(void **state)
{
	(void)state;
	CLEANUP(config_freep)
	struct config *config = xcalloc(1, sizeof(*config));
	config_add(config, "safe.directory", "*", CONFIG_GLOBAL, "test");
	config_add(config, "safe.directory", "", CONFIG_LOCAL, "test");
	assert_true(safe_directory_allows(config, "/usr"));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 2];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = row_is_as_stated,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	tests[ARRAY_SIZE(rows)] =
		(struct CMUnitTest)cmocka_unit_test(a_repository_has_no_say);
	tests[ARRAY_SIZE(rows) + 1] =
		(struct CMUnitTest)cmocka_unit_test(a_repository_cannot_reset);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
