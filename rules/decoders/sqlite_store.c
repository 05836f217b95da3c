/*
 * Session stores, cookie stores and token stores that are SQLite databases.
 * A store is known by a table with certain columns, and only counts when that
 * table has rows. What decides is whether our SELECT can be prepared: SQLite
 * itself reads the schema then.
 *
 * A database that is too large to be copied, or damaged, is judged by the
 * CREATE TABLE texts at its start, which is where SQLite puts them first. That
 * says nothing of rows: the result is marked as truncated.
 */
#include "rules/decoders/sqlite_store.h"

#include "rules/decoders/decoders.h"
#include "rules/decoders/expiry.h"
#include "rules/decoders/json_value.h"
#include "rules/decoders/span.h"

#include <stdio.h>
#include <string.h>

/* Rows that become values, and bytes of one of their columns. */
#define MAX_ROWS      8
#define MAX_CELL      ((size_t)256 * 1024)
#define MAX_COUNT     ((size_t)1000000)
#define SCHEMA_PREFIX ((size_t)64 * 1024)
#define MAX_COLUMNS   8
#define MAX_NAME      128
#define MAX_STATEMENT 256

/* Chromium counts microseconds from 1601-01-01. */
#define CHROMIUM_EPOCH INT64_C(11644473600)

enum store_time {
	TIME_NONE,
	TIME_PLAIN, /* what expiry_add_value() reads */
	TIME_CHROMIUM,
};

/** One kind of store. */
struct store {
	const char *kind;
	const char *table;
	const char *columns[MAX_COLUMNS + 1]; /* all must be there */
	const char *expiry;                   /* one of them, or NULL */
	enum store_time time;
	int id;              /* enum id_exposure */
	const char *where;   /* rows that count; NULL: all */
	const char *besides; /* a SELECT that must fit the schema too */
};

/* Sources: the schemas in the samples under tests/data; connect-sqlite3 and
 * better-sqlite3-session-store for express; laravel/framework, session.stub;
 * Firefox, CookiePersistentStorage.cpp; jupyterhub/orm.py. */
static const struct store stores[] = {
	{ "django-session", "django_session",
		{ "session_key", "session_data", "expire_date" }, "expire_date",
		TIME_PLAIN, ID_CLEAR, NULL, NULL },
	{ "flask-session", "sessions", { "session_id", "data", "expiry" },
		"expiry", TIME_PLAIN, ID_CLEAR, NULL, NULL },
	{ "laravel", "sessions",
		{ "id", "user_id", "ip_address", "user_agent", "payload",
			"last_activity" },
		NULL, TIME_NONE, ID_KEYED, NULL, NULL },
	{ "express", "sessions", { "sid", "sess", "expired" }, "expired",
		TIME_PLAIN, ID_KEYED, NULL, NULL },
	{ "express", "sessions", { "sid", "sess", "expire" }, "expire",
		TIME_PLAIN, ID_KEYED, NULL, NULL },
	{ "express", "sessions", { "sid", "sess" }, NULL, TIME_NONE, ID_KEYED,
		NULL, NULL },
	{ "telethon", "sessions",
		{ "dc_id", "server_address", "port", "auth_key" }, NULL,
		TIME_NONE, ID_CREDENTIAL, "auth_key <> x''", NULL },
	{ "pyrogram", "sessions",
		{ "dc_id", "test_mode", "auth_key", "user_id", "is_bot" }, NULL,
		TIME_NONE, ID_CREDENTIAL, "auth_key <> x''", NULL },
	{ "chromium-cookies", "cookies",
		{ "host_key", "name", "value", "encrypted_value",
			"expires_utc" },
		"expires_utc", TIME_CHROMIUM, ID_CLEAR, NULL, NULL },
	{ "chromium-logins", "logins",
		{ "origin_url", "username_value", "password_value" }, NULL,
		TIME_NONE, ID_CREDENTIAL, "password_value <> x''", NULL },
	{ "firefox-cookies", "moz_cookies",
		{ "host", "name", "value", "expiry" }, "expiry", TIME_PLAIN,
		ID_CLEAR, NULL, NULL },
	{ "gcloud-credentials", "credentials", { "account_id", "value" }, NULL,
		TIME_NONE, ID_CREDENTIAL, NULL, NULL },
	{ "gcloud-tokens", "access_tokens",
		{ "account_id", "access_token", "token_expiry" },
		"token_expiry", TIME_PLAIN, ID_CREDENTIAL, NULL, NULL },
	{ "jupyterhub", "users", { "name", "admin", "cookie_id" }, NULL,
		TIME_NONE, ID_KEYED, NULL,
		"SELECT hashed, prefix FROM api_tokens" },
};

/** What one attempt works on. */
struct reading {
	struct decoded *out;
	struct sqlite_db *db;
	const struct store *store;
	struct value_builder builder;
};

/** Text of ours alone: the table above is its only source. */
static sqlite3_stmt *select_from(struct sqlite_db *db,
	const struct store *store, const char *columns, size_t limit)
{
	char sql[MAX_STATEMENT];
	int len = snprintf(sql, sizeof(sql),
		"SELECT %s FROM main.%s%s%s LIMIT %zu", columns, store->table,
		store->where ? " WHERE " : "", store->where ? store->where : "",
		limit);
	if (len < 0 || (size_t)len >= sizeof(sql))
		return NULL;
	return sqlite_db_select(db, sql);
}

static sqlite3_stmt *select_rows(
	struct sqlite_db *db, const struct store *store)
{
	char columns[MAX_STATEMENT] = "";
	size_t len = 0;
	for (size_t i = 0; store->columns[i] && len < sizeof(columns); i++)
		len += (size_t)snprintf(columns + len, sizeof(columns) - len,
			"%s%s", i ? ", " : "", store->columns[i]);
	return select_from(db, store, columns, MAX_ROWS);
}

static bool fits_besides(struct sqlite_db *db, const struct store *store)
{
	if (!store->besides)
		return true;
	CLEANUP(sqlite_finalizep)
	sqlite3_stmt *statement = sqlite_db_select(db, store->besides);
	return statement != NULL;
}

static struct value *cell_bytes(struct reading *reading,
	sqlite3_stmt *statement, int column, enum value_type type)
{
	const void *bytes = sqlite3_column_blob(statement, column);
	size_t len = (size_t)sqlite3_column_bytes(statement, column);
	if (len > MAX_CELL) {
		len = MAX_CELL;
		reading->out->truncated = true;
	}
	struct value *value = value_new(&reading->builder, type);
	if (!value)
		return NULL;
	value->bytes = (const unsigned char *)arena_memdupz(
		reading->builder.arena, bytes, bytes ? len : 0);
	value->len = bytes ? len : 0;
	return value;
}

/** A text as a tree, where it is JSON: express sessions are. */
static struct value *cell_text(
	struct reading *reading, sqlite3_stmt *statement, int column)
{
	const unsigned char *text = sqlite3_column_text(statement, column);
	struct value *value =
		cell_bytes(reading, statement, column, VALUE_TEXT);
	struct value *json;
	struct err ignored = { 0 };
	if (!text || !value || !value->len || value->bytes[0] != '{')
		return value;
	if (json_value_read(&json, &reading->builder, value->bytes, value->len,
		    &ignored) == 1)
		return json;
	return value;
}

static struct value *cell_value(
	struct reading *reading, sqlite3_stmt *statement, int column)
{
	struct value *value;
	switch (sqlite3_column_type(statement, column)) {
	case SQLITE_INTEGER:
		return value_int(&reading->builder,
			sqlite3_column_int64(statement, column));
	case SQLITE_FLOAT:
		value = value_new(&reading->builder, VALUE_FLOAT);
		if (value)
			value->real = sqlite3_column_double(statement, column);
		return value;
	case SQLITE_TEXT:
		return cell_text(reading, statement, column);
	case SQLITE_BLOB:
		return cell_bytes(reading, statement, column, VALUE_BYTES);
	default:
		return value_new(&reading->builder, VALUE_NULL);
	}
}

static struct value *row_value(struct reading *reading, sqlite3_stmt *statement)
{
	const struct store *store = reading->store;
	struct value *row = value_new(&reading->builder, VALUE_MAP);
	for (int i = 0; row && store->columns[i]; i++) {
		struct value *key = value_text(&reading->builder,
			store->columns[i], strlen(store->columns[i]));
		struct value *value = cell_value(reading, statement, i);
		if (!key || !value ||
			!value_add(&reading->builder, row, key, value))
			return NULL;
	}
	return row;
}

static void read_rows(struct reading *reading)
{
	CLEANUP(sqlite_finalizep)
	sqlite3_stmt *statement = select_rows(reading->db, reading->store);
	struct value *list = value_new(&reading->builder, VALUE_LIST);
	while (statement && list && sqlite_db_step(reading->db, statement)) {
		struct value *row = row_value(reading, statement);
		if (!row || !value_add(&reading->builder, list, NULL, row)) {
			reading->out->truncated = true;
			break;
		}
	}
	reading->out->root = list;
}

/** The time in the first column. A row without one is not for ever: the
 * stores delete such rows when the browser or the server says so. */
static void add_time(struct reading *reading, sqlite3_stmt *statement)
{
	int64_t number = sqlite3_column_int64(statement, 0);
	int64_t seconds;
	int type = sqlite3_column_type(statement, 0);
	if (reading->store->time == TIME_CHROMIUM) {
		expiry_add(reading->out, number / 1000000 - CHROMIUM_EPOCH);
		return;
	}
	if (type == SQLITE_INTEGER || type == SQLITE_FLOAT)
		expiry_add(reading->out, expiry_scale(number));
	if (type != SQLITE_TEXT)
		return;
	struct span text = { sqlite3_column_text(statement, 0), 0 };
	text.len = text.bytes ? (size_t)sqlite3_column_bytes(statement, 0) : 0;
	if (expiry_parse(&seconds, text))
		expiry_add(reading->out, seconds);
}

/** Counts by stepping: count(*) walks the tree where no bound is asked. */
static void count_rows(struct reading *reading)
{
	const struct store *store = reading->store;
	const char *column = store->expiry ? store->expiry : store->columns[0];
	CLEANUP(sqlite_finalizep)
	sqlite3_stmt *statement =
		select_from(reading->db, store, column, MAX_COUNT);
	while (statement && sqlite_db_step(reading->db, statement)) {
		reading->out->entry_count++;
		if (store->expiry)
			add_time(reading, statement);
	}
	if (reading->db->limited || reading->out->entry_count == MAX_COUNT)
		reading->out->truncated = true;
}

static bool is_there(struct sqlite_db *db, const struct store *store)
{
	CLEANUP(sqlite_finalizep)
	sqlite3_stmt *fits = select_rows(db, store);
	return fits && fits_besides(db, store) &&
		sqlite_db_is_stored(db, store->table);
}

bool sqlite_store_is(struct sqlite_db *db, const char *table)
{
	for (size_t i = 0; i < ARRAY_SIZE(stores); i++)
		if (!sqlite3_stricmp(stores[i].table, table) &&
			is_there(db, &stores[i]))
			return true;
	return false;
}

/** True when the store is there and has rows. */
static bool try_store(struct reading *reading)
{
	const struct store *store = reading->store;
	if (!is_there(reading->db, store))
		return false;
	count_rows(reading);
	if (!reading->out->entry_count)
		return false;
	reading->out->kind = store->kind;
	reading->out->id = store->id;
	read_rows(reading);
	return true;
}

static int try_stores(struct decoded *out, struct sqlite_db *db)
{
	for (size_t i = 0; i < ARRAY_SIZE(stores); i++) {
		struct reading reading = {
			.out = out,
			.db = db,
			.store = &stores[i],
			.builder = { out->arena, VALUE_MAX_COUNT },
		};
		if (try_store(&reading))
			return 1;
	}
	return 0;
}

/** A name without the quotes around it, of which SQLite takes four kinds. */
static struct span unquote(struct span name)
{
	if (name.len < 2 ||
		!span_made_of((struct span){ name.bytes, 1 }, "\"'`["))
		return name;
	return (struct span){ name.bytes + 1, name.len - 2 };
}

/** The parenthesis behind CREATE TABLE and this name, to the next NUL. */
static bool find_columns(
	struct span *columns, struct span schema, const char *table)
{
	static const char create[] = "CREATE TABLE ";
	struct span rest = schema;
	const unsigned char *at;
	while ((at = memmem(rest.bytes, rest.len, create, strlen(create)))) {
		size_t used = (size_t)(at - rest.bytes) + strlen(create);
		rest.bytes += used;
		rest.len -= used;
		struct span name;
		struct span window = { rest.bytes,
			rest.len < MAX_NAME ? rest.len : MAX_NAME };
		if (!span_cut(&name, &window, '('))
			continue;
		size_t behind = name.len + 1;
		if (span_is(unquote(span_trim(name)), table)) {
			*columns = (struct span){ rest.bytes + behind,
				rest.len - behind };
			return true;
		}
	}
	return false;
}

static bool schema_fits(struct span schema, const struct store *store)
{
	struct span columns;
	if (store->besides || !find_columns(&columns, schema, store->table))
		return false;
	/* The columns of one table; the next statement lies elsewhere. */
	if (columns.len > 4096)
		columns.len = 4096;
	for (size_t i = 0; store->columns[i]; i++)
		if (!span_has(columns, store->columns[i]))
			return false;
	return true;
}

/** Too large or damaged: what the first pages say of the schema. */
static int decode_by_schema(struct decoded *out, struct span file)
{
	struct span schema = { file.bytes,
		file.len < SCHEMA_PREFIX ? file.len : SCHEMA_PREFIX };
	for (size_t i = 0; i < ARRAY_SIZE(stores); i++) {
		if (!schema_fits(schema, &stores[i]))
			continue;
		out->kind = stores[i].kind;
		out->id = stores[i].id;
		out->truncated = true;
		return 1;
	}
	return 0;
}

static int decode_sqlite_store(struct decoded *out, const unsigned char *bytes,
	size_t len, struct err *err)
{
	struct span file = { bytes, len };
	if (!sqlite_db_is(bytes, len))
		return 0;
	if (len > SQLITE_DB_MAX_LEN)
		return decode_by_schema(out, file);
	CLEANUP(sqlite_db_close) struct sqlite_db db;
	int rc = sqlite_db_open(&db, bytes, len, err);
	if (rc == 1)
		rc = try_stores(out, &db);
	return rc == 0 && db.damaged ? decode_by_schema(out, file) : rc;
}

static const char *const kinds[] = {
	"django-session",
	"flask-session",
	"laravel",
	"express",
	"telethon",
	"pyrogram",
	"chromium-cookies",
	"chromium-logins",
	"firefox-cookies",
	"gcloud-credentials",
	"gcloud-tokens",
	"jupyterhub",
	NULL,
};

const struct decoder decoder_sqlite_store = {
	.name = "sqlite-store",
	.summary = "SQLite databases of sessions, cookies, logins and tokens",
	.kinds = kinds,
	.decode = decode_sqlite_store,
};
