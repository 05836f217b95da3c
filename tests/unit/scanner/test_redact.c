#include "base/alloc.h"
#include "base/utf8.h"
#include "scanner/redact.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#define DOTS "\xE2\x80\xA6"
#define BAD  "\xEF\xBF\xBD"

/* The secret stands between < and >, which are taken out. */
struct row {
	const char *name;
	const char *text;
	const char *excerpt;
};

static const struct row rows[] = {
	{ "a_long_secret_shows_its_start",
		"before\nKEY = '<abcdefghijklmnopqrstuvwxyz012345>'  \nnext",
		"KEY = 'abcd" DOTS "(32 bytes)'" },
	{ "sixteen_bytes_show_two", "k=<0123456789abcdef>",
		"k=01" DOTS "(16 bytes)" },
	{ "fifteen_bytes_show_nothing", "k=<0123456789abcde>",
		"k=" DOTS "(15 bytes)" },
	{ "indentation_goes_the_space_before_the_secret_stays",
		"\t  pass <hunter2>\r\n", "pass " DOTS "(7 bytes)" },
	{ "a_repetition_is_masked", "k=<hunter2> # was hunter2, hunter22",
		"k=" DOTS "(7 bytes) # was " DOTS ", " DOTS "2" },
	{ "another_secret_is_masked",
		"<hunter2> AKIAIOSFODNN7EXAMPLE 0af7651916cd43dd8448eb21",
		DOTS "(7 bytes) " DOTS " " DOTS },
	{ "what_goes_on_behind_the_secret_is_masked",
		"<abcdefghijklmnop>q7r8s9 x",
		"ab" DOTS "(16 bytes)" DOTS " x" },
	{ "names_stay",
		"app.config['PERMANENT_SESSION_KEY'] = "
		"os.environ/some-long-name-of-words <hunter2>",
		"app.config['PERMANENT_SESSION_KEY'] = "
		"os.environ/some-long-name-of-words " DOTS "(7 bytes)" },
	{ "camel_case_stays", "sessionCookieSigningSecret: <hunter2>",
		"sessionCookieSigningSecret: " DOTS "(7 bytes)" },
	{ "random_letters_do_not", "kQzXwVbNmAsDfGhJkLp: <hunter2>",
		DOTS ": " DOTS "(7 bytes)" },
	{ "control_bytes_are_replaced",
		"a\x1b[2Jb\xE2\x80\xAE"
		"c\xFF = <hunter2>\x07",
		"a" BAD "[2Jb" BAD "c" BAD " = " DOTS "(7 bytes)" BAD },
	{ "a_block_is_counted_in_lines", "x: <-----BEGIN\nabc\n-----END> y\nz",
		"x: --" DOTS "(23 bytes, 3 lines) y" },
	{ "binary_secrets_show_nothing",
		"k=<\x01\x02\x03\x04\x05\x06\x07\x08\x01\x02\x03\x04\x05\x06"
		"\x07\x08>",
		"k=" DOTS "(16 bytes)" },
	{ "no_secret_at_all", "abc<>def", "abc" DOTS "(0 bytes)def" },
};

static void row_is_redacted(void **state)
{
	const struct row *row = *state;
	struct arena arena = { 0 };
	const char *open = strchr(row->text, '<');
	const char *close = strchr(row->text, '>');
	size_t start = (size_t)(open - row->text);
	size_t end = (size_t)(close - row->text) - 1;
	char *text = arena_printf(&arena, "%.*s%.*s%s", (int)start, row->text,
		(int)(end - start), open + 1, close + 1);
	char *excerpt = redact_excerpt(
		&arena, (const unsigned char *)text, strlen(text), start, end);
	assert_string_equal(excerpt, row->excerpt);
	arena_clear(&arena);
}

static size_t count_characters(const char *text)
{
	size_t count = 0;
	for (; *text; text++)
		count += ((unsigned char)*text & 0xC0U) != 0x80;
	return count;
}

static void a_long_line_is_cut_on_both_sides(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	char text[2001];
	for (size_t i = 0; i < 2000; i++)
		text[i] = i % 4 ? 'a' : ' ';
	text[2000] = '\0';
	memcpy(text + 1000, " hunter2! ", 10);
	char *excerpt = redact_excerpt(
		&arena, (const unsigned char *)text, 2000, 1001, 1009);
	assert_int_equal(count_characters(excerpt), EXCERPT_MAX);
	assert_memory_equal(excerpt, DOTS, 3);
	assert_string_equal(excerpt + strlen(excerpt) - 3, DOTS);
	arena_clear(&arena);
}

/* Half of a token at the edge of what is looked at is no word. */
static void a_token_across_the_edge_is_masked(void **state)
{
	(void)state;
	struct arena arena = { 0 };
	char text[601];
	memset(text, ' ', 600);
	memcpy(text, "QWERTYUIOPASDFGHJKLZXC", 22);
	memcpy(text + 264, "hunter2", 7);
	/* the window of 256 bytes begins within the token */
	char *excerpt = redact_excerpt(
		&arena, (const unsigned char *)text, 600, 264, 271);
	assert_null(strstr(excerpt, "C"));
	assert_null(strstr(excerpt, "hunter"));
	arena_clear(&arena);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void assert_safe(const char *excerpt)
{
	const unsigned char *at = (const unsigned char *)excerpt;
	size_t left = strlen(excerpt);
	assert_true(count_characters(excerpt) <= EXCERPT_MAX);
	while (left) {
		uint32_t code;
		size_t step = utf8_decode(&code, at, left);
		assert_int_not_equal(step, 0);
		assert_false(utf8_is_unsafe(code));
		at += step;
		left -= step;
	}
}

static void any_bytes_and_span_give_a_safe_line_without_the_secret(void **state)
{
	(void)state;
	uint64_t seed = 42;
	for (int round = 0; round < 2000; round++) {
		struct arena arena = { 0 };
		size_t len = 50 + next_random(&seed) % 600;
		unsigned char *bytes = xmalloc(len);
		for (size_t i = 0; i < len; i++)
			bytes[i] = (unsigned char)(next_random(&seed) >> 20);
		static const char secret[] = "correct-horse-battery";
		size_t start = 21 + next_random(&seed) % (len - 42);
		size_t again = next_random(&seed) % (start - 20);
		memcpy(bytes + start, secret, 21);
		memcpy(bytes + again, secret, 21);
		char *excerpt =
			redact_excerpt(&arena, bytes, len, start, start + 21);
		assert_safe(excerpt);
		assert_null(strstr(excerpt, "corr"));
		free(bytes);
		arena_clear(&arena);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 3] = {
		cmocka_unit_test(a_long_line_is_cut_on_both_sides),
		cmocka_unit_test(a_token_across_the_edge_is_masked),
		cmocka_unit_test(
			any_bytes_and_span_give_a_safe_line_without_the_secret),
	};
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[3 + i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = row_is_redacted,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
