#include "report/xml.h"
#include "tests/support/test.h"

struct row {
	const char *name;
	const char *text;
	const char *expected;
};

static const struct row rows[] = {
	{ "plain_text", "a b", "a b" },
	{ "markup", "<a b=\"c\" d='e'>&amp;",
		"&lt;a b=&quot;c&quot; d=&apos;e&apos;&gt;&amp;amp;" },
	{ "the_end_of_cdata", "]]>", "]]&gt;" },
	{ "control_characters", "\x01\x1b\t\n", "\\001\\033\\t\\n" },
	{ "bidirectional_override", "\xE2\x80\xAEx", "\\342\\200\\256x" },
	{ "backslashes_stay", "\"a\\nb\"", "&quot;a\\nb&quot;" },
	{ "invalid_utf8", "\xFF", "\\377" },
	{ "noncharacters", "\xEF\xBF\xBE\xEF\xBF\xBF.",
		"\xEF\xBF\xBD\xEF\xBF\xBD." },
	{ "two_and_four_bytes", "\xC3\xA9\xF0\x9F\x94\x91",
		"\xC3\xA9\xF0\x9F\x94\x91" },
};

static void text_is_safe_in_xml(void **state)
{
	const struct row *row = *state;
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 0);
	xml_add_text(&out, row->text);
	assert_string_equal(out.bytes, row->expected);
}

int main(void)
{
	struct CMUnitTest tests[sizeof(rows) / sizeof(*rows)];
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = text_is_safe_in_xml,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
