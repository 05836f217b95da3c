/* Every example of the built-in rules, through the matcher: as it is, and
 * with its secret broken. */
#include "base/cleanup.h"
#include "rules/rule_check.h"
#include "rules/rule_review.h"
#include "tests/support/test.h"

static void print_failure(const struct rule *rule,
	const struct rule_example *example, const char *why, void *ctx)
{
	size_t *failed_count = ctx;
	++*failed_count;
	print_error(
		"%s:%d: %s: %s\n", example->file, example->line, rule->id, why);
}

static void every_example_does_what_it_says(void **state)
{
	(void)state;
	const struct ruleset_opts opts = { 0 };
	CLEANUP(ruleset_freep) struct ruleset *ruleset = NULL;
	struct err err = { 0 };
	assert_ok(ruleset_new(&ruleset, &opts, &err), &err);
	size_t checked_count = 0;
	size_t failed_count = 0;
	assert_ok(rule_check(&checked_count, ruleset, print_failure,
			  &failed_count, &err),
		&err);
	assert_int_equal(failed_count, 0);
	/* Each rule has one of either sort at least. */
	assert_true(checked_count >= 2 * ruleset_count(ruleset));
}

static void print_advice(const struct rule *rule, const char *file, int line,
	const char *advice, void *ctx)
{
	size_t *advice_count = ctx;
	++*advice_count;
	print_error("%s:%d: %s: %s\n", file, line, rule->id, advice);
}

static void nothing_is_advised(void **state)
{
	(void)state;
	const struct ruleset_opts opts = { 0 };
	CLEANUP(ruleset_freep) struct ruleset *ruleset = NULL;
	struct err err = { 0 };
	size_t advice_count = 0;
	assert_ok(ruleset_new(&ruleset, &opts, &err), &err);
	assert_ok(
		rule_review(ruleset, print_advice, &advice_count, &err), &err);
	assert_int_equal(advice_count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_example_does_what_it_says),
		cmocka_unit_test(nothing_is_advised),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
