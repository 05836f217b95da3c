#include "scanner/holder.h"
#include "tests/support/test.h"

struct row {
	const char *ref;
	int kind;
};

static const struct row rows[] = {
	{ "HEAD", HOLDER_HEAD },
	{ "refs/heads/main", HOLDER_BRANCH },
	{ "refs/heads/pull/1", HOLDER_BRANCH },
	{ "refs/remotes/origin/main", HOLDER_REMOTE_BRANCH },
	{ "refs/tags/v1", HOLDER_TAG },
	{ "refs/notes/commits", HOLDER_NOTE },
	{ "refs/stash", HOLDER_STASH },
	{ "refs/stashed", HOLDER_REF },
	{ "refs/stash/x", HOLDER_REF },
	{ "refs/pull/1/head", HOLDER_PULL },
	{ "refs/merge-requests/1/head", HOLDER_PULL },
	{ "refs/pull-requests/1/from", HOLDER_PULL },
	{ "refs/changes/01/1/1", HOLDER_PULL },
	{ "refs/replace/x", HOLDER_REPLACE },
	{ "refs/original/refs/heads/main", HOLDER_ORIGINAL },
	{ "worktrees/w/HEAD", HOLDER_WORKTREE },
	{ "refs/headsman", HOLDER_REF },
};

static void a_ref_has_the_kind_of_its_folder(void **state)
{
	const struct row *row = *state;
	assert_int_equal(holder_kind_of(row->ref), row->kind);
}

static void keys_tell_holders_apart(void **state)
{
	(void)state;
	struct holders holders = { 0 };
	holders_add(&holders, HOLDER_REFLOG, "HEAD", NULL);
	holders_add(&holders, HOLDER_REFLOG, "HEAD", "/w");
	holders_add(&holders, HOLDER_INDEX, "", "/w");
	for (size_t i = 0; i < holders.count; i++)
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(
				holders.items[i].key, holders.items[k].key);
	holders_clear(&holders);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].ref,
			.test_func = a_ref_has_the_kind_of_its_folder,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	tests[ARRAY_SIZE(rows)] =
		(struct CMUnitTest)cmocka_unit_test(keys_tell_holders_apart);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
