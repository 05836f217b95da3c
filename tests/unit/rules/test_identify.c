#include "rules/identify.h"
#include "tests/support/test.h"

#include <string.h>

#define CACHED(body) "\0\0\0\0" body
#define COOKIE                                                           \
	".eJyrVirKz0lVslJKTMnNzFPSUSotTi2Kz0xRsjI0MITw8hJzIQoS9VIrEnMLg" \
	"MprAfOxEis.awNuNQ.570yWt6P7nZCXL9CuzBCQNHCklM"

struct row {
	const char *name;
	const char *bytes;
	size_t len;
	int verdict;
	const char *decoder;    /* NULL: none accepts */
	const char *looks_like; /* asked where none does */
	const char *cookie;
};

#define BYTES(literal)      (literal), sizeof(literal) - 1
#define NONE(literal, what) BYTES(literal), VERDICT_NONE, NULL, (what), NULL

static const struct row rows[] = {
	{ "nothing", BYTES(""), VERDICT_NONE, NULL, "empty", NULL },
	{ "white space", NONE(" \r\n\t\n", "white space") },
	{ "text", NONE("session\n", "text") },
	{ "JSON", NONE("{\"session\": 1}", "text that begins as JSON") },
	{ "binary data", NONE("\xff\0\xff\1", "binary data") },
	{ "an image", NONE("\x89PNG\r\n\x1a\n", "a PNG image") },
	{ "an LFS pointer",
		NONE("version https://git-lfs.github.com/spec/v1\noid",
			"a Git LFS pointer: the content is stored elsewhere") },
	{ "a magic number that is cut", NONE("\x1f", "binary data") },
	{ "a pickle that is any data", BYTES("\x80\x02}U\001aK\001s."),
		VERDICT_NONE, "pickle", NULL, NULL },
	{ "the counter of a store", BYTES(CACHED("\x80\x05K\x02.")),
		VERDICT_COMPANION, "cachelib", NULL, NULL },
	{ "a cached dictionary", BYTES(CACHED("\x80\x02}U\001aK\001s.")),
		VERDICT_LIKELY, "cachelib", NULL, NULL },
	{ "a session", BYTES(CACHED("\x80\x02}U\007user_idK\001s.")),
		VERDICT_SESSION, "cachelib", NULL, NULL },
	{ "a bare cookie", BYTES(COOKIE "\n"), VERDICT_SESSION, "itsdangerous",
		NULL, NULL },
	{ "a pair", BYTES("session=" COOKIE), VERDICT_SESSION, "itsdangerous",
		NULL, "session" },
	{ "a pair among others", BYTES("a=b; ;=; sid= ; x=" COOKIE ";q\r\n"),
		VERDICT_SESSION, "itsdangerous", NULL, "x" },
	{ "a header in a request",
		BYTES("GET / HTTP/1.1\r\nHost: a\r\n  cOOKIE: s=" COOKIE
		      "\r\n"),
		VERDICT_SESSION, "itsdangerous", NULL, "s" },
	{ "a header in a response",
		BYTES("```\nSet-Cookie: s=" COOKIE "; Path=/\n```\n"),
		VERDICT_SESSION, "itsdangerous", NULL, "s" },
	{ "a pair in a text of several lines",
		NONE("first\nsession=" COOKIE "\n", "text") },
	{ "a header without a cookie",
		NONE("Cookie:\nCookie: a\nSet-Cookie: b=\n", "text") },
	{ "a header whose cookie is none",
		NONE("A note\nCookie: theme=dark; sid=abc\n", "text") },
};

static void row_is_identified(void **state)
{
	const struct row *row = *state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct identity identity;
	identify(&identity, &arena, NULL, NULL,
		(const unsigned char *)row->bytes, row->len);
	assert_int_equal(identity.verdict, row->verdict);
	if (row->decoder) {
		assert_non_null(identity.decoder);
		assert_string_equal(identity.decoder->name, row->decoder);
	} else {
		assert_null(identity.decoder);
		assert_string_equal(identity.looks_like, row->looks_like);
	}
	if (row->cookie)
		assert_string_equal(identity.cookie, row->cookie);
	else
		assert_null(identity.cookie);
}

/* An array of the exact length, so that a read past its end is seen. */
static void no_prefix_is_read_past_its_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		for (size_t len = 1; len < rows[i].len; len++) {
			CLEANUP(arena_clear) struct arena arena = { 0 };
			CLEANUP(freep) unsigned char *bytes = malloc(len);
			struct identity identity;
			assert_non_null(bytes);
			memcpy(bytes, rows[i].bytes, len);
			identify(&identity, &arena, NULL, NULL, bytes, len);
			assert_non_null(identity.looks_like);
		}
	}
}

static void one_decoder_alone_can_be_asked(void **state)
{
	(void)state;
	static const unsigned char bytes[] = CACHED("\x80\x05K\x02.");
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct identity identity;
	identify(&identity, &arena, decoder_find("pickle"), NULL, bytes,
		sizeof(bytes) - 1);
	assert_null(identity.decoder);
	identify(&identity, &arena, decoder_find("cachelib"), NULL, bytes,
		sizeof(bytes) - 1);
	assert_string_equal(identity.decoded.kind, "counter");
}

static void the_path_tells_of_the_id(void **state)
{
	(void)state;
	static const unsigned char bytes[] = "a:1:{s:3:\"abc\";i:1;}";
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct identity identity;
	identify(&identity, &arena, NULL, NULL, bytes, sizeof(bytes) - 1);
	assert_int_equal(identity.verdict, VERDICT_NONE);
	identify(&identity, &arena, NULL, "tmp/sess_0123456789abcdefghijkl",
		bytes, sizeof(bytes) - 1);
	assert_int_equal(identity.verdict, VERDICT_SESSION);
	assert_int_equal(identity.decoded.id, ID_CLEAR);
}

static bool has_kind(const char *kind)
{
	for (size_t i = 0; decoders[i]; i++)
		for (size_t k = 0; decoders[i]->kinds[k]; k++)
			if (!strcmp(decoders[i]->kinds[k], kind))
				return true;
	return false;
}

/* The kinds are words of the decoders: one that was renamed there would pass
 * for a session. */
static void data_of_any_meaning_is_no_session(void **state)
{
	(void)state;
	static const char *const loose[] = { "cache-entry", "pickle", "marshal",
		"msgpack", "java-serialized", "php-serialized" };
	for (size_t i = 0; i < ARRAY_SIZE(loose); i++) {
		if (!has_kind(loose[i]))
			fail_msg("no decoder has the kind %s", loose[i]);
		assert_int_equal(verdict_of_kind(loose[i]), VERDICT_NONE);
	}
	assert_true(has_kind("counter"));
	assert_true(has_kind("session-like"));
}

#define ROW_COUNT ARRAY_SIZE(rows)

int main(void)
{
	struct CMUnitTest tests[ROW_COUNT + 4] = {
		cmocka_unit_test(no_prefix_is_read_past_its_end),
		cmocka_unit_test(one_decoder_alone_can_be_asked),
		cmocka_unit_test(the_path_tells_of_the_id),
		cmocka_unit_test(data_of_any_meaning_is_no_session),
	};
	for (size_t i = 0; i < ROW_COUNT; i++)
		tests[4 + i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = row_is_identified,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
