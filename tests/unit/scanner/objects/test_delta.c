#include "base/alloc.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "scanner/objects/delta.h"
#include "tests/support/random.h"
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

static void put(struct buf *buf, const void *bytes, size_t len)
{
	assert_int_equal(buf_add(buf, bytes, len), 0);
}

static void put_byte(struct buf *buf, size_t byte)
{
	assert_int_equal(buf_add_byte(buf, (unsigned char)byte), 0);
}

/* A copy, with all bytes of offset and size, or those that are not zero. */
static void put_copy(struct buf *delta, size_t offset, size_t len, bool all)
{
	/* 0 means 0x10000 */
	size_t size = len == 0x10000 && !all ? 0 : len;
	const uint64_t value = (uint64_t)size << 32 | offset;
	size_t op = 0x80;
	unsigned char bytes[7];
	size_t count = 0;
	for (unsigned bit = 0; bit < 7; bit++) {
		unsigned char byte = (unsigned char)(value >> 8 * bit);
		if (!byte && !all)
			continue;
		op |= (size_t)1 << bit;
		bytes[count++] = byte;
	}
	put_byte(delta, op);
	put(delta, bytes, count);
}

static void put_size(struct buf *delta, size_t size)
{
	for (; size > 0x7f; size >>= 7)
		put_byte(delta, (size & 0x7f) | 0x80);
	put_byte(delta, size);
}

/* Adds an instruction to the delta, and to the result what it means. */
static void put_instruction(struct buf *delta, struct buf *result,
	struct random *random, const char *base, size_t base_len)
{
	size_t most = random_below(random, 8) ? 80 : base_len;
	size_t len = 1 + random_below(random, most);
	if (len > 0x10000 && random_below(random, 2))
		len = 0x10000;
	if (random_below(random, 2)) {
		size_t last = base_len - (len < 0x10000 ? 1 : len);
		size_t at = random_below(random, last + 1);
		if (len > base_len - at)
			len = base_len - at; /* many end with the base */
		put_copy(delta, at, len, random_below(random, 4) == 0);
		put(result, base + at, len);
		return;
	}
	char text[128];
	if (len > 127)
		len = 127;
	random_text(random, text, len, "abcdefghijklmnopqrstuvwxyz");
	put_byte(delta, len);
	put(delta, text, len);
	put(result, text, len);
}

/* A copy in memory of just its length: a sanitizer sees what is read or written
 * behind it. Caller frees. */
static unsigned char *exact(const void *bytes, size_t len)
{
	unsigned char *out = xmalloc(len);
	memcpy(out, bytes, len);
	return out;
}

static void check_result(const char *base, size_t base_len,
	const struct buf *instructions, const struct buf *result)
{
	CLEANUP(buf_clear) struct buf bytes = { 0 };
	put_size(&bytes, base_len);
	put_size(&bytes, result->len);
	put(&bytes, instructions->bytes, instructions->len);
	CLEANUP(freep) unsigned char *from = exact(base, base_len);
	CLEANUP(freep) unsigned char *in = exact(bytes.bytes, bytes.len);
	CLEANUP(freep) unsigned char *out = xmalloc(result->len);
	struct delta delta;
	struct delta_copies copies = { 0 };
	assert_true(delta_parse(&delta, in, bytes.len));
	assert_int_equal(delta.base_size, base_len);
	assert_int_equal(delta.result_size, result->len);
	assert_true(delta_apply(out, &delta, from, &copies));
	free(copies.items);
	assert_memory_equal(out, result->bytes, result->len);
}

static void results_are_what_the_instructions_say(void **state)
{
	(void)state;
	struct random random = { 20261129 };
	static const size_t lens[] = { 1, 63, 64, 65, 300, 70000 };
	for (size_t round = 0; round < 3000; round++) {
		size_t base_len = lens[round % ARRAY_SIZE(lens)];
		CLEANUP(freep) char *base = xmalloc(base_len + 1);
		random_text(&random, base, base_len, "ABCDEFGHIJKLMNOPQRS");
		CLEANUP(buf_clear) struct buf instructions = { 0 };
		CLEANUP(buf_clear) struct buf result = { 0 };
		for (size_t i = random_below(&random, 12) + 1; i > 0; i--)
			put_instruction(&instructions, &result, &random, base,
				base_len);
		check_result(base, base_len, &instructions, &result);
	}
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(rows[0]) + 4] = {
		cmocka_unit_test(what_was_copied_is_told),
		cmocka_unit_test(copies_that_go_on_are_one),
		cmocka_unit_test(copies_that_leap_are_two),
		cmocka_unit_test(results_are_what_the_instructions_say),
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		tests[i + 4] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = check_row,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
