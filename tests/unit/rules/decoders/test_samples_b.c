/*
 * All samples through all decoders of this group: each is taken by the one
 * decoder that it is for, with the right kind, and by no other. What the
 * table does not name, look-alikes and notes included, must be refused.
 */
#include "base/buf.h"
#include "base/file.h"
#include "rules/decoder.h"
#include "rules/decoders/decoders.h"
#include "tests/support/test.h"

#include <ftw.h>
#include <string.h>

#define SAMPLES TEST_DATA "/samples"

static const struct decoder *const group[] = {
	&decoder_php_session,
	&decoder_json_session,
	&decoder_cookie_jar,
	&decoder_java_session,
	&decoder_sqlite_store,
	&decoder_redis_rdb,
	&decoder_leveldb_log,
	&decoder_text_store,
};

static const struct {
	const char *sample;
	const char *decoder;
	const char *kind;
} expected[] = {
	{ "aria2-cookies/cookies.txt", "cookie-jar", "netscape" },
	{ "aws-cli-caches-handmade/.aws/cli/cache/"
	  "89abcdef0123456789abcdef0123456789abcdef.json",
		"json-session", "aws-cli" },
	{ "aws-cli-caches-handmade/.aws/credentials", "text-store",
		"aws-credentials" },
	{ "aws-cli-caches-handmade/.aws/sso/cache/"
	  "0123456789abcdef0123456789abcdef01234567.json",
		"json-session", "aws-sso" },
	{ "browser-cookie-json-export/cookies.json", "json-session",
		"cookies" },
	{ "chromium-156-profile/.wwebjs_auth/session/Default/Cookies",
		"sqlite-store", "chromium-cookies" },
	{ "chromium-156-profile/.wwebjs_auth/session/Default/"
	  "Local Storage/leveldb/000003.log",
		"leveldb-log", "local-storage" },
	{ "codeigniter-3-file-session/application/cache/sessions/"
	  "ci_sessiong1oilt8ler9pavk6n85j3dlle6q261kj",
		"php-session", "codeigniter" },
	{ "connect-loki-1.2/session-store.db", "json-session", "connect-loki" },
	{ "connect-sqlite3-schema/sessions", "sqlite-store", "express" },
	{ "curl-cookie-jar/cookies.txt", "cookie-jar", "netscape" },
	{ "django-3.2-file-session/db.sqlite3", "sqlite-store",
		"django-session" },
	{ "fs-0.8.0-sqlalchemy-msgpack-sqlite/instance/app.db", "sqlite-store",
		"flask-session" },
	{ "gcloud-config-handmade/.config/gcloud/access_tokens.db",
		"sqlite-store", "gcloud-tokens" },
	{ "gcloud-config-handmade/.config/gcloud/"
	  "application_default_credentials.json",
		"json-session", "gcloud-adc" },
	{ "gcloud-config-handmade/.config/gcloud/credentials.db",
		"sqlite-store", "gcloud-credentials" },
	{ "jupyter-notebook-6.4-runtime/.local/share/jupyter/"
	  "runtime/nbserver-7098.json",
		"json-session", "jupyter-server" },
	{ "jupyter-notebook-6.4-runtime/.local/share/jupyter/"
	  "runtime/notebook_cookie_secret",
		"text-store", "jupyter-secret" },
	{ "laravel-8-file-session/storage/framework/sessions/"
	  "mg7JAUdt4Wr34tcFdZ9gXB6KcPc6Vywz7VAJuzVN",
		"php-session", "laravel" },
	{ "netrc-gitcredentials-handmade/.git-credentials", "text-store",
		"git-credentials" },
	{ "netrc-gitcredentials-handmade/.netrc", "text-store", "netrc" },
	{ "php-8.2-handler-php/tmp/sessions/"
	  "sess_ugqv1crb7papiei85jivm0pfag",
		"php-session", "session" },
	{ "php-8.2-handler-php_serialize/tmp/sessions/"
	  "sess_t9g4chn82leh2bpbn5etsbkos0",
		"php-session", "session" },
	{ "playwright-storage-state/playwright/.auth/user.json", "json-session",
		"playwright" },
	{ "pyrogram-sqlite/my_account.session", "sqlite-store", "pyrogram" },
	{ "python-mozilla-cookiejar/cookies.txt", "cookie-jar", "netscape" },
	{ "redis-dump-flask-session-0.8.0/dump.rdb", "redis-rdb",
		"redis-sessions" },
	{ "scrapy-2.8-httpcache/.scrapy/httpcache/shop/ff/"
	  "ffb3d132a959fafca1e7fe7a489428a7ee757dd1/request_headers",
		"text-store", "http-headers" },
	{ "scrapy-2.8-httpcache/.scrapy/httpcache/shop/ff/"
	  "ffb3d132a959fafca1e7fe7a489428a7ee757dd1/"
	  "response_headers",
		"text-store", "http-headers" },
	{ "session-file-store-1.5-encrypted/sessions/"
	  "H7Dc2es4Og6VBIdIYRgmSsVxQBT04t_g.json",
		"json-session", "session-file-store-encrypted" },
	{ "session-file-store-1.5/sessions/"
	  "XiSiCp6E01GSQSG8TKL0_-do9sHgbMmR.json",
		"json-session", "session-file-store" },
	{ "telethon-1.25-sqlite/anon.session", "sqlite-store", "telethon" },
	{ "tomcat-10.1-SESSIONS.ser/target/tomcat/work/Tomcat/"
	  "localhost/_/SESSIONS.ser",
		"java-session", "tomcat" },
	{ "yt-dlp-cookies/cookies.txt", "cookie-jar", "netscape" },
};

static size_t accepted_count;

static void check_file(const char *sample, const struct decoder *decoder,
	const struct buf *bytes)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct err err = { 0 };
	struct decoded decoded = { .arena = &arena, .path = sample };
	const char *kind = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++)
		if (!strcmp(expected[i].sample, sample) &&
			!strcmp(expected[i].decoder, decoder->name))
			kind = expected[i].kind;
	int rc = decoder->decode(
		&decoded, (unsigned char *)bytes->bytes, bytes->len, &err);
	assert_ok(rc, &err);
	if (rc != (kind != NULL))
		fail_msg("%s %s %s", decoder->name, rc ? "accepts" : "refuses",
			sample);
	if (kind)
		assert_string_equal(decoded.kind, kind);
	accepted_count += rc == 1;
}

static int visit(const char *path, const struct stat *status, int type,
	struct FTW *place)
{
	struct err err = { 0 };
	(void)status;
	(void)place;
	if (type != FTW_F)
		return 0;
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, (size_t)64 << 20);
	assert_ok(file_read(&bytes, path, 0, &err), &err);
	for (size_t i = 0; i < ARRAY_SIZE(group); i++)
		check_file(path + strlen(SAMPLES) + 1, group[i], &bytes);
	return 0;
}

static void each_sample_is_taken_by_its_decoder_alone(void **state)
{
	(void)state;
	accepted_count = 0;
	assert_int_equal(nftw(SAMPLES, visit, 16, FTW_PHYS), 0);
	assert_int_equal(accepted_count, ARRAY_SIZE(expected));
}

static bool names_kind(const struct decoder *decoder, const char *kind)
{
	for (size_t i = 0; decoder->kinds[i]; i++)
		if (!strcmp(decoder->kinds[i], kind))
			return true;
	return false;
}

static void kinds_of_the_samples_are_listed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(expected); i++) {
		const struct decoder *decoder =
			decoder_find(expected[i].decoder);
		assert_non_null(decoder);
		assert_true(names_kind(decoder, expected[i].kind));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_sample_is_taken_by_its_decoder_alone),
		cmocka_unit_test(kinds_of_the_samples_are_listed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
