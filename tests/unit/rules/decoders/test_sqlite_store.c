#include "rules/decoders/decoders.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "tests/support/sqlite_bytes.h"
#include "tests/support/test.h"
#include "tests/unit/rules/decoders/decode_rows.h"

#include <string.h>

static const struct decode_row rows[] = {
	{ .name = "django_keeps_ids_in_clear",
		.sample = "django-3.2-file-session/db.sqlite3",
		.kind = "django-session",
		.keys = "session_key session_data expire_date",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1796596723,
		.id = ID_CLEAR },
	{ .name = "flask_session_ends_with_its_newest_row",
		.sample = "fs-0.8.0-sqlalchemy-msgpack-sqlite/instance/app.db",
		.kind = "flask-session",
		.keys = "session_id data expiry",
		.entries = 2,
		.expiry = EXPIRY_AT,
		.expires_at = 1798065289,
		.id = ID_CLEAR },
	{ .name = "connect_sqlite3_keeps_milliseconds",
		.sample = "connect-sqlite3-schema/sessions",
		.kind = "express",
		.keys = "sid sess expired",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1826900000,
		.id = ID_KEYED },
	{ .name = "telethon_holds_an_account",
		.sample = "telethon-1.25-sqlite/anon.session",
		.kind = "telethon",
		.keys = "dc_id server_address port auth_key",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "pyrogram_holds_an_account",
		.sample = "pyrogram-sqlite/my_account.session",
		.kind = "pyrogram",
		.keys = "dc_id test_mode auth_key user_id is_bot",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "chromium_counts_from_1601",
		.sample = "chromium-156-profile/.wwebjs_auth/session/Default/"
			  "Cookies",
		.kind = "chromium-cookies",
		.keys = "host_key name value encrypted_value expires_utc",
		.entries = 3,
		.expiry = EXPIRY_AT,
		.expires_at = 1826923353,
		.id = ID_CLEAR },
	{ .name = "gcloud_keeps_credentials",
		.sample = "gcloud-config-handmade/.config/gcloud/"
			  "credentials.db",
		.kind = "gcloud-credentials",
		.keys = "account_id value",
		.entries = 1,
		.id = ID_CREDENTIAL },
	{ .name = "gcloud_keeps_access_tokens",
		.sample = "gcloud-config-handmade/.config/gcloud/"
			  "access_tokens.db",
		.kind = "gcloud-tokens",
		.keys = "account_id access_token token_expiry",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1798761600,
		.id = ID_CREDENTIAL },
	{ .name = "notes_are_no_telegram_session",
		.sample = "lookalikes/dot-session-not-telegram/notes.session" },
	{ .name = "a_bare_header_is_refused", BYTES("SQLite format 3\0") },
	{ .name = "an_empty_file_is_refused", .text = "" },
};

#define DJANGO_COLUMNS "session_key, session_data, expire_date"
#define DJANGO_TABLE   "CREATE TABLE django_session(" DJANGO_COLUMNS ");"
#define DJANGO_ROW                                                       \
	"INSERT INTO django_session VALUES('k','d','2027-01-01 00:00');" \
	"INSERT INTO django_session VALUES('l','d','2027-01-01 00:00:00');"

/** A database made by statements, and the kind it must have. */
struct sql_row {
	const char *name;
	const char *sql;
	const char *kind; /* NULL: refused */
	size_t entries;
};

static const struct sql_row sql_rows[] = {
	{ "rows_make_it_a_store", DJANGO_TABLE DJANGO_ROW, "django-session",
		2 },
	{ "a_table_without_rows_is_refused", DJANGO_TABLE, NULL, 0 },
	{ "a_missing_column_is_not_read_as_text",
		"CREATE TABLE django_session(session_key, session_data);"
		"INSERT INTO django_session VALUES('k','d');",
		NULL, 0 },
	{ "other_sessions_are_refused",
		"CREATE TABLE sessions(title, room);"
		"INSERT INTO sessions VALUES('a','b');",
		NULL, 0 },
	{ "utf_16_is_read",
		"PRAGMA encoding='UTF-16le';" DJANGO_TABLE DJANGO_ROW,
		"django-session", 2 },
	{ "laravel_sessions_have_addresses",
		"CREATE TABLE sessions(id, user_id, ip_address, user_agent,"
		" payload, last_activity);"
		"INSERT INTO sessions VALUES('a',1,'b','c','d',1);",
		"laravel", 1 },
	{ "express_may_have_no_expiry",
		"CREATE TABLE sessions(sid, sess);"
		"INSERT INTO sessions VALUES('a','{\"cookie\":{}}');",
		"express", 1 },
	{ "a_telegram_session_without_a_key_is_refused",
		"CREATE TABLE sessions(dc_id, server_address, port, auth_key);"
		"INSERT INTO sessions VALUES(1,'a',1,NULL),(2,'a',1,x'');",
		NULL, 0 },
	{ "firefox_cookies_have_a_host",
		"CREATE TABLE moz_cookies(host, name, value, expiry);"
		"INSERT INTO moz_cookies VALUES('a','b','c',1798761600);",
		"firefox-cookies", 1 },
	{ "chromium_logins_have_passwords",
		"CREATE TABLE logins(origin_url, username_value,"
		" password_value); INSERT INTO logins VALUES('a','b',x'01');",
		"chromium-logins", 1 },
	{ "jupyterhub_has_users_and_tokens",
		"CREATE TABLE users(name, admin, cookie_id);"
		"CREATE TABLE api_tokens(hashed, prefix);"
		"INSERT INTO users VALUES('a',1,'b');",
		"jupyterhub", 1 },
	{ "users_alone_are_refused",
		"CREATE TABLE users(name, admin, cookie_id);"
		"INSERT INTO users VALUES('a',1,'b');",
		NULL, 0 },
	{ "a_view_never_runs",
		"CREATE TABLE t(a); INSERT INTO t VALUES(1);"
		"CREATE VIEW django_session(" DJANGO_COLUMNS ") AS"
		" SELECT a, a, a FROM t;",
		NULL, 0 },
	{ "a_virtual_table_never_runs",
		"CREATE VIRTUAL TABLE django_session USING"
		" fts4(" DJANGO_COLUMNS ");" DJANGO_ROW,
		NULL, 0 },
	{ "a_generated_column_never_runs",
		"CREATE TABLE django_session(session_key, session_data,"
		" expire_date AS (hex('a')));"
		"INSERT INTO django_session VALUES('k','d');",
		NULL, 0 },
};

/** The kind that the decoder says, or NULL. */
static const char *kind_of(struct decoded *decoded, const struct buf *bytes)
{
	struct err err = { 0 };
	int rc = decoder_sqlite_store.decode(
		decoded, (unsigned char *)bytes->bytes, bytes->len, &err);
	assert_ok(rc, &err);
	return rc == 1 ? decoded->kind : NULL;
}

static void check_sql(void **state)
{
	const struct sql_row *row = *state;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct decoded decoded = { .arena = &arena };
	CLEANUP(buf_clear) struct buf bytes;
	sqlite_bytes(&bytes, row->sql);
	const char *kind = kind_of(&decoded, &bytes);
	assert_string_equal(kind ? kind : "", row->kind ? row->kind : "");
	if (kind)
		assert_int_equal(decoded.entry_count, row->entries);
}

static void a_database_in_wal_mode_is_read(void **state)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct decoded decoded = { .arena = &arena };
	CLEANUP(buf_clear) struct buf bytes;
	(void)state;
	sqlite_bytes(&bytes, DJANGO_TABLE DJANGO_ROW);
	bytes.bytes[18] = 2;
	bytes.bytes[19] = 2;
	assert_non_null(kind_of(&decoded, &bytes));
	assert_int_equal(decoded.entry_count, 2);
	assert_int_equal(bytes.bytes[18], 2);
}

static void json_in_a_session_is_read(void **state)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct decoded decoded = { .arena = &arena };
	CLEANUP(buf_clear) struct buf bytes;
	(void)state;
	sqlite_bytes(&bytes,
		"CREATE TABLE sessions(sid, sess); INSERT INTO sessions "
		"VALUES('a','{\"passport\":{\"user\":1}}');");
	assert_non_null(kind_of(&decoded, &bytes));
	const struct value *session =
		value_get(decoded.root->items[0].value, "sess");
	assert_int_equal(session->type, VALUE_MAP);
	assert_non_null(value_get(session, "passport"));
}

static void few_rows_become_values_but_all_count(void **state)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct decoded decoded = { .arena = &arena };
	CLEANUP(buf_clear) struct buf bytes;
	(void)state;
	sqlite_bytes(&bytes,
		DJANGO_TABLE
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1"
		" FROM n WHERE i < 1000) INSERT INTO django_session"
		" SELECT i, 'd', 1700000000 + i FROM n;");
	assert_non_null(kind_of(&decoded, &bytes));
	assert_int_equal(decoded.entry_count, 1000);
	assert_int_equal(decoded.expires_at, 1700001000);
	assert_true(decoded.root->count < 100);
}

static void a_damaged_database_is_told_by_its_schema(void **state)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct decoded decoded = { .arena = &arena };
	CLEANUP(buf_clear) struct buf bytes;
	(void)state;
	sqlite_bytes(&bytes, DJANGO_TABLE DJANGO_ROW);
	bytes.len = 4096; /* the first of its two pages */
	const char *kind = kind_of(&decoded, &bytes);
	assert_string_equal(kind ? kind : "", "django-session");
	assert_true(decoded.truncated);
}

static void a_database_too_large_is_told_by_its_schema(void **state)
{
	const size_t len = (size_t)65 * 1024 * 1024;
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct err err = { 0 };
	struct decoded decoded = { .arena = &arena };
	CLEANUP(buf_clear) struct buf bytes;
	(void)state;
	sqlite_bytes(&bytes, DJANGO_TABLE DJANGO_ROW);
	CLEANUP(freep) unsigned char *large = xcalloc(1, len);
	memcpy(large, bytes.bytes, bytes.len);
	assert_int_equal(
		decoder_sqlite_store.decode(&decoded, large, len, &err), 1);
	assert_string_equal(decoded.kind, "django-session");
	assert_true(decoded.truncated);
}

static int run_sql_rows(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(sql_rows)];
	for (size_t i = 0; i < ARRAY_SIZE(sql_rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = sql_rows[i].name,
			.test_func = check_sql,
			.initial_state = (void *)(uintptr_t)&sql_rows[i],
		};
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_database_in_wal_mode_is_read),
		cmocka_unit_test(json_in_a_session_is_read),
		cmocka_unit_test(few_rows_become_values_but_all_count),
		cmocka_unit_test(a_damaged_database_is_told_by_its_schema),
		cmocka_unit_test(a_database_too_large_is_told_by_its_schema),
	};
	return cmocka_run_group_tests(tests, NULL, NULL) + run_sql_rows() +
		decode_rows_run(&decoder_sqlite_store, rows, ARRAY_SIZE(rows));
}
