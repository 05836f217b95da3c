#include "scanner/objects/delta.h"
#include "tests/support/test.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct row {
	const char *name;
	const char *delta;
	size_t len;
	const char *result; /* NULL: refused */
};

#define BYTES(text) text, sizeof(text) - 1

/* the base is "0123456789" */
static const struct row rows[] = {
	{ "insert",
		BYTES("\x0a\x03\x03"
		      "abc"),
		"abc" },
	{ "copy_with_offset_and_size", BYTES("\x0a\x03\x91\x02\x03"), "234" },
	{ "copy_and_insert",
		BYTES("\x0a\x04\x90\x02\x02"
		      "ab"),
		"01ab" },
	{ "nothing_at_all", BYTES("\x0a\x00"), "" },
	{ "sizes_are_missing", BYTES(""), NULL },
	{ "no_bytes_at_all", NULL, 0, NULL },
	{ "second_size_is_missing", BYTES("\x0a"), NULL },
	{ "size_never_ends",
		BYTES("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x01"),
		NULL },
	{ "instruction_zero_is_reserved", BYTES("\x0a\x01\x00"), NULL },
	{ "insert_past_the_end",
		BYTES("\x0a\x03\x03"
		      "ab"),
		NULL },
	{ "copy_arguments_are_cut", BYTES("\x0a\x03\x91\x02"), NULL },
	{ "copy_past_the_base", BYTES("\x0a\x03\x91\x08\x03"), NULL },
	{ "copy_from_far_away", BYTES("\x0a\x01\x9f\xff\xff\xff\xff\x01"),
		NULL },
	{ "size_zero_copies_64_KiB", BYTES("\x0a\x0a\x80"), NULL },
	{ "result_is_longer_than_said", BYTES("\x0a\x02\x90\x03"), NULL },
	{ "result_is_shorter_than_said", BYTES("\x0a\x04\x90\x03"), NULL },
};

static void check_row(void **state)
{
	const struct row *row = *state;
	static const unsigned char base[] = "0123456789";
	unsigned char out[16];
	struct delta delta;
	struct delta_copies copies = { 0 };
	bool built = delta_parse(&delta, (const unsigned char *)row->delta,
			     row->len) &&
		delta.base_size == 10 && delta.result_size <= sizeof(out) &&
		delta_apply(out, &delta, base, &copies);
	free(copies.items);
	assert_int_equal(built, row->result != NULL);
	if (!built)
		return;
	assert_int_equal(delta.result_size, strlen(row->result));
	assert_memory_equal(out, row->result, delta.result_size);
}

static void assert_copies(const char *text, size_t len, const char *base,
	const struct object_copy *expected, size_t count)
{
	unsigned char out[16];
	struct delta delta;
	struct delta_copies copies = { 0 };
	assert_true(delta_parse(&delta, (const unsigned char *)text, len));
	assert_true(
		delta_apply(out, &delta, (const unsigned char *)base, &copies));
	assert_int_equal(copies.count, count);
	assert_memory_equal(copies.items, expected, count * sizeof(*expected));
	free(copies.items);
}

static void what_was_copied_is_told(void **state)
{
	(void)state;
	static const struct object_copy one[] = { { 1, 0, 2 } };
	assert_copies(BYTES("\x0a\x03\x01x\x90\x02"), "0123456789", one, 1);
}

static void copies_that_go_on_are_one(void **state)
{
	(void)state;
	static const struct object_copy one[] = { { 0, 2, 4 } };
	assert_copies(BYTES("\x0a\x04\x91\x02\x02\x91\x04\x02"), "0123456789",
		one, 1);
}

static void copies_that_leap_are_two(void **state)
{
	(void)state;
	static const struct object_copy two[] = { { 0, 4, 2 }, { 2, 2, 2 } };
	assert_copies(BYTES("\x0a\x04\x91\x04\x02\x91\x02\x02"), "0123456789",
		two, 2);
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(rows[0]) + 3] = {
		cmocka_unit_test(what_was_copied_is_told),
		cmocka_unit_test(copies_that_go_on_are_one),
		cmocka_unit_test(copies_that_leap_are_two),
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[i + 3] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = check_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
