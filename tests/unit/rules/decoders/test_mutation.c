/*
 * Damaged input: every decoder reads thousands of variants of what it accepts.
 * What it says of them does not matter; that it ends, within its bounds and
 * without a fault that the sanitizers see, does. The same variants every run.
 */
#include "rules/decoders/decoders.h"
#include "tests/support/decode.h"

#include <stdlib.h>

#define VARIANTS     10000
#define MAX_SEEDS    4
#define MAX_ARENA    ((size_t)32 << 20)
#define MAX_INCREASE ((size_t)64)

struct seed_row {
	const struct decoder *decoder;
	const char *samples[MAX_SEEDS];
	const char *text; /* one more seed, or NULL */
};

#define RAILS  "rails-activesupport-filestore-session/tmp/"
#define DJANGO "django-3.2-file-session/sessions/"

static const struct seed_row rows[] = {
	{ &decoder_cachelib,
		{ "fs-0.2-werkzeug-0.9.6-py27/flask_session/"
		  "54208420eb0ad269f76596b1811e158f",
			"fs-0.8.0-cachelib-0.15.4-py311/flask_session/"
			"595c685f78ed28d6b1cd34595e333826",
			"fs-0.8.0-cachelib-0.15.4-json-py311/.sessions/"
			"b2506afb5cec4aa04d004b91b915f381",
			"fs-0.4.0-cachelib-0.4.1-py38/temp_sessions/"
			"2029240f6d1128be89ddc32729463129" },
		NULL },
	{ &decoder_django_session,
		{ DJANGO "sessionid1nl1m02102d6zhjj3it7of5klb7whl3h",
			DJANGO "sessionidsy1zgngrnm4ql65klwhlenvse1va98zg" },
		"eyJhIjoxfQ:1xVGCp:"
		"_glB-C_1tGJmsjBs3GQhOQ9o4PHuk-8Ohni1oHR5F6I" },
	{ &decoder_itsdangerous, { NULL },
		"eyJhIjoxfQ.awNuNQ.570yWt6P7nZCXL9CuzBCQNHCklM" },
	{ &decoder_itsdangerous, { NULL },
		"VUZtVDLM2WwyTOH1e1+NftoFLcU=?role=VmFkbWluCnAwCi4=&"
		"user_id=STEwMQou" },
	{ &decoder_itsdangerous, { NULL },
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.AAAA" },
	{ &decoder_msgpack,
		{ "lookalikes/msgpack-not-session/data/terrain.msgpack",
			"lookalikes/msgpack-not-session/data/"
			"9e107d9d372bb6826bd81d3542a419d6" },
		"\x83\xa1z\x91\x01\xa1y\xcf\x01\x01\x01\x01\x01\x01\x01\x01\xa1x"
		"\xc7\x01\x05\x01" },
	{ &decoder_pickle,
		{ "pickled-cookies/cookies.pkl",
			"pickled-cookies/requests_cookiejar.pkl",
			"instaloader-4.9.5-session/session-ada.example" },
		"(dp0\nS'a\\x41'\np1\n(lp2\nV\\u20ac\np3\naI01\naL5L\naF1.5\n"
		"acos\nsystem\n(g1\ntRp4\nasS'k'\nPx\ns." },
	{ &decoder_ruby_marshal,
		{ RAILS "ruby_sess.0123456789abcdef",
			RAILS "cache/5D3/C40/views%2Fposts%2F1",
			RAILS "cache/7CF/DB1/_session_id%3A2%3A%3A3eb1bd439947e"
			      "b762998e566ccc2e099c791118b2f40579cc4f7da2b5061"
			      "b7f9" },
		"\x04\x08[\x0bIu:\x09Time\x07xy\x06:\x06"
		"ETl-\x07\x01\x01\x01\x01/\x06x\x01U:\x08Set;\x06"
		"e;\x06:\x06z@\x06" },
	{ &decoder_webpy,
		{ "webpy-0.62-diskstore/sessions/"
		  "13deb57d95e4dd444fad93f2566dfadbd5dd36a7" },
		NULL },
};

/** xorshift64*, so that a failure can be had again. */
static uint64_t next_random(uint64_t *random)
{
	*random ^= *random >> 12;
	*random ^= *random << 25;
	*random ^= *random >> 27;
	return *random * 2685821657736338717U;
}

static size_t below(uint64_t *random, size_t bound)
{
	return bound ? (size_t)(next_random(random) % bound) : 0;
}

/** Numbers at which lengths wrap, in both byte orders. */
static void write_number(
	uint64_t *random, unsigned char *bytes, size_t len, size_t at)
{
	static const uint64_t numbers[] = { 0, 1, 0x7F, 0x80, 0xFF, 0x7FFF,
		0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0,
		INT64_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX,
		UINT64_MAX - 16 };
	uint64_t number = numbers[below(random, ARRAY_SIZE(numbers))];
	size_t width = (size_t)1 << below(random, 4);
	bool big = below(random, 2);
	for (size_t i = 0; i < width && at + i < len; i++)
		bytes[at + i] = (unsigned char)(number >>
			8 * (big ? width - 1 - i : i));
}

/** Copies a stretch of the bytes over or into another place. */
static size_t splice(uint64_t *random, unsigned char *bytes, size_t len)
{
	size_t from = below(random, len);
	size_t count = below(random, len - from);
	if (count > MAX_INCREASE)
		count = MAX_INCREASE;
	size_t to = below(random, len);
	if (below(random, 2)) {
		unsigned char copy[MAX_INCREASE];
		memcpy(copy, bytes + from, count);
		memmove(bytes + to + count, bytes + to, len - to);
		memcpy(bytes + to, copy, count);
		return len + count;
	}
	if (count > len - to)
		count = len - to;
	memmove(bytes + to, bytes + from, count);
	return len;
}

static size_t mutate(uint64_t *random, unsigned char *bytes, size_t len)
{
	size_t at = below(random, len);
	switch (len ? below(random, 6) : 6) {
	case 0:
		bytes[at] ^= (unsigned char)(1U << below(random, 8));
		return len;
	case 1:
		bytes[at] = (unsigned char)below(random, 256);
		return len;
	case 2:
		return at; /* cut off */
	case 3:
		write_number(random, bytes, len, at);
		return len;
	case 4:
		memmove(bytes + at, bytes + at + 1, len - at - 1);
		return len - 1;
	case 5:
		return splice(random, bytes, len);
	default:
		return len;
	}
}

/** In a block of its very size, so that ASan sees a read past the end. */
static void decode_variant(
	const struct decoder *decoder, const unsigned char *bytes, size_t len)
{
	unsigned char *copy = malloc(len ? len : 1);
	assert_non_null(copy);
	memcpy(copy, bytes, len);
	struct arena arena = { 0 };
	struct err err = { 0 };
	struct decoded decoded = { .arena = &arena };
	int rc = decoder->decode(&decoded, copy, len, &err);
	assert_true(rc == 0 || rc == 1 || rc == ERR_LIMIT);
	if (rc == 1)
		assert_non_null(decoded.kind);
	assert_true(arena.total < MAX_ARENA);
	arena_clear(&arena);
	free(copy);
}

static void run_seed(const struct decoder *decoder, const char *seed,
	size_t len, size_t variants)
{
	uint64_t random = 88172645463325252U + len;
	unsigned char *bytes = malloc(len + 4 * MAX_INCREASE);
	assert_non_null(bytes);
	for (size_t i = 0; i < variants; i++) {
		memcpy(bytes, seed, len);
		size_t changed = len;
		size_t rounds = 1 + below(&random, 3);
		for (size_t round = 0; round < rounds; round++)
			changed = mutate(&random, bytes, changed);
		decode_variant(decoder, bytes, changed);
	}
	free(bytes);
}

static void assert_accepted(
	const struct decoder *decoder, const char *bytes, size_t len)
{
	struct arena arena = { 0 };
	struct err err = { 0 };
	struct decoded decoded = { .arena = &arena };
	assert_int_equal(decoder->decode(&decoded, (const unsigned char *)bytes,
				 len, &err),
		1);
	arena_clear(&arena);
}

static void damaged_input_is_harmless(void **state)
{
	const struct seed_row *row = *state;
	size_t count = row->text ? 1 : 0;
	for (size_t i = 0; i < MAX_SEEDS && row->samples[i]; i++)
		count++;
	if (row->text) {
		size_t len = strlen(row->text);
		assert_accepted(row->decoder, row->text, len);
		run_seed(row->decoder, row->text, len, VARIANTS / count);
	}
	for (size_t i = 0; i < MAX_SEEDS && row->samples[i]; i++) {
		struct buf buf;
		load_sample(&buf, row->samples[i]);
		assert_accepted(row->decoder, buf.bytes, buf.len);
		run_seed(row->decoder, buf.bytes, buf.len, VARIANTS / count);
		buf_clear(&buf);
	}
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		union {
			const struct seed_row *row;
			void *state;
		} pass = { .row = &rows[i] };
		tests[i] = (struct CMUnitTest){
			.name = rows[i].decoder->name,
			.test_func = damaged_input_is_harmless,
			.initial_state = pass.state,
		};
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
