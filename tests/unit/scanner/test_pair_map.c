#include "scanner/pair_map.h"
#include "tests/support/test.h"

static void numbers_are_given_in_order_and_kept(void **state)
{
	(void)state;
	struct pair_map map = { 0 };
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 5000; i++) {
			bool is_new;
			uint32_t number =
				pair_map_add(&map, i % 70, i / 70, &is_new);
			assert_int_equal(number, i);
			assert_int_equal(is_new, round == 0);
		}
	for (uint32_t i = 0; i < 5000; i++)
		assert_int_equal(pair_map_find(&map, i % 70, i / 70), i);
	pair_map_clear(&map);
}

static void left_and_right_are_told_apart(void **state)
{
	(void)state;
	struct pair_map map = { 0 };
	bool is_new;
	assert_int_equal(pair_map_find(&map, 0, 0), PAIR_NONE);
	pair_map_add(&map, 1, 2, &is_new);
	pair_map_add(&map, 0, 0, &is_new);
	pair_map_add(&map, 0, UINT32_MAX, &is_new);
	assert_int_equal(pair_map_find(&map, 2, 1), PAIR_NONE);
	assert_int_equal(pair_map_find(&map, 1, 0), PAIR_NONE);
	assert_int_equal(pair_map_find(&map, 0, 0), 1);
	assert_int_equal(pair_map_find(&map, 0, UINT32_MAX), 2);
	pair_map_clear(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_given_in_order_and_kept),
		cmocka_unit_test(left_and_right_are_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
