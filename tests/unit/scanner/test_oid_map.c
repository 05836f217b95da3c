#include "scanner/oid_map.h"
#include "tests/support/test.h"

/* Ids whose first bytes, which serve as hash, are all the same. */
static struct oid colliding(unsigned number)
{
	struct oid oid = { { 0 } };
	oid.bytes[OID_SIZE - 1] = (unsigned char)number;
	oid.bytes[OID_SIZE - 2] = (unsigned char)(number >> 8);
	return oid;
}

static void numbers_are_given_in_order_and_kept(void **state)
{
	(void)state;
	struct oid_map map = { 0 };
	for (unsigned round = 0; round < 2; round++)
		for (unsigned i = 0; i < 1000; i++) {
			struct oid oid = colliding(i);
			bool is_new;
			assert_int_equal(oid_map_add(&map, &oid, &is_new), i);
			assert_int_equal(is_new, round == 0);
		}
	assert_int_equal(map.count, 1000);
	for (unsigned i = 0; i < 1000; i++) {
		struct oid oid = colliding(i);
		assert_int_equal(oid_map_find(&map, &oid), i);
		assert_true(oid_equal(&map.oids[i], &oid));
	}
	oid_map_clear(&map);
}

static void an_unknown_id_has_no_number(void **state)
{
	(void)state;
	struct oid_map map = { 0 };
	struct oid known = colliding(1);
	struct oid unknown = colliding(2);
	assert_int_equal(oid_map_find(&map, &known), OID_MAP_NONE);
	oid_map_add(&map, &known, NULL);
	assert_int_equal(oid_map_find(&map, &unknown), OID_MAP_NONE);
	oid_map_clear(&map);
}

static void what_was_appended_is_found_once_it_is_indexed(void **state)
{
	(void)state;
	struct oid_map map = { 0 };
	oid_map_index(&map);
	for (unsigned i = 0; i < 3000; i++) {
		struct oid oid = colliding(i);
		if (i % 1000 < 10)
			assert_int_equal(oid_map_add(&map, &oid, NULL), i);
		else
			oid_map_append(&map, &oid);
		if (i % 1000 < 10 || i % 1000 == 999)
			oid_map_index(&map);
	}
	assert_int_equal(map.count, 3000);
	for (unsigned i = 0; i < 3000; i++) {
		struct oid oid = colliding(i);
		bool is_new;
		assert_int_equal(oid_map_find(&map, &oid), i);
		assert_int_equal(oid_map_add(&map, &oid, &is_new), i);
		assert_false(is_new);
	}
	struct oid unknown = colliding(3000);
	assert_int_equal(oid_map_find(&map, &unknown), OID_MAP_NONE);
	oid_map_clear(&map);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_given_in_order_and_kept),
		cmocka_unit_test(an_unknown_id_has_no_number),
		cmocka_unit_test(what_was_appended_is_found_once_it_is_indexed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
