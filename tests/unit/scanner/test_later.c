/* What is told later: to who asks, and to who waits. */
#include "scanner/later.h"

#include "scanner/pool.h"
#include "tests/support/test.h"

struct waiting {
	struct later later;
	const void *heard;
};

static int wait_for_it(unsigned number, void *ctx, struct err *err)
{
	(void)number;
	(void)err;
	struct waiting *waiting = ctx;
	waiting->heard = later_wait(&waiting->later);
	return 0;
}

static void expect_heard(const void *answer)
{
	struct err err;
	struct pool_task *task;
	struct waiting waiting = { .heard = &err };
	later_init(&waiting.later);
	assert_ok(pool_task_start(&task, wait_for_it, &waiting, &err), &err);
	assert_null(later_get(&waiting.later));
	later_tell(&waiting.later, answer);
	assert_ptr_equal(later_get(&waiting.later), answer);
	assert_ok(pool_task_join(task, &err), &err);
	assert_ptr_equal(waiting.heard, answer);
	/* who comes too late need not wait */
	assert_ptr_equal(later_wait(&waiting.later), answer);
	later_clear(&waiting.later);
}

static void an_answer_is_heard(void **state)
{
	(void)state;
	static const int answer = 1;
	expect_heard(&answer);
}

static void that_there_is_none_is_heard(void **state)
{
	(void)state;
	expect_heard(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_heard),
		cmocka_unit_test(that_there_is_none_is_heard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
