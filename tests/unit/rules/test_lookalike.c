#include "base/cleanup.h"
#include "rules/char_class.h"
#include "rules/lookalike.h"
#include "rules/word_model.h"
#include "tests/support/test.h"

#include <stdint.h>
#include <string.h>

#define ALL ((1U << LOOKALIKE_COUNT) - 1)

/* A value, and the first kind that it is of; 0 for none. */
static const struct row {
	const char *value;
	unsigned kind;
} rows[] = {
	{ "os.environ[\"TOKEN\"]", LOOKALIKE_CODE },
	{ "get_secret(name)", LOOKALIKE_CODE },
	{ "config.database.password", LOOKALIKE_CODE },
	{ "$this->password", LOOKALIKE_CODE },
	{ "da39a3ee5e6b4b0d3255bfef95601890afd80709", LOOKALIKE_HASH },
	{ "d41d8cd98f00b204e9800998ecf8427e", LOOKALIKE_HASH },
	{ "$2b$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW",
		LOOKALIKE_HASH },
	{ "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b",
		LOOKALIKE_HASH },
	{ "pbkdf2_sha256$600000$abcdef$Zm9vYmFyZm9vYmFyZm9vYmFy",
		LOOKALIKE_HASH },
	{ "scrypt:32768:8:1$pYqGsT2b$0a1b2c3d4e5f60718293a4b5c6d7e8f9",
		LOOKALIKE_HASH },
	{ "{SSHA}0c0blFTXXNuAMHECS4uxrj3ZieMoWImr", LOOKALIKE_HASH },
	{ "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ", LOOKALIKE_IMAGE },
	{ "data:image/gif;base64,R0lGODlhAQABAAAAACw=", LOOKALIKE_IMAGE },
	{ "sha512-Kv7mQ2xWn9Rb4Tz8Lc3Yd6Hp+/==", LOOKALIKE_INTEGRITY },
	{ "2024-01-02T03:04:05Z", LOOKALIKE_NUMBER },
	{ "192.168.0.1:5432", LOOKALIKE_NUMBER },
	{ "https://example.org/a", LOOKALIKE_PATH },
	{ "src/components/button", LOOKALIKE_PATH },
	{ "../keys/one", LOOKALIKE_PATH },
	{ "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", LOOKALIKE_UUID },
	{ "authenticationManager", LOOKALIKE_WORDS },
	{ "correct horse battery staple", LOOKALIKE_WORDS },

	{ "kT4vq9LxWm2ZpR7cJd3sYb8N", 0 },
	{ "wJalr/UtnFEM/K7MDENGbPxRfiCYzQ4h8vTk+2sW", 0 },
	{ "Tr0ub4dor&3", 0 },
	{ "da39a3ee5e6b4b0d3255bfef95601890afd8070", 0 },
	{ "f81d4fae-7dec-11d0-a765-00a0c91e6bfz", 0 },
};

static void row_is_of_its_kind(void **state)
{
	const struct row *row = *state;
	const unsigned char *bytes = (const unsigned char *)row->value;
	size_t len = strlen(row->value);
	assert_int_equal(lookalike_of(bytes, len, ALL), row->kind);
	if (row->kind)
		assert_int_equal(
			lookalike_of(bytes, len, row->kind), row->kind);
}

static void words_and_bits_go_both_ways(void **state)
{
	(void)state;
	for (unsigned i = 0; i < LOOKALIKE_COUNT; i++)
		assert_int_equal(
			lookalike_parse(lookalike_name(1U << i)), 1U << i);
	for (unsigned i = 0; i < CLASS_COUNT; i++)
		assert_int_equal(
			char_class_parse(char_class_name(1U << i)), 1U << i);
	assert_int_equal(lookalike_parse("secret"), 0);
	assert_int_equal(char_class_parse("secret"), 0);
	assert_null(lookalike_name(1U << LOOKALIKE_COUNT));
	assert_null(char_class_name(1U << CLASS_COUNT));
}

static void classes_are_those_that_occur(void **state)
{
	(void)state;
	const unsigned char text[] = "a1\xff\n";
	assert_int_equal(char_classes_in(text, sizeof(text) - 1),
		CLASS_LOWER | CLASS_LETTER | CLASS_DIGIT);
	assert_int_equal(char_classes_in((const unsigned char *)"A_", 2),
		CLASS_UPPER | CLASS_LETTER | CLASS_SIGN);
	assert_int_equal(char_classes_in(text, 0), 0);
}

/* xorshift64: the same letters on every machine */
static unsigned next_random(unsigned long long *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (unsigned)(*seed >> 32);
}

/* The figure of word_model.h: 0.06 % of 20 characters of base 62 score above
 * zero, 12 of 20,000, and no more of them are letters enough. */
static void random_text_seldom_reads_as_words(void **state)
{
	(void)state;
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz";
	unsigned long long seed = 88172645463325252ULL;
	size_t above = 0;
	size_t taken = 0;
	for (size_t i = 0; i < 20000; i++) {
		unsigned char text[20];
		for (size_t at = 0; at < sizeof(text); at++)
			text[at] =
				(unsigned char)digits[next_random(&seed) % 62];
		above += word_score(text, sizeof(text)).bits > 0;
		taken += reads_as_words(text, sizeof(text));
	}
	assert_in_range(above, 3, 30);
	assert_true(taken <= above);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 3] = { 0 };
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] =
			(struct CMUnitTest){ rows[i].value, row_is_of_its_kind,
				NULL, NULL, (void *)(uintptr_t)&rows[i] };
	tests[ARRAY_SIZE(rows)] = (struct CMUnitTest)cmocka_unit_test(
		words_and_bits_go_both_ways);
	tests[ARRAY_SIZE(rows) + 1] = (struct CMUnitTest)cmocka_unit_test(
		classes_are_those_that_occur);
	tests[ARRAY_SIZE(rows) + 2] = (struct CMUnitTest)cmocka_unit_test(
		random_text_seldom_reads_as_words);
	return _cmocka_run_group_tests(
		"lookalike", tests, ARRAY_SIZE(tests), NULL, NULL);
}
