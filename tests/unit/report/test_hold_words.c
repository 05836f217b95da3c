#include "report/hold_words.h"
#include "scanner/holder_kind.h"
#include "tests/support/test.h"

#include <stdlib.h>

#define BIT(kind) (1U << (kind))

struct place_row {
	unsigned places;
	const char *words;
};

static const struct place_row place_rows[] = {
	{ PLACE_INDEX | PLACE_HISTORY, "" },
	{ PLACE_STASH, "only in a stash" },
	{ PLACE_HISTORY | PLACE_STASH, "in a stash" },
	{ PLACE_INDEX | PLACE_REFLOG, "in a commit of a reflog" },
	{ PLACE_STASH | PLACE_NOTE, "only in a stash, in a note" },
	{ PLACE_UNREACHABLE, "only in an object that nothing names" },
	{ PLACE_REPLACED, "in a commit that git log hides" },
	{ PLACE_INDEX | PLACE_CONFLICT | PLACE_WORKTREE,
		"in a conflict, in the worktree" },
};

static void places_are_words(void **state)
{
	const struct place_row *row = *state;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add(&text, "", 0);
	add_other_places(&text, row->places);
	assert_string_equal(text.bytes, row->words);
}

struct holder_row {
	const char *words;
	struct group group;
};

static const char *names[] = { "a", "b", "c" };

static const struct holder_row holder_rows[] = {
	{ "", { .places = PLACE_UNREACHABLE } },
	{ "held by a", { .refs = names, .refs_listed = 1, .refs_count = 1 } },
	{ "held by a, b and 7 more refs, at the tip of a branch",
		{ .refs = names,
			.refs_listed = 3,
			.refs_count = 9,
			.tip_of = BIT(HOLDER_BRANCH) } },
	{ "held by a, at the tip of HEAD, a tag and a stash",
		{ .refs = names,
			.refs_listed = 1,
			.refs_count = 1,
			.tip_of = BIT(HOLDER_HEAD) | BIT(HOLDER_TAG) |
				BIT(HOLDER_STASH) | BIT(HOLDER_INDEX) } },
	{ "held by the reflog, a",
		{ .logs = names, .logs_listed = 1, .logs_count = 1 } },
	{ "held by b",
		{ .refs = names + 1,
			.refs_listed = 1,
			.refs_count = 1,
			.logs = names,
			.logs_listed = 1,
			.logs_count = 1 } },
};

static void add_plain(struct buf *out, const char *ref, const void *ctx)
{
	(void)ctx;
	buf_add_text(out, ref);
}

static void holders_are_words(void **state)
{
	const struct holder_row *row = *state;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	buf_add(&text, "", 0);
	add_holders(&text, &row->group, 2, add_plain, NULL);
	assert_string_equal(text.bytes, row->words);
}

int main(void)
{
	struct CMUnitTest
		tests[ARRAY_SIZE(place_rows) + ARRAY_SIZE(holder_rows)];
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(place_rows); i++)
		tests[count++] = (struct CMUnitTest){
			.name = place_rows[i].words,
			.test_func = places_are_words,
			.initial_state = (void *)(uintptr_t)&place_rows[i],
		};
	for (size_t i = 0; i < ARRAY_SIZE(holder_rows); i++)
		tests[count++] = (struct CMUnitTest){
			.name = holder_rows[i].words,
			.test_func = holders_are_words,
			.initial_state = (void *)(uintptr_t)&holder_rows[i],
		};
	return cmocka_run_group_tests_name("holders", tests, NULL, NULL);
}
