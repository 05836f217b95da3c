/*
 * Mutated samples through the decoders of this group. What comes out does not
 * matter; a read past the end, an overflow, a leak or a loop does, and the
 * sanitizers and the test's time see it. The mutations are the same each run.
 */
#include "base/alloc.h"
#include "base/buf.h"
#include "rules/decoders/decoders.h"
#include "tests/support/test.h"
#include "tests/unit/rules/decoders/decode_rows.h"

#include <string.h>

#define MAX_SAMPLES 6

/** A decoder and what is mutated for it. */
struct target {
	const struct decoder *decoder;
	const char *samples[MAX_SAMPLES + 1];
};

/* To open a SQLite database costs as much as a hundred texts. */
#define ROUNDS 10000

static const struct target targets[] = {
	{ &decoder_php_session,
		{ "php-8.2-handler-php/tmp/sessions/"
		  "sess_ugqv1crb7papiei85jivm0pfag",
			"php-8.2-handler-php_serialize/tmp/sessions/"
			"sess_t9g4chn82leh2bpbn5etsbkos0",
			"laravel-8-file-session/storage/framework/sessions/"
			"mg7JAUdt4Wr34tcFdZ9gXB6KcPc6Vywz7VAJuzVN" } },
	{ &decoder_json_session,
		{ "session-file-store-1.5/sessions/"
		  "XiSiCp6E01GSQSG8TKL0_-do9sHgbMmR.json",
			"connect-loki-1.2/session-store.db",
			"playwright-storage-state/playwright/.auth/user.json",
			"browser-cookie-json-export/cookies.json" } },
	{ &decoder_cookie_jar,
		{ "curl-cookie-jar/cookies.txt",
			"python-mozilla-cookiejar/cookies.txt" } },
	{ &decoder_java_session,
		{ "tomcat-10.1-SESSIONS.ser/target/tomcat/work/Tomcat/"
		  "localhost/_/SESSIONS.ser" } },
	{ &decoder_sqlite_store,
		{ "telethon-1.25-sqlite/anon.session",
			"connect-sqlite3-schema/sessions",
			"gcloud-config-handmade/.config/gcloud/"
			"access_tokens.db" } },
	{ &decoder_redis_rdb, { "redis-dump-flask-session-0.8.0/dump.rdb" } },
	{ &decoder_leveldb_log,
		{ "chromium-156-profile/.wwebjs_auth/session/Default/"
		  "Local Storage/leveldb/000003.log" } },
	{ &decoder_text_store,
		{ "netrc-gitcredentials-handmade/.netrc",
			"netrc-gitcredentials-handmade/.git-credentials",
			"aws-cli-caches-handmade/.aws/credentials",
			"jupyter-notebook-6.4-runtime/.local/share/jupyter/"
			"runtime/notebook_cookie_secret" } },
};

/** xorshift64*, Marsaglia and Vigna. */
static uint64_t next_random(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return *state * UINT64_C(2685821657736338717);
}

static size_t below(uint64_t *state, size_t bound)
{
	return bound ? (size_t)(next_random(state) % bound) : 0;
}

/** Few in a small file, more in a database of many pages. */
static void flip_bits(struct buf *bytes, uint64_t *random)
{
	size_t most = 8 + bytes->len / 256;
	for (size_t i = below(random, most) + 1; bytes->len && i; i--)
		((unsigned char *)bytes->bytes)[below(random, bytes->len)] ^=
			(unsigned char)(1U << below(random, 8));
}

static void cut(struct buf *bytes, uint64_t *random)
{
	bytes->len = below(random, bytes->len + 1);
}

/** Copies a part of the text over another, or behind the end. */
static void splice(struct buf *bytes, uint64_t *random)
{
	char part[64];
	size_t len = below(random, sizeof(part)) + 1;
	if (bytes->len < len)
		return;
	memcpy(part, bytes->bytes + below(random, bytes->len - len + 1), len);
	if (below(random, 2))
		buf_add(bytes, part, len);
	else
		memcpy(bytes->bytes + below(random, bytes->len - len + 1), part,
			len);
}

/** Digits become a long number, other bytes a length of all ones. */
static void huge_length(struct buf *bytes, uint64_t *random)
{
	size_t at = below(random, bytes->len);
	for (size_t i = 0; i < 8 && at + i < bytes->len; i++)
		bytes->bytes[at + i] =
			bytes->bytes[at] >= '0' && bytes->bytes[at] <= '9'
			? '9'
			: (char)0xff;
}

static void mutate(struct buf *bytes, uint64_t *random)
{
	static void (*const mutations[])(struct buf *, uint64_t *) = {
		flip_bits, flip_bits, cut, splice, huge_length
	};
	for (size_t i = below(random, 3) + 1; i; i--)
		mutations[below(random, ARRAY_SIZE(mutations))](bytes, random);
}

/** Decodes from a block of just that size, so that ASan sees its end. */
static void decode_exact(const struct decoder *decoder, const struct buf *bytes)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct err err = { 0 };
	struct decoded decoded = { .arena = &arena };
	CLEANUP(freep) unsigned char *block = xmalloc(bytes->len);
	if (bytes->len)
		memcpy(block, bytes->bytes, bytes->len);
	int rc = decoder->decode(&decoded, block, bytes->len, &err);
	if (rc == 1)
		assert_non_null(decoded.kind);
	else if (rc != 0)
		assert_int_equal(rc, ERR_LIMIT);
}

static void mutants_do_no_harm(void **state)
{
	const struct target *target = *state;
	uint64_t random = UINT64_C(0x9e3779b97f4a7c15);
	struct buf samples[MAX_SAMPLES];
	size_t count = 0;
	for (; target->samples[count]; count++)
		decode_sample(&samples[count], target->samples[count]);
	CLEANUP(buf_clear) struct buf mutant;
	buf_init(&mutant, 0);
	for (size_t i = 0; i < ROUNDS; i++) {
		const struct buf *sample = &samples[i % count];
		buf_reset(&mutant);
		buf_add(&mutant, sample->bytes, sample->len);
		mutate(&mutant, &random);
		decode_exact(target->decoder, &mutant);
	}
	for (size_t i = 0; i < count; i++)
		buf_clear(&samples[i]);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(targets)];
	for (size_t i = 0; i < ARRAY_SIZE(targets); i++)
		tests[i] = (struct CMUnitTest){
			.name = targets[i].decoder->name,
			.test_func = mutants_do_no_harm,
			.initial_state = (void *)(uintptr_t)&targets[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
