#include "scanner/region.h"
#include "tests/support/test.h"

#include <string.h>

struct row {
	const char *text;
	size_t start, end;
	struct region region;
};

/* One region, without a cursor to keep. */
static struct region region_of(
	const unsigned char *bytes, size_t len, size_t start, size_t end)
{
	struct line_cursor cursor;
	line_cursor_init(&cursor, bytes, len);
	return line_cursor_region(&cursor, start, end);
}

/* start and end line and column, start and end byte */
static const struct row rows[] = {
	{ "abc", 0, 3, { 1, 1, 1, 3, 0, 3 } },
	{ "abc", 1, 2, { 1, 2, 1, 2, 1, 2 } },
	{ "abc", 3, 3, { 1, 4, 1, 4, 3, 3 } },
	{ "a\nbc", 2, 4, { 2, 1, 2, 2, 2, 4 } },
	{ "a\nbc", 0, 4, { 1, 1, 2, 2, 0, 4 } },
	{ "a\nbc", 0, 2, { 1, 1, 1, 2, 0, 2 } },
	{ "a\nbc", 1, 2, { 1, 2, 1, 2, 1, 2 } },
	{ "a\r\nb", 1, 4, { 1, 2, 2, 1, 1, 4 } },
	{ "a\rb", 2, 3, { 1, 3, 1, 3, 2, 3 } },
	{ "\n\n\n", 2, 3, { 3, 1, 3, 1, 2, 3 } },
	{ "", 0, 0, { 1, 1, 1, 1, 0, 0 } },
	{ "ab", 1, 99, { 1, 2, 1, 2, 1, 2 } },
	{ "ab", 99, 100, { 1, 3, 1, 3, 2, 2 } },
	{ "ab", 1, 0, { 1, 2, 1, 2, 1, 1 } },
};

static void assert_region(const struct region *a, const struct region *b)
{
	assert_memory_equal(a, b, sizeof(*a));
}

static void spans_become_lines_and_columns(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const unsigned char *bytes =
			(const unsigned char *)rows[i].text;
		struct region region = region_of(bytes, strlen(rows[i].text),
			rows[i].start, rows[i].end);
		if (memcmp(&region, &rows[i].region, sizeof(region)) != 0)
			fail_msg("row %zu: %zu:%zu to %zu:%zu", i,
				region.start_line, region.start_column,
				region.end_line, region.end_column);
	}
}

static void a_cursor_agrees_in_any_order_of_offsets(void **state)
{
	(void)state;
	static const unsigned char text[] = "ab\n\ncde\r\nf\n\n\ngh";
	size_t len = sizeof(text) - 1;
	struct line_cursor cursor;
	line_cursor_init(&cursor, text, len);
	for (size_t i = 0; i < 200; i++) {
		size_t start = i * 7 % (len + 1);
		size_t end = start + i * 5 % (len + 1 - start);
		struct region once = region_of(text, len, start, end);
		struct region kept = line_cursor_region(&cursor, start, end);
		assert_region(&kept, &once);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(spans_become_lines_and_columns),
		cmocka_unit_test(a_cursor_agrees_in_any_order_of_offsets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
