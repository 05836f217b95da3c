#include "base/buf.h"
#include "tests/support/test.h"

#include <stdlib.h>

static void limit_is_inclusive(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 4);
	assert_int_equal(buf_add_text(&buf, "1234"), 0);
	assert_int_equal(buf_add_byte(&buf, '5'), ERR_LIMIT);
	assert_string_equal(buf.bytes, "1234");
	assert_true(buf.failed);
	buf_clear(&buf);
}

static void a_refused_append_leaves_the_bytes_alone(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 8);
	assert_int_equal(buf_printf(&buf, "%s", "abc"), 0);
	assert_int_equal(buf_printf(&buf, "%s", "defghi"), ERR_LIMIT);
	assert_int_equal(buf.len, 3);
	assert_string_equal(buf.bytes, "abc");
	buf_clear(&buf);
}

static void a_huge_length_does_not_overflow(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 0);
	assert_int_equal(buf_add_text(&buf, "x"), 0);
	assert_int_equal(buf_reserve(&buf, SIZE_MAX), ERR_LIMIT);
	buf_clear(&buf);
}

static void steal_never_gives_null(void **state)
{
	(void)state;
	struct buf buf;
	buf_init(&buf, 0);
	char *text = buf_steal(&buf);
	assert_string_equal(text, "");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limit_is_inclusive),
		cmocka_unit_test(a_refused_append_leaves_the_bytes_alone),
		cmocka_unit_test(a_huge_length_does_not_overflow),
		cmocka_unit_test(steal_never_gives_null),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
