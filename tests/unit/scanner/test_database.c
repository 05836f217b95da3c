#include "scanner/database.h"

#include "base/buf.h"
#include "rules/encoded/encoding.h"
#include "tests/support/sqlite_bytes.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

struct row {
	const char *name;
	const char *sql;
	const char *expected; /* of each table its name, a colon, its text */
	size_t bytes;         /* bound; 0: none that matters */
	int rc;
};

static const struct row rows[] = {
	{ "a_row_is_a_line",
		"CREATE TABLE t(a, b); INSERT INTO t VALUES('x', 'y'), "
		"('z', NULL);",
		"t:{\"a\":\"x\",\"b\":\"y\"}\n{\"a\":\"z\"}\n", 0, 0 },
	{ "a_row_without_text_keeps_its_line",
		"CREATE TABLE t(a, b); INSERT INTO t VALUES(1, 2.5), "
		"(3, 'x'), (x'00ff', NULL);",
		"t:\n{\"b\":\"x\"}\n\n", 0, 0 },
	{ "a_table_without_text_is_left_out",
		"CREATE TABLE n(a); INSERT INTO n VALUES(1);"
		"CREATE TABLE t(a); INSERT INTO t VALUES('x');",
		"t:{\"a\":\"x\"}\n", 0, 0 },
	{ "texts_are_escaped_as_json",
		"CREATE TABLE t(\"q\"\"\"); INSERT INTO t VALUES("
		"'a\"b\\c' || char(10, 9, 1));",
		"t:{\"q\\\"\":\"a\\\"b\\\\c\\n\\t\\u0001\"}\n", 0, 0 },
	{ "a_text_may_be_kept_as_a_blob",
		"CREATE TABLE t(a); INSERT INTO t VALUES(CAST('x' AS BLOB)), "
		"(x'e4'), (x'');",
		"t:{\"a\":\"x\"}\n\n\n", 0, 0 },
	{ "texts_of_utf_16_are_read",
		"PRAGMA encoding = 'UTF-16be';"
		"CREATE TABLE t(a, b); INSERT INTO t VALUES('x', 'é');",
		"t:{\"a\":\"x\",\"b\":\"é\"}\n", 0, 0 },
	{ "names_are_quoted",
		"CREATE TABLE \"a\"\"; DROP TABLE b\"(\"c d\"); "
		"INSERT INTO \"a\"\"; DROP TABLE b\" VALUES('x');",
		"a\"; DROP TABLE b:{\"c d\":\"x\"}\n", 0, 0 },
	{ "generated_columns_are_not_asked",
		"CREATE TABLE t(a, b AS (hex(a)), c AS (a) STORED); "
		"INSERT INTO t VALUES('x');",
		"t:{\"a\":\"x\"}\n", 0, 0 },
	{ "views_are_not_asked",
		"CREATE TABLE t(a); INSERT INTO t VALUES('x'); "
		"CREATE VIEW v AS SELECT a FROM t;",
		"t:{\"a\":\"x\"}\n", 0, 0 },
	{ "a_store_is_left_out",
		"CREATE TABLE sessions(sid, sess, expired); "
		"INSERT INTO sessions VALUES('x', 'y', 1);",
		"", 0, 0 },
	{ "another_table_of_that_name_is_not",
		"CREATE TABLE sessions(speaker); "
		"INSERT INTO sessions VALUES('x');",
		"sessions:{\"speaker\":\"x\"}\n", 0, 0 },
	{ "tables_of_sqlite_are_left_out",
		"CREATE TABLE t(a INTEGER PRIMARY KEY AUTOINCREMENT, b); "
		"INSERT INTO t(b) VALUES('x');",
		"t:{\"b\":\"x\"}\n", 0, 0 },
	{ "an_empty_database", "CREATE TABLE t(a);", "", 0, 0 },
	{ "what_does_not_fit_is_cut_by_rows",
		"CREATE TABLE t(a); INSERT INTO t VALUES('x'), ('y'), ('z');",
		"t:{\"a\":\"x\"}\n{\"a\":\"y\"}\n", 25, ERR_LIMIT },
};

static int take(const struct archive_member *member, void *ctx, struct err *err)
{
	(void)err;
	struct buf *out = ctx;
	assert_int_equal(member->encoding, ENCODING_SQLITE);
	buf_add_text(out, member->name);
	buf_add_byte(out, ':');
	buf_add(out, member->bytes, member->len);
	return 0;
}

static void check(void **state)
{
	const struct row *row = *state;
	CLEANUP(buf_clear) struct buf bytes;
	CLEANUP(buf_clear) struct buf out;
	struct err err = { 0 };
	struct archive_bounds bounds = {
		.bytes = row->bytes ? row->bytes : 1 << 20,
		.members = 100,
		.deadline_ms = INT64_MAX,
	};
	sqlite_bytes(&bytes, row->sql);
	buf_init(&out, 0);
	buf_add_text(&out, "");
	assert_true(database_is((unsigned char *)bytes.bytes, bytes.len));
	int rc = database_each((unsigned char *)bytes.bytes, bytes.len, &bounds,
		take, &out, &err);
	assert_int_equal(rc, row->rc);
	assert_string_equal(out.bytes ? out.bytes : "", row->expected);
}

static void bounds_hold(void **state)
{
	(void)state;
	CLEANUP(buf_clear) struct buf bytes;
	CLEANUP(buf_clear) struct buf out;
	struct err err = { 0 };
	sqlite_bytes(&bytes,
		"CREATE TABLE a(x); INSERT INTO a VALUES('1');"
		"CREATE TABLE b(x); INSERT INTO b VALUES('2');");
	buf_init(&out, 0);
	struct archive_bounds bounds = { 1000, 1, INT64_MAX };
	assert_err(database_each((unsigned char *)bytes.bytes, bytes.len,
			   &bounds, take, &out, &err),
		ERR_LIMIT, &err);
	assert_string_equal(out.bytes, "a:{\"x\":\"1\"}\n");
	assert_int_equal(bounds.bytes, 1000 - strlen("{\"x\":\"1\"}\n"));
	bounds = (struct archive_bounds){ 1000, 9, 0 };
	assert_err(database_each((unsigned char *)bytes.bytes, bytes.len,
			   &bounds, take, &out, &err),
		ERR_LIMIT, &err);
}

static void damage_is_told(void **state)
{
	(void)state;
	CLEANUP(buf_clear) struct buf bytes;
	CLEANUP(buf_clear) struct buf out;
	struct err err = { 0 };
	struct archive_bounds bounds = { 1 << 20, 100, INT64_MAX };
	sqlite_bytes(&bytes, "CREATE TABLE t(a); INSERT INTO t VALUES('x');");
	buf_init(&out, 0);
	memset(bytes.bytes + 100, 0xff, 16); /* the header of the first page */
	assert_err(database_each((unsigned char *)bytes.bytes, bytes.len,
			   &bounds, take, &out, &err),
		ERR_CORRUPT, &err);
}

/* The cell around the text in brackets, which are none of the row. */
static void check_cell(const char *before, const char *cell_before,
	const char *secret, const char *cell_after, const char *after)
{
	char rows_text[256];
	size_t start = strlen(before) + strlen(cell_before);
	size_t end = start + strlen(secret);
	snprintf(rows_text, sizeof(rows_text), "%s%s%s%s%s", before,
		cell_before, secret, cell_after, after);
	struct database_cell cell = database_cell_of(
		(unsigned char *)rows_text, strlen(rows_text), start, end);
	assert_int_equal(cell.start, strlen(before));
	assert_int_equal(cell.end, end + strlen(cell_after));
}

static void a_cell_ends_at_its_quotes(void **state)
{
	(void)state;
	check_cell("{", "\"a\":\"", "x", "\"", "}\n");
	check_cell("{\"n\":\"y\"}\n{", "\"a\":\"", "x", "\"", ",\"b\":\"z\"}");
	check_cell("{\"n\":\"\\\",\\\"\",", "\"a\\\"\":\"p\\\"", "x",
		"\\\"q\\\\\"", ",\"b\":\"z\"}");
	/* no cell: the span alone */
	check_cell("{", "", "x", "", "}\n");
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 3];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = check,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	const struct CMUnitTest others[] = {
		cmocka_unit_test(bounds_hold),
		cmocka_unit_test(damage_is_told),
		cmocka_unit_test(a_cell_ends_at_its_quotes),
	};
	memcpy(tests + ARRAY_SIZE(rows), others, sizeof(others));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
