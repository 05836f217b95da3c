#include "remedy/ignore_cover.h"
#include "tests/support/test.h"

#include <string.h>

#define MAX 8

/* Pairs of path and pattern; what must stay; entries of an earlier run; and the
 * entries that come out. All end with NULL. */
static const struct row {
	const char *name;
	struct cover_target targets[MAX];
	const char *avoid[MAX], *kept[MAX], *entries[MAX];
} rows[] = {
	{ "one store is anchored",
		.targets = { { "a/s/1", "/a/s/" }, { "a/s/2", "/a/s/" } },
		.entries = { "/a/s/" } },
	{ "two stores of a name are one entry",
		.targets = { { "a/s/1", "/a/s/" }, { "s/1", "/s/" } },
		.entries = { "s/" } },
	{ "a package of that name keeps them apart",
		.targets = { { "a/s/1", "/a/s/" }, { "s/1", "/s/" } },
		.avoid = { "src/s/__init__.py" },
		.entries = { "/a/s/", "/s/" } },
	{ "what stays in a store is negated", .targets = { { "s/1", "/s/" } },
		.avoid = { "s/.keep", "s/doc/x" },
		.entries = { "/s/*\n!/s/.keep\n!/s/doc" } },
	{ "names that only begin like the store do not count",
		.targets = { { "s/1", "/s/" } },
		.avoid = { "s", "s-t/x", "s.py", "s0" }, .entries = { "/s/" } },
	{ "what stands behind such names does", .targets = { { "s/1", "/s/" } },
		.avoid = { "s-t/x", "s/2" }, .entries = { "/s/*\n!/s/2" } },
	{ "a target beside what stays is named",
		.targets = { { "s/1", "/s/" }, { "s/doc/2", "/s/" } },
		.avoid = { "s/doc/x" }, .entries = { "/s/1", "/s/doc/2" } },
	{ "a wide pattern of a rule covers the others",
		.targets = { { "x.rdb", "*.rdb" }, { "s/y.rdb", "/s/y.rdb" } },
		.entries = { "*.rdb" } },
	{ "a wide pattern that takes too much is not used",
		.targets = { { "x.rdb", "*.rdb" } }, .avoid = { "test/a.rdb" },
		.entries = { "/x.rdb" } },
	{ "what a pattern of a rule does not cover is named beside it",
		.targets = { { "a/.env", ".env" },
			{ "a/.env.production", ".env" }, { "b/.env", ".env" },
			{ "c/.env", ".env" } },
		.avoid = { "c/.env.example" },
		.entries = { ".env", "/a/.env.production" } },
	{ "a pattern that takes too much keeps none together",
		.targets = { { "a/.env", ".env" }, { "b/.env", ".env" },
			{ "b/.envrc", ".env" } },
		.avoid = { "c/.env" },
		.entries = { "/a/.env", "/b/.env", "/b/.envrc" } },
	{ "an earlier entry stays", .kept = { "/old/" },
		.entries = { "/old/" } },
	{ "an earlier entry gives way to a larger one",
		.targets = { { "b/s/1", "/b/s/" } }, .kept = { "/a/s/" },
		.entries = { "s/" } },
	{ "an earlier entry with wildcards is enough",
		.targets = { { "b/s/1", "/b/s/" } }, .kept = { "s/" },
		.entries = { "s/" } },
	{ "special names are escaped",
		.targets = { { "#s/1", "/#s/" }, { "a/#s/1", "/a/#s/" } },
		.entries = { "\\#s/" } },
};

static size_t count_of(const char *const *texts)
{
	size_t count = 0;
	while (count < MAX && texts[count])
		count++;
	return count;
}

static void row_is_covered(void **state)
{
	const struct row *row = *state;
	struct err err = { 0 };
	CLEANUP(cover_clear) struct cover cover = { 0 };
	struct cover_input input = {
		.targets = row->targets,
		.avoid = row->avoid,
		.avoid_count = count_of(row->avoid),
		.kept = row->kept,
		.kept_count = count_of(row->kept),
	};
	while (input.target_count < MAX &&
		row->targets[input.target_count].path)
		input.target_count++;
	assert_ok(cover_find(&cover, &input, &err), &err);
	assert_int_equal(cover.missed_count, 0);
	for (size_t i = 0; i < cover.count; i++)
		assert_string_equal(cover.entries[i].text, row->entries[i]);
	assert_int_equal(cover.count, count_of(row->entries));
}

static void a_path_that_no_pattern_can_tell_apart_is_missed(void **state)
{
	(void)state;
	struct err err = { 0 };
	CLEANUP(cover_clear) struct cover cover = { 0 };
	const struct cover_target target = { "a\x01", "/a?" };
	const char *const avoid[] = { "ab" };
	const struct cover_input input = {
		.targets = &target,
		.target_count = 1,
		.avoid = avoid,
		.avoid_count = 1,
	};
	assert_ok(cover_find(&cover, &input, &err), &err);
	assert_int_equal(cover.missed_count, 1);
	assert_int_equal(cover.count, 0);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];
	struct row copies[ARRAY_SIZE(rows)];
	memcpy(copies, rows, sizeof(rows));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){ copies[i].name, row_is_covered,
			NULL, NULL, &copies[i] };
	tests[ARRAY_SIZE(rows)] = (struct CMUnitTest)cmocka_unit_test(
		a_path_that_no_pattern_can_tell_apart_is_missed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
