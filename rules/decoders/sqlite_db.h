/*
 * A SQLite database that somebody else made, opened from memory to read a few
 * named tables and nothing else. What its schema brings along (views,
 * triggers, virtual tables, functions in expressions) never runs:
 *  - the connection is defensive, does not trust the schema, has no modules,
 *  - the authorizer allows to read plain tables and denies all else,
 *  - steps and lengths are bounded.
 */
#ifndef RULES_DECODERS_SQLITE_DB_H
#define RULES_DECODERS_SQLITE_DB_H

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

/** A larger database is not copied, and not opened. */
#define SQLITE_DB_MAX_LEN ((size_t)64 * 1024 * 1024)

/** One open database; all zero is none. */
struct sqlite_db {
	sqlite3 *handle;
	struct buf copy;     /* what the handle reads */
	uint32_t calls_left; /* of the progress handler */
	bool limited;        /* a bound or damage stopped a statement */
	bool damaged;        /* SQLite could not read the schema */
};

/** True when the bytes begin as every SQLite 3 database does. */
bool sqlite_db_is(const unsigned char *bytes, size_t len);

/**
 * Opens a private copy of the bytes, read only. `db` must stay where it is
 * until sqlite_db_close(). 1 when it is open, 0 when SQLite refuses it,
 * ERR_LIMIT when it is larger than SQLITE_DB_MAX_LEN.
 */
int sqlite_db_open(struct sqlite_db *db, const unsigned char *bytes, size_t len,
	struct err *err) MUST_CHECK;
void sqlite_db_close(struct sqlite_db *db);

/**
 * Prepares a SELECT of ours. NULL when the schema has no such plain table or
 * columns. Caller finalizes, before sqlite_db_close().
 */
sqlite3_stmt *sqlite_db_select(struct sqlite_db *db, const char *sql);

/** True when there is a row; false at the end, at a bound, and on damage. */
bool sqlite_db_step(struct sqlite_db *db, sqlite3_stmt *statement);

/**
 * True when all columns of the table are stored. To read a generated one runs
 * an expression of the schema, and neither the authorizer nor the count of
 * steps sees the functions in it.
 */
bool sqlite_db_is_stored(struct sqlite_db *db, const char *table);

/** For CLEANUP on a statement. */
static inline void sqlite_finalizep(sqlite3_stmt **statement)
{
	sqlite3_finalize(*statement);
	*statement = NULL;
}

#endif
