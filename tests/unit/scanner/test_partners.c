#include "scanner/partners.h"
#include "tests/support/test.h"

static void a_pair_is_new_once(void **state)
{
	(void)state;
	struct partners partners = { 0 };
	for (uint32_t round = 0; round < 2; round++)
		for (uint32_t i = 0; i < 6000; i++)
			assert_int_equal(
				partners_add(&partners, i % 2000, i / 2000),
				round == 0);
	partners_clear(&partners);
}

static void only_what_was_added_is_there(void **state)
{
	(void)state;
	struct partners partners = { 0 };
	struct pair_map map = { 0 };
	uint32_t random = 1;
	for (uint32_t i = 0; i < 20000; i++) {
		random = random * 1664525 + 1013904223;
		uint32_t number = random >> 8 & 511;
		uint32_t partner = random >> 20 & 31;
		bool is_new;
		pair_map_add(&map, number, partner, &is_new);
		assert_int_equal(
			partners_has(&partners, number, partner), !is_new);
		assert_int_equal(
			partners_add(&partners, number, partner), is_new);
		assert_true(partners_has_any(&partners, number));
	}
	assert_false(partners_has_any(&partners, 512));
	assert_false(partners_has(&partners, 100000, 0));
	pair_map_clear(&map);
	partners_clear(&partners);
}

static void room_that_is_made_is_empty(void **state)
{
	(void)state;
	struct partners partners = { 0 };
	partners_add(&partners, 7, 3);
	partners_reserve(&partners, 5000);
	assert_true(partners_has(&partners, 7, 3));
	assert_false(partners_has_any(&partners, 4999));
	partners_clear(&partners);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_pair_is_new_once),
		cmocka_unit_test(only_what_was_added_is_there),
		cmocka_unit_test(room_that_is_made_is_empty),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
