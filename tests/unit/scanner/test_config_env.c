/* Settings that the environment hands down, as git writes them. */
#include "base/alloc.h"
#include "scanner/config.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

struct row {
	const char *name;
	const char *parameters;  /* GIT_CONFIG_PARAMETERS */
	const char *key, *value; /* NULL: refused */
};

static const struct row rows[] = {
	{ "new_form", "'hygiene.jobs'='3'", "hygiene.jobs", "3" },
	{ "old_form", "'hygiene.jobs=3'", "hygiene.jobs", "3" },
	{ "no_value", "'hygiene.on'", "hygiene.on", "true" },
	{ "new_form_no_value", "'hygiene.on'=", "hygiene.on", "" },
	{ "empty_value", "'hygiene.on'=''", "hygiene.on", "" },
	{ "quote_in_it", "'hygiene.a'='it'\\''s'", "hygiene.a", "it's" },
	{ "exclamation", "'hygiene.a'='no'\\!''", "hygiene.a", "no!" },
	{ "case", "'Hygiene.FailOn'='low'", "hygiene.failon", "low" },
	{ "subsection", "'Hook.My.Name.Event'='x'", "hook.My.Name.event", "x" },
	{ "last_wins", "'hygiene.a'='1' 'hygiene.a'='2'", "hygiene.a", "2" },
	{ "no_quotes", "hygiene.a=1", NULL, NULL },
	{ "open_quote", "'hygiene.a'='1", NULL, NULL },
	{ "only_a_quote", "'", NULL, NULL },
	{ "ends_in_an_escape", "'a'\\", NULL, NULL },
};

static void row_is_as_stated(void **state)
{
	const struct row *row = *state;
	CLEANUP(config_freep)
	struct config *config = xcalloc(1, sizeof(*config));
	struct err err = { 0 };
	unsetenv("GIT_CONFIG_COUNT");
	setenv("GIT_CONFIG_PARAMETERS", row->parameters, 1);
	int rc = config_add_environment(config, &err);
	if (!row->key) {
		assert_int_equal(rc, ERR_PARSE);
		return;
	}
	assert_ok(rc, &err);
	const struct config_entry *entry = config_find(config, row->key, true);
	assert_non_null(entry);
	assert_string_equal(entry->value, row->value);
	assert_int_equal(entry->scope, CONFIG_COMMAND);
}

static void a_count_needs_all_its_pairs(void **state)
{
	(void)state;
	CLEANUP(config_freep)
	struct config *config = xcalloc(1, sizeof(*config));
	struct err err = { 0 };
	unsetenv("GIT_CONFIG_PARAMETERS");
	setenv("GIT_CONFIG_COUNT", "1", 1);
	unsetenv("GIT_CONFIG_KEY_0");
	assert_err(config_add_environment(config, &err), ERR_PARSE, &err);
	setenv("GIT_CONFIG_KEY_0", "hygiene.a", 1);
	assert_err(config_add_environment(config, &err), ERR_PARSE, &err);
	setenv("GIT_CONFIG_VALUE_0", "1", 1);
	assert_ok(config_add_environment(config, &err), &err);
	assert_non_null(config_find(config, "hygiene.a", false));
	setenv("GIT_CONFIG_COUNT", "99999999", 1);
	assert_err(config_add_environment(config, &err), ERR_PARSE, &err);
	setenv("GIT_CONFIG_COUNT", "1x", 1);
	assert_err(config_add_environment(config, &err), ERR_PARSE, &err);
}

static void protected_scopes_go_without_the_repository(void **state)
{
	(void)state;
	CLEANUP(config_freep)
	struct config *config = xcalloc(1, sizeof(*config));
	config_add(config, "hygiene.a", "user", CONFIG_GLOBAL, "file:u");
	config_add(config, "hygiene.a", "repo", CONFIG_LOCAL, "file:r");
	assert_string_equal(
		config_find(config, "hygiene.a", false)->value, "repo");
	assert_string_equal(
		config_find(config, "hygiene.a", true)->value, "user");
	assert_null(config_find(config, "hygiene.b", false));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 2];
	size_t count = 0;
	for (; count < ARRAY_SIZE(rows); count++)
		tests[count] = (struct CMUnitTest){
			.name = rows[count].name,
			.test_func = row_is_as_stated,
			.initial_state = (void *)(uintptr_t)&rows[count],
		};
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		a_count_needs_all_its_pairs);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		protected_scopes_go_without_the_repository);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
