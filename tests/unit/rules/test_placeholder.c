#include "base/cleanup.h"
#include "rules/placeholder.h"
#include "tests/support/test.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A value, and what it is; NULL for a secret. */
static const struct row {
	const char *value;
	const char *kind;
} rows[] = {
	{ "${DB_PASSWORD}", "a template" },
	{ "prefix-${DB_PASSWORD}", "a template" },
	{ "{{ password }}", "a template" },
	{ "<your token>", "a template" },
	{ "[password]", "a template" },
	{ "%(password)s", "a template" },
	{ "%s", "a template" },
	{ "%PASSWORD%", "a template" },
	{ "@password@", "a template" },
	{ "__PASSWORD__", "a template" },
	{ "$PASSWORD", "a template" },
	{ "sk_live_...", "a template" },
	{ "#{token}", "a template" },
	{ "********", "one character repeated" },
	{ "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		"one character repeated" },
	{ "0000000000000000", "one character repeated" },
	{ "0123456789abcdef0123456789abcdef", "characters in sequence" },
	{ "12345678", "characters in sequence" },
	{ "abcdefgh1", "characters in sequence" },
	{ "987654321", "characters in sequence" },
	{ "qwertyuiop", "characters in sequence" },
	{ "abcXYabcXYabcXY", "a few characters repeated" },
	{ "DB_PASSWORD", "the name of a variable" },
	{ "AKIAIOSFODNN7EXAMPLE", "words of a placeholder" },
	{ "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
		"words of a placeholder" },
	{ "changeme", "words of a placeholder" },
	{ "crwdns5980:0crwdne5980:0", "words of a placeholder" },
	{ "your-api-key", "words of a placeholder" },
	{ "my-secret-password", "words of a placeholder" },
	{ "insert_token_goes_here", "words of a placeholder" },
	{ "password", "words of a placeholder" },
	{ "Secret", "words of a placeholder" },
	{ "nil", "words of a placeholder" },
	{ "auth_key", "words of a placeholder" },
	{ "***REMOVED***", "words of a placeholder" },
	{ "amqp://kT4vq9Lx:***REMOVED***@broker-2.kT4vq9Lx.internal/jobs",
		"words of a placeholder" },
	{ "2YotnFZFEjr1zCsicMWpAA", "words of a placeholder" },
	{ "QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "words of a placeholder" },
	{ "tGzv3JOkF0XG5Qx2TlKWIA", "words of a placeholder" },
	{ "7Fjfp0ZBr1KtDRbnfVdmIw", "words of a placeholder" },
	{ "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.Kv7mQ2xWn9Rb4T",
		"words of a placeholder" },

	{ "kT4vq9LxWm2ZpR7cJd3sYb8N", NULL },
	{ "correct horse battery staple", NULL },
	{ "Tr0ub4dor&3", NULL },
	{ "sk_test_Kv7mQ2xWn9Rb4Tz8Lc3Yd6Hp", NULL },
	{ "_kT4vq9LxWm2ZpR7cJd3sYb8N_", NULL },
	{ "$2b$12$Kv7mQ2xWn9Rb4Tz8Lc3Yd6HpKv7mQ2xWn9Rb4Tz8Lc3Yd6Hp", NULL },
	{ "p4ssw0rd!Zq", NULL },
	{ "8f14e45fceea167a5a36dedd4bea2543", NULL },
	{ "AbQk1234Zx", NULL },
};

static void row_is_what_it_is(void **state)
{
	const struct row *row = *state;
	const char *kind = placeholder_kind(
		(const unsigned char *)row->value, strlen(row->value));
	if (row->kind && kind)
		assert_string_equal(kind, row->kind);
	else
		assert_ptr_equal(kind, row->kind);
}

/* What nothing but replacements is; a rule whose placeholders count asks for
 * no more. */
static void what_a_purge_writes_is_told_from_what_it_left(void **state)
{
	(void)state;
	static const struct {
		const char *value;
		bool is;
	} values[] = {
		{ PLACEHOLDER_REPLACEMENT, true },
		{ "'***REMOVED***', b\"***REMOVED***\"", true },
		{ "***REMOVED***\n***REMOVED***", true },
		{ "'***REMOVED***', 'kT4vq9LxWm2ZpR7c'", false },
		{ "kT4v***REMOVED***", false },
		{ "***REMOVED**", false },
		{ "***removed***", false },
		{ "'', ''", false },
		{ "", false },
	};
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		assert_int_equal(placeholder_is_replacement(
					 (const unsigned char *)values[i].value,
					 strlen(values[i].value)),
			values[i].is);
}

static void nothing_is_a_placeholder(void **state)
{
	(void)state;
	assert_string_equal(
		placeholder_kind((const unsigned char *)"", 0), "empty");
}

/* Of each value that starts with the first bytes of a template. */
static void a_single_byte_is_read_within_bounds(void **state)
{
	(void)state;
	for (unsigned byte = 0; byte < 256; byte++) {
		unsigned char *copy = test_malloc(1);
		*copy = (unsigned char)byte;
		(void)placeholder_kind(copy, 1);
		test_free(copy);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 3] = { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] =
			(struct CMUnitTest){ rows[i].value, row_is_what_it_is,
				NULL, NULL, (void *)(uintptr_t)&rows[i] };
	tests[ARRAY_SIZE(rows)] =
		(struct CMUnitTest)cmocka_unit_test(nothing_is_a_placeholder);
	tests[ARRAY_SIZE(rows) + 1] = (struct CMUnitTest)cmocka_unit_test(
		a_single_byte_is_read_within_bounds);
	tests[ARRAY_SIZE(rows) + 2] = (struct CMUnitTest)cmocka_unit_test(
		what_a_purge_writes_is_told_from_what_it_left);
	return _cmocka_run_group_tests(
		"placeholder", tests, ARRAY_SIZE(tests), NULL, NULL);
}
