#include "scanner/store.h"
#include "tests/support/test.h"

struct row {
	const char *store;
	const char *path;
	const char *expected; /* NULL: none */
};

static const struct row rows[] = {
	{ "directory", "a/b/c", "a/b" },
	{ "directory", "c", NULL },
	{ "file", "a/db.sqlite3", "a/db.sqlite3" },
	{ "none", "a/b", NULL },
	{ NULL, "a/b", NULL },
	{ ".wwebjs_auth", "x/.wwebjs_auth/s/Default/Cookies",
		"x/.wwebjs_auth" },
	{ "auth_info*", "auth_info_baileys/creds.json", "auth_info_baileys" },
	{ "auth_info*", "other/creds.json", NULL },
	{ "file", "", NULL },
};

static void a_store_is_found_by_the_word_of_its_rule(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const char *store =
			store_of(&arena, rows[i].store, rows[i].path);
		if (rows[i].expected)
			assert_string_equal(store, rows[i].expected);
		else
			assert_null(store);
	}
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_store_is_found_by_the_word_of_its_rule),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
