#include "rules/decoders/sqlite_db.h"

#include <stdio.h>
#include <string.h>

/* SQLite file format 3, §1.3: the header, and in it the versions needed to
 * write and to read: 1 is a rollback journal, 2 a write-ahead log. */
#define HEADER_LEN     100
#define WRITE_VERSION  18
#define READ_VERSION   19
#define LEGACY_VERSION 1

/* The progress handler is called every so many instructions. */
#define STEPS_A_CALL 1000
#define MAX_CALLS    20000

/* Longest text, blob or row. */
#define MAX_ROW (16 * 1024 * 1024)

bool sqlite_db_is(const unsigned char *bytes, size_t len)
{
	return len >= HEADER_LEN && !memcmp(bytes, "SQLite format 3", 16);
}

static int on_progress(void *ctx)
{
	struct sqlite_db *db = ctx;
	if (!db->calls_left) {
		db->limited = true;
		return 1;
	}
	db->calls_left--;
	return 0;
}

/** Allows a SELECT that reads columns of tables, outside of any view, and to
 * ask for the columns of a table. */
static int authorize(void *ctx, int action, const char *name,
	const char *column, const char *schema, const char *view)
{
	(void)ctx;
	(void)column;
	(void)schema;
	if (view)
		return SQLITE_DENY;
	if (action == SQLITE_SELECT || action == SQLITE_READ)
		return SQLITE_OK;
	if (action == SQLITE_PRAGMA && name && !strcmp(name, "table_xinfo"))
		return SQLITE_OK;
	return SQLITE_DENY;
}

static void set_limits(sqlite3 *handle)
{
	sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, MAX_ROW);
	sqlite3_limit(handle, SQLITE_LIMIT_EXPR_DEPTH, 100);
	sqlite3_limit(handle, SQLITE_LIMIT_COMPOUND_SELECT, 2);
	sqlite3_limit(handle, SQLITE_LIMIT_VDBE_OP, 25000);
	sqlite3_limit(handle, SQLITE_LIMIT_FUNCTION_ARG, 8);
	sqlite3_limit(handle, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(handle, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
	sqlite3_limit(handle, SQLITE_LIMIT_WORKER_THREADS, 0);
}

/** The ways in which a hostile schema acts are closed, as
 * https://www.sqlite.org/security.html asks for. */
static void harden(struct sqlite_db *db)
{
	sqlite3 *handle = db->handle;
	sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(
		handle, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	/* A column that is not there would else be read as a string. */
	sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_drop_modules(handle, NULL);
	set_limits(handle);
	sqlite3_progress_handler(handle, STEPS_A_CALL, on_progress, db);
	sqlite3_set_authorizer(handle, authorize, db);
}

static int open_copy(struct sqlite_db *db, size_t len)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY |
		SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
	if (sqlite3_open_v2(":memory:", &db->handle, flags, NULL) != SQLITE_OK)
		return 0;
	if (sqlite3_deserialize(db->handle, "main",
		    (unsigned char *)db->copy.bytes, (sqlite3_int64)len,
		    (sqlite3_int64)len,
		    SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
		return 0;
	harden(db);
	return 1;
}

int sqlite_db_open(struct sqlite_db *db, const unsigned char *bytes, size_t len,
	struct err *err)
{
	*db = (struct sqlite_db){ .calls_left = MAX_CALLS };
	if (!sqlite_db_is(bytes, len))
		return 0;
	buf_init(&db->copy, SQLITE_DB_MAX_LEN);
	if (buf_add(&db->copy, bytes, len) < 0)
		return err_set(err, ERR_LIMIT, "database of more than %zu MiB",
			SQLITE_DB_MAX_LEN >> 20);
	/* Without its log a database in WAL mode reads as the last
	 * checkpoint left it, but only if it does not ask for the log. */
	db->copy.bytes[WRITE_VERSION] = LEGACY_VERSION;
	db->copy.bytes[READ_VERSION] = LEGACY_VERSION;
	if (open_copy(db, len))
		return 1;
	sqlite_db_close(db);
	return 0;
}

void sqlite_db_close(struct sqlite_db *db)
{
	sqlite3_close(db->handle);
	buf_clear(&db->copy);
	db->handle = NULL;
}

sqlite3_stmt *sqlite_db_select(struct sqlite_db *db, const char *sql)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL);
	if (rc == SQLITE_CORRUPT || rc == SQLITE_NOTADB)
		db->damaged = true;
	return statement;
}

bool sqlite_db_step(struct sqlite_db *db, sqlite3_stmt *statement)
{
	int rc = sqlite3_step(statement);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		db->limited = true;
	return rc == SQLITE_ROW;
}

bool sqlite_db_is_stored(struct sqlite_db *db, const char *table)
{
	/* cid, name, type, notnull, dflt_value, pk, hidden */
	const int hidden = 6;
	char sql[128];
	snprintf(sql, sizeof(sql), "PRAGMA main.table_xinfo(%s)", table);
	CLEANUP(sqlite_finalizep)
	sqlite3_stmt *columns = sqlite_db_select(db, sql);
	bool any = false;
	while (columns && sqlite_db_step(db, columns)) {
		any = true;
		if (sqlite3_column_int(columns, hidden))
			return false;
	}
	return any;
}
