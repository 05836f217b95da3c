#include "remedy/ignore_file.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#define BEGIN \
	"# BEGIN git-hygiene (git hygiene ignore --write updates this block)"
#define END "# END git-hygiene"

static const char *const entries[] = { "/a/", "b/\n!b/c" };

static void parse(struct ignore_file *file, const char *text)
{
	struct err err = { 0 };
	struct buf bytes;
	buf_init(&bytes, 0);
	buf_add_text(&bytes, text);
	assert_ok(ignore_file_parse(file, &bytes, ".gitignore", &err), &err);
}

static void render(struct buf *out, const char *text, size_t count)
{
	CLEANUP(ignore_file_clear) struct ignore_file file = { 0 };
	parse(&file, text);
	buf_init(out, 0);
	buf_add_text(out, "");
	ignore_file_render(out, &file, entries, count, NULL);
}

static const struct row {
	const char *name, *before, *after;
} rows[] = {
	{ "a file of lines", "x\n", "x\n" BEGIN "\n/a/\n" END "\n" },
	{ "no final newline", "x", "x\n" BEGIN "\n/a/\n" END },
	{ "CRLF", "x\r\n", "x\r\n" BEGIN "\r\n/a/\r\n" END "\r\n" },
	{ "CRLF without a final one", "x\r\ny",
		"x\r\ny\r\n" BEGIN "\r\n/a/\r\n" END },
	{ "a bare CR at the end", "x\r", "x\r\n" BEGIN "\n/a/\n" END },
	{ "an empty file", "", "\n" BEGIN "\n/a/\n" END },
	{ "a byte order mark alone", "\xef\xbb\xbf",
		"\xef\xbb\xbf\n" BEGIN "\n/a/\n" END },
	{ "trailing spaces and empty lines", "x  \n\n \n",
		"x  \n\n \n" BEGIN "\n/a/\n" END "\n" },
};

static void block_comes_and_goes(void **state)
{
	const struct row *row = *state;
	CLEANUP(buf_clear) struct buf with;
	CLEANUP(buf_clear) struct buf again;
	CLEANUP(buf_clear) struct buf without;
	render(&with, row->before, 1);
	assert_string_equal(with.bytes, row->after);
	render(&again, with.bytes, 1);
	assert_string_equal(again.bytes, row->after);
	render(&without, with.bytes, 0);
	assert_string_equal(without.bytes, row->before);
}

static void lines_behind_the_block_stay_behind_it(void **state)
{
	(void)state;
	CLEANUP(buf_clear) struct buf out;
	render(&out, "x\n" BEGIN "\n/old/\n" END "\ny\n", 2);
	assert_string_equal(
		out.bytes, "x\n" BEGIN "\n/a/\nb/\n!b/c\n" END "\ny\n");
}

static void a_file_of_ours_is_known(void **state)
{
	(void)state;
	CLEANUP(ignore_file_clear) struct ignore_file ours = { 0 };
	CLEANUP(ignore_file_clear) struct ignore_file users = { 0 };
	parse(&ours, BEGIN "\n/a/\n" END "\n");
	parse(&users, "\n" BEGIN "\n/a/\n" END);
	assert_true(ignore_file_is_ours(&ours));
	assert_false(ignore_file_is_ours(&users));
}

static void broken_marks_are_refused(void **state)
{
	(void)state;
	static const char *const texts[] = { BEGIN "\n", END "\n",
		BEGIN "\n" BEGIN "\n" END "\n",
		BEGIN "\n" END "\n" BEGIN "\n" END "\n",
		BEGIN "\n" END "joined" };
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		CLEANUP(ignore_file_clear) struct ignore_file file = { 0 };
		struct err err = { 0 };
		struct buf bytes;
		buf_init(&bytes, 0);
		buf_add_text(&bytes, texts[i]);
		assert_err(ignore_file_parse(&file, &bytes, "f", &err),
			ERR_PARSE, &err);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 3];
	struct row copies[ARRAY_SIZE(rows)];
	memcpy(copies, rows, sizeof(rows));
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){ copies[i].name,
			block_comes_and_goes, NULL, NULL, &copies[i] };
	struct CMUnitTest *more = tests + ARRAY_SIZE(rows);
	more[0] = (struct CMUnitTest)cmocka_unit_test(
		lines_behind_the_block_stay_behind_it);
	more[1] = (struct CMUnitTest)cmocka_unit_test(a_file_of_ours_is_known);
	more[2] = (struct CMUnitTest)cmocka_unit_test(broken_marks_are_refused);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
