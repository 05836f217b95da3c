#include "report/text_escape.h"
#include "tests/support/test.h"

#include <string.h>

#define DOTS "\xE2\x80\xA6"

struct row {
	void (*add)(struct buf *out, const char *text, bool utf8);
	bool utf8;
	const char *text;
	const char *shown;
};

static void add_quoted(struct buf *out, const char *text, bool utf8)
{
	text_add_quoted(out, text, strlen(text), utf8);
}

static const struct row rows[] = {
	{ add_quoted, true, "", "\"\"" },
	{ add_quoted, true, "it's \xC3\xA9", "\"it's \xC3\xA9\"" },
	{ add_quoted, false, "\xC3\xA9", "\"\\303\\251\"" },
	{ add_quoted, true, "\"\\\n\xff", "\"\\\"\\\\\\n\\377\"" },
	{ text_add_path, true, "a/b c", "a/b c" },
	{ text_add_path, true, "a\tb", "\"a\\tb\"" },
	{ text_add_path, true, "a\"b", "\"a\\\"b\"" },
	{ text_add_path, true, "a\\b", "\"a\\\\b\"" },
	{ text_add_path, true, "\x1b[2J", "\"\\033[2J\"" },
	{ text_add_path, true, "\xC3\xA9", "\xC3\xA9" },
	{ text_add_path, false, "\xC3\xA9", "\"\\303\\251\"" },
	{ text_add_path, true, "\xE9", "\"\\351\"" },
	{ text_add_path, true, "\xE2\x80\xAE", "\"\\342\\200\\256\"" },
	{ text_add_path, true, "\xE2\x80\x8B", "\"\\342\\200\\213\"" },
	{ text_add_path, true, "\x7f", "\"\\177\"" },
	{ text_add_path, true, "it's", "it's" },
	{ text_add, true, "Ada \"Countess\" L", "Ada \"Countess\" L" },
	{ text_add, true, "a\\n\n", "a\\\\n\\n" },
	{ text_add, true, "k" DOTS, "k" DOTS },
	{ text_add, false, "k" DOTS "x" DOTS, "k...x..." },
	{ text_add_shell, true, "a/b-c_d.e", "a/b-c_d.e" },
	{ text_add_shell, true, "", "''" },
	{ text_add_shell, true, "a b", "'a b'" },
	{ text_add_shell, true, "it's", "'it'\\''s'" },
	{ text_add_shell, true, "$(x)`y`!z", "'$(x)`y`!z'" },
	{ text_add_shell, true, "~", "'~'" },
	{ text_add_shell, true, "a=b", "'a=b'" },
	{ text_add_shell, true, "\xC3\xA9", "'\xC3\xA9'" },
	{ text_add_shell, false,
		"\xC3\xA9"
		"1",
		"$'\\303\\2511'" },
	{ text_add_shell, true, "a'\n\\", "$'a\\'\\n\\\\'" },
};

static void text_is_shown_visibly(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(buf_clear) struct buf out;
		buf_init(&out, 0);
		rows[i].add(&out, rows[i].text, rows[i].utf8);
		assert_string_equal(out.bytes, rows[i].shown);
	}
}

static void width_counts_columns(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t width;
	} widths[] = {
		{ "", 0 },
		{ "abc", 3 },
		{ "\xC3\xA9", 1 },
		{ "e\xCC\x81", 1 },
		{ "\xE4\xB8\xAD\xE6\x96\x87", 4 },
		{ "\xED\x95\x9C", 2 },
		{ "\xF0\x9F\x94\x91", 2 },
		{ "\xEF\xBC\xA1", 2 },
		{ "\xD0\x96", 1 },
	};
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++)
		assert_int_equal(
			text_width(widths[i].text, strlen(widths[i].text)),
			widths[i].width);
}

static void long_text_loses_its_middle(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		size_t width;
		bool utf8;
		const char *shown;
	} cuts[] = {
		{ "abcdefghij", 10, true, "abcdefghij" },
		{ "abcdefghijk", 10, true, "abc" DOTS "fghijk" },
		{ "abcdefghijk", 10, false, "ab...ghijk" },
		{ "backend/sessions/0123456789", 16, true,
			"backe" DOTS "0123456789" },
		{ "\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD\xE4\xB8\xAD"
		  "\xE4\xB8\xAD",
			8, true,
			"\xE4\xB8\xAD" DOTS "\xE4\xB8\xAD\xE4\xB8\xAD" },
		{ "", 8, true, "" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(cuts); i++) {
		CLEANUP(buf_clear) struct buf text;
		buf_init(&text, 0);
		buf_add_text(&text, cuts[i].text);
		text_shorten(&text, cuts[i].width, cuts[i].utf8);
		assert_string_equal(text.bytes, cuts[i].shown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_shown_visibly),
		cmocka_unit_test(width_counts_columns),
		cmocka_unit_test(long_text_loses_its_middle),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
