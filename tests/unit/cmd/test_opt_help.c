#include "base/buf.h"
#include "cmd/opt.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

static const struct opt table[] = {
	{ OPT_FLAG, 'q', "quiet", 0, 0, NULL, "say less" },
	{ OPT_FLAG, 0, "no-builtin-rules", 0, 0, NULL, "own rules alone" },
	{ OPT_GROUP, 0, NULL, 0, 0, NULL, "Output" },
	{ OPT_TEXT, 'o', "output", 0, 0, "<file>", "where to" },
	{ OPT_TEXT, 0, "color", 0, 0, "[=<when>]",
		"a help text that is long "
		"enough to be wrapped since it says too much" },
	{ OPT_TEXT, 0, "a-name-that-is-long", 0, 0, "<format>", "what" },
	{ 0 },
};

static char *print_help(const struct opt_spec *spec)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	opt_print_help(out, spec);
	fclose(out);
	return text;
}

static void the_whole_text_is_this(void **state)
{
	(void)state;
	const struct opt_spec spec = {
		.usage = "scan [<options>] [--] [<pathspec>…]\nscan -",
		.description = "First paragraph, which goes on for more than "
			       "eighty columns, so that it wraps.\n\n"
			       "  as it\n    is",
		.opts = table,
	};
	char *text = print_help(&spec);
	assert_string_equal(text,
		"usage: git hygiene scan [<options>] [--] [<pathspec>…]\n"
		"   or: git hygiene scan -\n"
		"\n"
		"First paragraph, which goes on for more than eighty columns, "
		"so that it wraps.\n"
		"\n"
		"  as it\n"
		"    is\n"
		"\n"
		"    -q, --[no-]quiet        say less\n"
		"    --no-builtin-rules      own rules alone\n"
		"\n"
		"Output\n"
		"    -o, --output <file>     where to\n"
		"    --color[=<when>]        a help text that is long enough "
		"to be wrapped since\n"
		"                            it says too much\n"
		"    --a-name-that-is-long <format>\n"
		"                            what\n");
	free(text);
}

static void a_long_usage_hangs_below_its_start(void **state)
{
	(void)state;
	static const struct opt none[] = { { 0 } };
	const struct opt_spec spec = {
		.usage = "purge [--plan | --apply | --verify] [--backup=<file>]"
			 " [<rule>…]",
		.opts = none,
	};
	char *text = print_help(&spec);
	assert_string_equal(text,
		"usage: git hygiene purge [--plan | --apply | --verify] "
		"[--backup=<file>]\n"
		"                   [<rule>…]\n");
	free(text);
}

/* Eighty columns fit, counted in characters: the ellipsis is three bytes. */
static void eighty_columns_fit(void **state)
{
	(void)state;
	CLEANUP(buf_clear) struct buf words;
	buf_init(&words, 0);
	for (int i = 0; i < 39; i++)
		buf_add_text(&words, "… ");
	buf_add_text(&words, "ab c");
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	opt_print_wrapped(out, 0, 2, words.bytes);
	fclose(out);
	assert_string_equal(strchr(text, '\n'), "\n  c\n");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_whole_text_is_this),
		cmocka_unit_test(a_long_usage_hangs_below_its_start),
		cmocka_unit_test(eighty_columns_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
