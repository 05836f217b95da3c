#include "base/alloc.h"
#include "scanner/commit_order.h"
#include "scanner/history.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

#include <stdlib.h>

/** A commit whose id is its name, so that it can be told after sorting. */
static void add(struct history *history, unsigned name, int64_t time)
{
	history->commits = xreallocarray(history->commits, history->count + 1,
		sizeof(*history->commits));
	struct history_commit *commit = &history->commits[history->count++];
	*commit = (struct history_commit){
		.time = time,
		.first_parent = history->parents_count,
	};
	commit->oid.bytes[0] = (unsigned char)name;
}

static void add_parent(struct history *history, uint32_t parent)
{
	history->parents = xreallocarray(history->parents,
		history->parents_count + 1, sizeof(*history->parents));
	history->parents[history->parents_count++] = parent;
	history->commits[history->count - 1].parent_count++;
}

static void a_child_with_an_older_date_waits_for_its_parent(void **state)
{
	(void)state;
	struct history history = { 0 };
	add(&history, 'c', 1);
	add_parent(&history, 1);
	add(&history, 'p', 9);
	add(&history, 'x', 5);
	commit_order_apply(&history);
	assert_int_equal(history.commits[0].oid.bytes[0], 'x');
	assert_int_equal(history.commits[1].oid.bytes[0], 'p');
	assert_int_equal(history.commits[2].oid.bytes[0], 'c');
	assert_int_equal(history.parents[history.commits[2].first_parent], 1);
	history_clear(&history);
}

static void equal_dates_go_by_id(void **state)
{
	(void)state;
	struct history history = { 0 };
	add(&history, 'b', 1);
	add(&history, 'c', 1);
	add(&history, 'a', 1);
	commit_order_apply(&history);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(
			history.commits[i].oid.bytes[0], (int)('a' + i));
	history_clear(&history);
}

/* Only damage makes a cycle: nothing may hang, no commit may get lost. */
static void a_cycle_ends_and_loses_nothing(void **state)
{
	(void)state;
	struct history history = { 0 };
	add(&history, 'a', 1);
	add_parent(&history, 1);
	add(&history, 'b', 2);
	add_parent(&history, 0);
	add(&history, 'c', 3);
	commit_order_apply(&history);
	assert_int_equal(history.count, 3);
	assert_int_equal(history.commits[0].oid.bytes[0], 'c');
	history_clear(&history);
}

static void parents_come_first_in_random_histories(void **state)
{
	(void)state;
	struct random random = { .state = 7 };
	for (unsigned round = 0; round < 50; round++) {
		struct history history = { 0 };
		for (unsigned i = 0; i < 200; i++) {
			add(&history, i, (int64_t)random_below(&random, 50));
			for (unsigned p = 0; i && p < 3; p++)
				if (random_below(&random, 2))
					add_parent(&history,
						(uint32_t)random_below(
							&random, i));
		}
		commit_order_apply(&history);
		assert_int_equal(history.count, 200);
		for (uint32_t i = 0; i < history.count; i++) {
			const struct history_commit *commit =
				&history.commits[i];
			for (uint32_t p = 0; p < commit->parent_count; p++)
				assert_true(
					history.parents[commit->first_parent +
						p] < i);
		}
		history_clear(&history);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_child_with_an_older_date_waits_for_its_parent),
		cmocka_unit_test(equal_dates_go_by_id),
		cmocka_unit_test(a_cycle_ends_and_loses_nothing),
		cmocka_unit_test(parents_come_first_in_random_histories),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
