/* Which comments accept a match, and what is kept of their reason. */
#include "scanner/allow.h"

#include "base/alloc.h"
#include "tests/support/test.h"

#include <string.h>

#define SECRET "SECRETSECRET"

struct row {
	const char *name;
	const char *text;   /* holds SECRET once */
	const char *reason; /* NULL: not accepted; "": without a reason */
};

static const struct row rows[] = {
	{ "same_line", "k=" SECRET " # hygiene:allow a-rule a test key\n",
		"a test key" },
	{ "no_reason", "k=" SECRET " # hygiene:allow a-rule", "" },
	{ "glob_and_list", SECRET " // hygiene:allow x,a-* why\n", "why" },
	{ "closing_is_no_reason", SECRET " /* hygiene:allow a-rule why */\n",
		"why" },
	{ "line_before", "  # hygiene:allow a-rule why\r\n" SECRET "\n",
		"why" },
	{ "html", "<!-- hygiene:allow a-rule why -->\n" SECRET, "why" },
	{ "two_marks",
		SECRET " # hygiene:allow other no hygiene:allow a-rule yes",
		"yes" },
	{ "another_rule", SECRET " # hygiene:allow b-rule why\n", NULL },
	{ "no_rule", SECRET " # hygiene:allow\n", NULL },
	{ "empty_list", SECRET " # hygiene:allow ,, why\n", NULL },
	{ "longer_mark", SECRET " # hygiene:allowed a-rule why\n", NULL },
	{ "two_lines_before", "# hygiene:allow a-rule why\n\n" SECRET "\n",
		NULL },
	{ "code_before", "x # hygiene:allow a-rule why\n" SECRET "\n", NULL },
	{ "line_behind", SECRET "\n# hygiene:allow a-rule why\n", NULL },
	{ "match_behind_the_mark", "# hygiene:allow a-rule why " SECRET "\n",
		"why" },
	{ "long_words",
		SECRET " # hygiene:allow a-rule "
		       "0123456789abcdef0123456789 https://example"
		       ".com/issues/1234567 end\n",
		"... https://example.com/issues/1234567 end" },
	{ "gitleaks", SECRET " # gitleaks:allow\n", "gitleaks:allow" },
	{ "gitleaks_line_before", "# gitleaks:allow\n" SECRET "\n", NULL },
	{ "pragma", SECRET " # pragma: allowlist secret\n",
		"pragma: allowlist secret" },
	{ "pragma_dashed", SECRET " # pragma: whitelist-secret\n",
		"pragma: allowlist secret" },
	{ "pragma_next", "# pragma: allowlist nextline secret\n" SECRET "\n",
		"pragma: allowlist secret" },
	{ "pragma_next_here", SECRET " # pragma: allowlist nextline secret\n",
		NULL },
	{ "pragma_other", SECRET " # pragma: no cover\n", NULL },
};

static void row_is_as_stated(void **state)
{
	const struct row *row = *state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const unsigned char *bytes = (const unsigned char *)row->text;
	size_t start = (size_t)(strstr(row->text, SECRET) - row->text);
	const struct suppression *found = allow_find(&arena, "a-rule", bytes,
		strlen(row->text), start, start + strlen(SECRET));
	if (!row->reason) {
		assert_null(found);
		return;
	}
	assert_non_null(found);
	assert_int_equal(found->by, SUPPRESSED_COMMENT);
	if (*row->reason)
		assert_string_equal(found->reason, row->reason);
	else
		assert_null(found->reason);
}

static void reach_is_bounded(void **state)
{
	(void)state;
	static char text[3 * ALLOW_REACH];
	static const char mark[] = "hygiene:allow a-rule why";
	CLEANUP(arena_clear) struct arena arena = { 0 };
	memset(text, 'x', sizeof(text));
	const unsigned char *bytes = (const unsigned char *)text;
	memcpy(text + ALLOW_REACH - sizeof(mark), mark, sizeof(mark) - 1);
	assert_non_null(
		allow_find(&arena, "a-rule", bytes, sizeof(text), 0, 1));
	assert_null(allow_find(&arena, "a-rule", bytes, sizeof(text),
		sizeof(text) - 1, sizeof(text)));
}

static void ends_of_the_text_are_not_passed(void **state)
{
	(void)state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	static const char *const ends[] = { "hygiene:allow", "hygiene:allow ",
		"pragma:", "pragma: ", "pragma: allowlist",
		"pragma: allowlist nextline", "\n", "" };
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		size_t len = strlen(ends[i]);
		/* its own memory, so that a read behind it is seen */
		char *copy = xmemdupz(ends[i], len);
		unsigned char *bytes = xreallocarray(copy, len + !len, 1);
		assert_null(allow_find(&arena, "a-rule", bytes, len, 0, 0));
		assert_null(allow_find(&arena, "a-rule", bytes, len, len, len));
		assert_null(
			allow_find(&arena, "a-rule", bytes, len, 0, len + 1));
		free(bytes);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 2];
	size_t count = 0;
	for (; count < ARRAY_SIZE(rows); count++)
		tests[count] = (struct CMUnitTest){
			.name = rows[count].name,
			.test_func = row_is_as_stated,
			.initial_state = (void *)(uintptr_t)&rows[count],
		};
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(reach_is_bounded);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		ends_of_the_text_are_not_passed);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
