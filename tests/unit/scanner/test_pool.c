#include "scanner/pool.h"

#include "base/alloc.h"
#include "tests/support/test.h"

#include <stdatomic.h>
#include <stdlib.h>

#define WORKERS 4

struct counted {
	atomic_uint ran;
	atomic_uint numbers; /* a bit each */
};

static int count_worker(unsigned worker, void *ctx, struct err *err)
{
	struct counted *counted = ctx;
	(void)err;
	atomic_fetch_add(&counted->ran, 1);
	atomic_fetch_or(&counted->numbers, 1U << worker);
	return 0;
}

static void each_worker_runs_once(void **state)
{
	(void)state;
	struct counted counted = { 0 };
	struct err err = { 0 };
	assert_ok(pool_run(WORKERS, count_worker, &counted, &err), &err);
	assert_int_equal(counted.ran, WORKERS);
	assert_int_equal(counted.numbers, (1 << WORKERS) - 1);
}

static int fail_some(unsigned worker, void *ctx, struct err *err)
{
	(void)ctx;
	if (worker == 0)
		return 0;
	return err_set(err, ERR_LIMIT, "worker %u", worker);
}

static void the_lowest_failure_is_told(void **state)
{
	(void)state;
	struct err err = { 0 };
	assert_err(pool_run(WORKERS, fail_some, NULL, &err), ERR_LIMIT, &err);
	assert_string_equal(err.msg, "worker 1");
}

/* A number of units; whoever holds more than one may give half away. */
struct split {
	struct handoff *handoff;
	atomic_uint done;
	unsigned total;
};

static void work_off(struct split *split, unsigned units)
{
	while (units) {
		unsigned half = units / 2;
		unsigned *gift = NULL;
		if (half && handoff_wanted(split->handoff)) {
			gift = xmalloc(sizeof(*gift));
			*gift = half;
		}
		if (gift && handoff_give(split->handoff, gift)) {
			units -= half;
			continue;
		}
		free(gift);
		atomic_fetch_add(&split->done, 1);
		units--;
	}
}

static int take_part(unsigned worker, void *ctx, struct err *err)
{
	struct split *split = ctx;
	(void)err;
	if (worker == 0)
		work_off(split, split->total);
	unsigned *gift;
	while ((gift = handoff_take(split->handoff))) {
		unsigned units = *gift;
		free(gift);
		work_off(split, units);
	}
	return 0;
}

static void handed_off_work_is_done_once_and_ends(void **state)
{
	(void)state;
	struct err err = { 0 };
	for (unsigned round = 0; round < 50; round++) {
		struct split split = {
			.handoff = handoff_new(WORKERS),
			.total = 5000,
		};
		assert_ok(pool_run(WORKERS, take_part, &split, &err), &err);
		assert_int_equal(split.done, split.total);
		assert_null(handoff_left(split.handoff));
		handoff_free(split.handoff);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_worker_runs_once),
		cmocka_unit_test(the_lowest_failure_is_told),
		cmocka_unit_test(handed_off_work_is_done_once_and_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
