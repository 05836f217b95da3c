#include "report/markdown.h"
#include "tests/support/test.h"

#include <string.h>

struct row {
	void (*add)(struct buf *out, const char *text);
	const char *text;
	const char *shown;
};

static void add_line_7(struct buf *out, const char *text)
{
	markdown_add_path(out, text, 7);
}

static const struct row rows[] = {
	{ markdown_add_code, "", "" },
	{ markdown_add_code, "a|b", "`a|b`" },
	{ markdown_add_code, "a`b", "``a`b``" },
	{ markdown_add_code, "a```b`", "```` a```b` ````" },
	{ markdown_add_code, "`", "`` ` ``" },
	{ markdown_add_code, " a ", "`  a  `" },
	{ add_line_7, "a/b.py", "`a/b.py:7`" },
	{ add_line_7, "](x)\n<b>@me", "`\"](x)\\n<b>@me\":7`" },
	{ add_line_7, "\x1b[2J", "`\"\\033[2J\":7`" },
	{ markdown_add_text, "a *b* [c](d) <e> `f`",
		"a \\*b\\* \\[c\\](d) \\<e\\> \\`f\\`" },
	{ markdown_add_text, "plain, words: 1.", "plain, words: 1." },
};

static void text_stays_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		CLEANUP(buf_clear) struct buf out;
		buf_init(&out, 0);
		rows[i].add(&out, rows[i].text);
		assert_string_equal(out.bytes ? out.bytes : "", rows[i].shown);
	}
}

static void assert_block(const char *text, const char *shown)
{
	char *bytes = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&bytes, &len);
	assert_non_null(out);
	markdown_put_block(out, "sh", text);
	assert_int_equal(fclose(out), 0);
	assert_string_equal(bytes, shown);
	free(bytes);
}

static void block_has_a_fence_that_its_text_cannot_close(void **state)
{
	(void)state;
	assert_block("", "```sh\n```\n");
	assert_block("a", "```sh\na\n```\n");
	assert_block("a\n```\nb\n", "````sh\na\n```\nb\n````\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_stays_text),
		cmocka_unit_test(block_has_a_fence_that_its_text_cannot_close),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
