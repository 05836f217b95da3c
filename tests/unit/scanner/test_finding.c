#include "scanner/finding.h"
#include "tests/support/test.h"

#include <string.h>

static const struct rule rule_a = { .id = "a" };
static const struct rule rule_b = { .id = "b" };

static void add(struct scan_result *result, const struct rule *rule,
	const char *path, const char *secret)
{
	struct finding *finding = scan_result_add_finding(result);
	finding->rule = rule;
	finding->path = arena_strdup(&result->arena, path);
	memcpy(finding->secret_id, secret, strlen(secret));
}

static void findings_are_sorted_by_rule_path_and_secret(void **state)
{
	(void)state;
	struct scan_result result = { 0 };
	add(&result, &rule_b, "a", "1");
	add(&result, &rule_a, "b", "1");
	add(&result, &rule_a, "a\xFF", "1");
	add(&result, &rule_a, "a", "2");
	add(&result, &rule_a, "a", "1");
	scan_result_sort(&result);
	static const char *const expected[] = { "a a 1", "a a 2", "a a\xFF 1",
		"a b 1", "b a 1" };
	assert_int_equal(result.finding_count, ARRAY_SIZE(expected));
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		const struct finding *finding = &result.findings[i];
		char text[64];
		snprintf(text, sizeof(text), "%s %s %s", finding->rule->id,
			finding->path, finding->secret_id);
		assert_string_equal(text, expected[i]);
	}
	scan_result_clear(&result);
	assert_int_equal(result.finding_count, 0);
}

static void equal_skipped_entries_are_told_once(void **state)
{
	(void)state;
	struct scan_result result = { 0 };
	scan_result_add_skipped(&result, SKIP_SUBMODULE)->path = "b";
	scan_result_add_skipped(&result, SKIP_LFS_POINTER)->path = "z";
	scan_result_add_skipped(&result, SKIP_SUBMODULE)->path = "a";
	scan_result_add_skipped(&result, SKIP_SUBMODULE)->path = "b";
	scan_result_add_skipped(&result, SKIP_SUBMODULE);
	scan_result_sort(&result);
	assert_int_equal(result.skipped_count, 4);
	assert_int_equal(result.skipped[0].reason, SKIP_LFS_POINTER);
	assert_null(result.skipped[1].path);
	assert_string_equal(result.skipped[2].path, "a");
	assert_string_equal(result.skipped[3].path, "b");
	scan_result_clear(&result);
}

static void only_what_belongs_to_the_repository_makes_it_incomplete(
	void **state)
{
	(void)state;
	for (int reason = SKIP_TOO_LARGE; reason <= SKIP_UNSUPPORTED;
		reason++) {
		struct scan_result result = { 0 };
		scan_result_sort(&result);
		assert_true(result.complete);
		scan_result_add_skipped(&result, reason);
		scan_result_sort(&result);
		assert_int_equal(result.complete,
			reason == SKIP_LFS_POINTER || reason == SKIP_SUBMODULE);
		scan_result_clear(&result);
	}
}

static void every_place_and_reason_has_a_name_of_its_own(void **state)
{
	(void)state;
	for (unsigned i = 0; i < PLACE_COUNT; i++)
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(
				place_name(1U << i), place_name(1U << j));
	assert_string_equal(place_name(PLACE_UNREACHABLE), "unreachable");
	assert_string_equal(skip_reason_name(SKIP_TOO_LARGE), "too-large");
	assert_string_equal(skip_reason_name(SKIP_UNSUPPORTED), "unsupported");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(findings_are_sorted_by_rule_path_and_secret),
		cmocka_unit_test(equal_skipped_entries_are_told_once),
		cmocka_unit_test(
			only_what_belongs_to_the_repository_makes_it_incomplete),
		cmocka_unit_test(every_place_and_reason_has_a_name_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
