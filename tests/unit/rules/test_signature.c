#include "rules/signature.h"

#include "base/cleanup.h"
#include "tests/support/test.h"

struct good {
	const char *text;
	size_t offset;
	size_t len;
	const char *low;
	const char *high;
	const char *again; /* as signature_text() writes it */
};

static const struct good goods[] = {
	{ "53 51 4C", 0, 3, "SQL", "SQL", "53 51 4c" },
	{ "30-39  61", 0, 2, "0a", "9a", "30-39 61" },
	{ "@257 75", 257, 1, "u", "u", "@257 75" },
	{ "61 ?\? 62", 0, 3, "a\0b",
		"a\xff"
		"b",
		"61 ?\? 62" },
	{ "61 @4 62", 0, 5, "a\0\0\0b",
		"a\xff\xff\xff"
		"b",
		"61 @4 62" },
	{ "@2 61 @6 62", 2, 5, "a\0\0\0b",
		"a\xff\xff\xff"
		"b",
		"@2 61 @6 62" },
	{ "61 00-ff", 0, 2, "a\0", "a\xff", "61 ?\?" },
};

static void a_signature_is_read_and_written(void **state)
{
	const struct good *row = *state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct rule_signature signature;
	struct err err = { 0 };
	assert_ok(signature_parse(&signature, &arena, row->text, &err), &err);
	assert_int_equal(signature.offset, row->offset);
	assert_int_equal(signature.len, row->len);
	assert_memory_equal(signature.low, row->low, row->len);
	assert_memory_equal(signature.high, row->high, row->len);
	assert_string_equal(signature_text(&arena, &signature), row->again);
}

struct bad {
	const char *text;
	const char *message;
};

#define PARTS "each part is '5a', '30-39', '?\?' or '@16'"

static const struct bad bads[] = {
	{ "", "matches any bytes" },
	{ "?\? 00-ff", "matches any bytes" },
	{ "5", PARTS },
	{ "5g", PARTS },
	{ "5a5b", PARTS },
	{ "30:39", PARTS },
	{ "30-3", PARTS },
	{ "39-30", "'39-30' is empty" },
	{ "@", "'@' wants a decimal offset" },
	{ "@1f", "'@' wants a decimal offset" },
	{ "@99999999999999999999", "offset over 1048576" },
	{ "61 62 @1 63", "'@1' goes back" },
	{ "61 @1000 63", "spans more than 512 bytes" },
};

static void a_bad_signature_is_refused(void **state)
{
	const struct bad *row = *state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct rule_signature signature;
	struct err err = { 0 };
	assert_err(signature_parse(&signature, &arena, row->text, &err),
		ERR_PARSE, &err);
	assert_string_equal(err.msg, row->message);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(goods) + ARRAY_SIZE(bads)];
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(goods); i++)
		tests[count++] = (struct CMUnitTest){
			.name = goods[i].text,
			.test_func = a_signature_is_read_and_written,
			.initial_state = (void *)(uintptr_t)&goods[i],
		};
	for (size_t i = 0; i < ARRAY_SIZE(bads); i++)
		tests[count++] = (struct CMUnitTest){
			.name = bads[i].text,
			.test_func = a_bad_signature_is_refused,
			.initial_state = (void *)(uintptr_t)&bads[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
