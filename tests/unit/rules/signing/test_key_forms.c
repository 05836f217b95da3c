/* What a key as written may stand for. */
#include "rules/signing/key_forms.h"

#include "base/cleanup.h"
#include "tests/support/test.h"

#include <string.h>

struct form {
	const char *bytes;
	size_t len;
};

#define FORM(literal)                        \
	{                                    \
		literal, sizeof(literal) - 1 \
	}
#define MOST 8

struct row {
	const char *name;
	const char *text;
	struct form forms[MOST]; /* all of them, in order */
};

static const struct row rows[] = {
	{ "a_word_is_itself", "some key", { FORM("some key") } },
	{ "white_space_may_go", " key!\n", { FORM(" key!\n"), FORM("key!") } },
	{ "escapes_are_resolved", "_5#y2L\\\"F4Q8z\\n\\xec]/\\101",
		{ FORM("_5#y2L\\\"F4Q8z\\n\\xec]/\\101"),
			FORM("_5#y2L\"F4Q8z\n\xec]/A") } },
	{ "what_is_no_escape_stays", "a\\q\\x4",
		{ FORM("a\\q\\x4"), FORM("a\\q\\x4") } },
	{ "hex_is_decoded_and_is_base64_too", "5f352379324c2246",
		{ FORM("5f352379324c2246"), FORM("_5#y2L\"F"),
			FORM("\xe5\xfd\xf9\xdb\x7e\xfd\xdf\x6e\x1c\xdb\x6e"
			     "\x3a") } },
	{ "short_hex_is_a_word", "deadbeef", { FORM("deadbeef") } },
	{ "base64_of_urls_is_decoded", "_-_-_-_-_-8",
		{ FORM("_-_-_-_-_-8"),
			FORM("\xff\xef\xfe\xff\xef\xfe\xff\xef") } },
	{ "a_list_gives_its_literals", "'a', b\"c'd\"",
		{ FORM("'a', b\"c'd\""), FORM("a"), FORM("c'd") } },
	{ "an_open_literal_ends_the_list", "'a', 'b",
		{ FORM("'a', 'b"), FORM("a") } },
	{ "a_backslash_at_the_end_stays", "ab\\", { FORM("ab\\") } },
	{ "nothing_has_no_form", "", { { NULL, 0 } } },
};

static void row_has_its_forms(void **state)
{
	const struct row *row = *state;
	struct key_forms forms;
	/* in memory of its size, so that a read past the end is seen */
	size_t len = strlen(row->text);
	CLEANUP(freep) char *text = malloc(len ? len : 1);
	assert_non_null(text);
	memcpy(text, row->text, len);
	key_forms_make(&forms, (const unsigned char *)text, len);
	size_t expected = 0;
	for (size_t i = 0; i < MOST && row->forms[i].bytes; i++) {
		const struct form *form = &row->forms[i];
		if (i && form->len == row->forms[i - 1].len &&
			!memcmp(form->bytes, row->forms[i - 1].bytes,
				form->len))
			continue; /* no form stands twice */
		assert_true(expected < forms.count);
		assert_int_equal(forms.items[expected].len, form->len);
		assert_memory_equal(
			forms.items[expected].bytes, form->bytes, form->len);
		expected++;
	}
	assert_int_equal(forms.count, expected);
	key_forms_clear(&forms);
	assert_null(forms.memory);
}

static void a_long_list_is_cut(void **state)
{
	(void)state;
	char text[200 * 4 + 1] = "";
	for (size_t i = 0; i < 200; i++)
		memcpy(text + 4 * i, "'x',", 5);
	for (size_t i = 0; i < 200; i++)
		text[4 * i + 1] = (char)('!' + i % 90);
	struct key_forms forms;
	key_forms_make(&forms, (unsigned char *)text, strlen(text));
	assert_in_range(forms.count, 2, KEY_FORMS_MAX);
	assert_true(forms.used <= forms.size);
	key_forms_clear(&forms);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1] = { 0 };
	struct row states[ARRAY_SIZE(rows)];
	size_t count = 0;
	for (; count < ARRAY_SIZE(rows); count++) {
		states[count] = rows[count];
		tests[count] = (struct CMUnitTest){
			.name = rows[count].name,
			.test_func = row_has_its_forms,
			.initial_state = &states[count],
		};
	}
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(a_long_list_is_cut);
	return _cmocka_run_group_tests("key_forms", tests, count, NULL, NULL);
}
