#include "scanner/database.h"

#include "base/buf.h"
#include "base/uptime.h"
#include "rules/decoders/sqlite_store.h"
#include "rules/encoded/encoding.h"
#include "scanner/json_text.h"

#include <string.h>

/* The columns of a row in the answer to PRAGMA table_xinfo: cid, name, type,
 * notnull, dflt_value, pk, hidden. */
#define COLUMN_NAME   1
#define COLUMN_HIDDEN 6

/* A longer statement has more columns than SQLite allows. */
#define MAX_STATEMENT ((size_t)1024 * 1024)

struct table {
	struct sqlite_db *db;
	struct archive_bounds *bounds;
	const char *name;
	struct buf rows;
	bool has_text;
	bool out_of_bounds;
};

static void table_clear(struct table *table)
{
	buf_clear(&table->rows);
}

bool database_is(const unsigned char *bytes, size_t len)
{
	return sqlite_db_is(bytes, len);
}

/* A name as SQL quotes it. */
static void add_identifier(struct buf *out, const char *name)
{
	buf_add_byte(out, '"');
	for (; *name; name++) {
		if (*name == '"')
			buf_add_byte(out, '"');
		buf_add_byte(out, (unsigned char)*name);
	}
	buf_add_byte(out, '"');
}

/* The statement that reads all stored columns of the table; empty when there
 * are none. To read a generated one would run an expression of the schema. */
static void write_select(
	struct buf *out, struct sqlite_db *db, const char *name)
{
	CLEANUP(buf_clear) struct buf pragma;
	buf_init(&pragma, MAX_STATEMENT);
	buf_add_text(&pragma, "PRAGMA main.table_xinfo(");
	add_identifier(&pragma, name);
	buf_add_text(&pragma, ")");
	CLEANUP(sqlite_finalizep)
	sqlite3_stmt *columns =
		pragma.failed ? NULL : sqlite_db_select(db, pragma.bytes);
	while (columns && sqlite_db_step(db, columns)) {
		const char *column =
			(const char *)sqlite3_column_text(columns, COLUMN_NAME);
		if (!column || sqlite3_column_int(columns, COLUMN_HIDDEN))
			continue;
		buf_add_text(out, out->len ? "," : "SELECT ");
		add_identifier(out, column);
	}
	if (!out->len)
		return;
	buf_add_text(out, " FROM main.");
	add_identifier(out, name);
}

/* The bytes of a text, in UTF-8 however the database keeps it, and of a blob
 * that is one; or NULL. */
static const unsigned char *text_of(size_t *len, sqlite3_stmt *row, int column)
{
	int type = sqlite3_column_type(row, column);
	if (type != SQLITE_TEXT && type != SQLITE_BLOB)
		return NULL;
	const unsigned char *bytes = type == SQLITE_TEXT
		? sqlite3_column_text(row, column)
		: sqlite3_column_blob(row, column);
	*len = (size_t)sqlite3_column_bytes(row, column);
	bool is_text = type == SQLITE_TEXT || json_text_is(bytes, *len);
	return is_text ? bytes : NULL;
}

/* A row of texts as a line; false when it does not fit. */
static bool add_row(struct table *table, sqlite3_stmt *row)
{
	struct buf *out = &table->rows;
	bool any = false;
	int count = sqlite3_column_count(row);
	for (int column = 0; column < count; column++) {
		size_t len;
		const unsigned char *text = text_of(&len, row, column);
		if (!text)
			continue;
		const char *name = sqlite3_column_name(row, column);
		buf_add_byte(out, any ? ',' : '{');
		json_text_add(out, (const unsigned char *)name, strlen(name));
		buf_add_byte(out, ':');
		json_text_add(out, text, len);
		any = true;
	}
	buf_add_text(out, any ? "}\n" : "\n");
	table->has_text = table->has_text || any;
	return !out->failed;
}

/* Reads rows until the end, a bound or damage. */
static void read_rows(struct table *table, sqlite3_stmt *row)
{
	while (sqlite_db_step(table->db, row)) {
		size_t len = table->rows.len;
		if (!archive_bounds_are_met(table->bounds) &&
			add_row(table, row))
			continue;
		table->rows.len = len; /* no half a row */
		table->out_of_bounds = true;
		return;
	}
}

static int push_table(
	struct table *table, archive_sink *sink, void *ctx, struct err *err)
{
	struct archive_bounds *bounds = table->bounds;
	const struct archive_member member = {
		.name = table->name,
		.status = table->out_of_bounds ? MEMBER_CUT : MEMBER_WHOLE,
		.encoding = ENCODING_SQLITE,
		.bytes = (const unsigned char *)table->rows.bytes,
		.len = table->rows.len,
	};
	bounds->bytes -= table->rows.len;
	bounds->members--;
	int rc = table->has_text ? sink(&member, ctx, err) : 0;
	if (rc == 0 && table->out_of_bounds)
		rc = err_set(err, ERR_LIMIT, "more than is unpacked");
	return rc;
}

static int read_table(struct sqlite_db *db, const char *name,
	struct archive_bounds *bounds, archive_sink *sink, void *ctx,
	struct err *err)
{
	CLEANUP(table_clear)
	struct table table = { .db = db, .bounds = bounds, .name = name };
	CLEANUP(buf_clear) struct buf select;
	buf_init(&select, MAX_STATEMENT);
	buf_init(&table.rows, bounds->bytes);
	if (archive_bounds_are_met(bounds))
		return err_set(err, ERR_LIMIT, "more than is unpacked");
	write_select(&select, db, name);
	CLEANUP(sqlite_finalizep)
	sqlite3_stmt *row = select.failed || !select.len
		? NULL
		: sqlite_db_select(db, select.bytes);
	if (!row) /* a table of a module: what it holds is in others */
		return 0;
	read_rows(&table, row);
	return push_table(&table, sink, ctx, err);
}

/* SQLite's own tables hold names of others and numbers; stores are told as
 * such, and not once more by each of their rows. */
static bool is_wanted(struct sqlite_db *db, const char *name)
{
	return sqlite3_strnicmp(name, "sqlite_", 7) != 0 &&
		!sqlite_store_is(db, name);
}

static int read_tables(struct sqlite_db *db, struct archive_bounds *bounds,
	archive_sink *sink, void *ctx, struct err *err)
{
	CLEANUP(sqlite_finalizep)
	sqlite3_stmt *names = sqlite_db_select(
		db, "SELECT name FROM main.sqlite_master WHERE type = 'table'");
	int rc = 0;
	while (rc == 0 && names && sqlite_db_step(db, names)) {
		const char *name = (const char *)sqlite3_column_text(names, 0);
		if (name && is_wanted(db, name))
			rc = read_table(db, name, bounds, sink, ctx, err);
	}
	if (rc == 0 && db->limited)
		return err_set(err, db->calls_left ? ERR_CORRUPT : ERR_LIMIT,
			db->calls_left ? "database is damaged"
				       : "more than is read of a database");
	if (rc == 0 && (db->damaged || !names))
		return err_set(err, ERR_CORRUPT, "database is damaged");
	return rc;
}

int database_each(const unsigned char *bytes, size_t len,
	struct archive_bounds *bounds, archive_sink *sink, void *ctx,
	struct err *err)
{
	CLEANUP(sqlite_db_close) struct sqlite_db db;
	int rc = sqlite_db_open(&db, bytes, len, err);
	if (rc == 0)
		return err_set(err, ERR_CORRUPT, "database is damaged");
	return rc < 0 ? rc : read_tables(&db, bounds, sink, ctx, err);
}

/* How far around a span its cell is looked for: an excerpt is shorter, and a
 * cell can have millions of bytes, and a thousand secrets. */
#define CELL_REACH ((size_t)1024)

/* True for a quote that begins or ends a text; within one it is escaped. */
static bool is_quote(const unsigned char *rows, size_t at)
{
	size_t backslashes = 0;
	if (rows[at] != '"')
		return false;
	while (backslashes < at && backslashes < CELL_REACH &&
		rows[at - 1 - backslashes] == '\\')
		backslashes++;
	return backslashes % 2 == 0;
}

/* The third quote from the span back is that before the name. */
static bool find_name(size_t *out, const unsigned char *rows, size_t start)
{
	size_t least = start > CELL_REACH ? start - CELL_REACH : 0;
	unsigned quotes = 0;
	for (size_t at = start; at > least && rows[at - 1] != '\n'; at--) {
		quotes += is_quote(rows, at - 1);
		if (quotes < 3)
			continue;
		*out = at - 1;
		return true;
	}
	return false;
}

struct database_cell database_cell_of(
	const unsigned char *rows, size_t len, size_t start, size_t end)
{
	struct database_cell cell = { start, end };
	size_t most = len - end > CELL_REACH ? end + CELL_REACH : len;
	if (!find_name(&cell.start, rows, start))
		return cell;
	while (cell.end < most && !is_quote(rows, cell.end))
		cell.end++;
	cell.end += cell.end < most;
	return cell;
}
