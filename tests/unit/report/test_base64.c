#include "report/base64.h"
#include "tests/support/test.h"

#include <string.h>

/* RFC 4648 §10 */
static const char *const rows[][2] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
	{ "\xFB\xFF\xFE", "+//+" },
};

static void texts_are_written_and_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(buf_clear) struct buf text;
		CLEANUP(buf_clear) struct buf bytes;
		buf_init(&text, 0);
		buf_init(&bytes, 0);
		add_base64(&text, rows[i][0], strlen(rows[i][0]));
		assert_string_equal(text.len ? text.bytes : "", rows[i][1]);
		assert_true(base64_read(&bytes, rows[i][1]));
		assert_string_equal(bytes.len ? bytes.bytes : "", rows[i][0]);
	}
}

static void other_texts_are_refused(void **state)
{
	(void)state;
	static const char *const texts[] = { "Z", "Zg",
		"Zg=", "Z===", "====", "Zh==", "Zm9=", "Zg==Zg==", "Zm=v",
		"Zm 9", "Zm9v\n", "Zm9_", "Zm9\xFF" };
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		CLEANUP(buf_clear) struct buf bytes;
		buf_init(&bytes, 0);
		assert_false(base64_read(&bytes, texts[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_written_and_read),
		cmocka_unit_test(other_texts_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
