#include "scanner/objects/delta.h"
#include "tests/support/test.h"

#include <stdbool.h>
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
	bool built = delta_parse(&delta, (const unsigned char *)row->delta,
			     row->len) &&
		delta.base_size == 10 && delta.result_size <= sizeof(out) &&
		delta_apply(out, &delta, base);
	assert_int_equal(built, row->result != NULL);
	if (!built)
		return;
	assert_int_equal(delta.result_size, strlen(row->result));
	assert_memory_equal(out, row->result, delta.result_size);
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(rows[0])];
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = check_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
