#include "base/buf.h"
#include "rules/decoders/decoders.h"
#include "tests/support/test.h"
#include "tests/unit/rules/decoders/decode_rows.h"

#include <string.h>

#define KEY   "_https://a.test\0\1token"
#define BATCH "\0\0\0\0\0\0\0\0\1\0\0\0"
#define MAGIC "\x57\xfb\x80\x8b\x24\x75\x47\xdb"
#define PAD   "........................................"

static const struct decode_row rows[] = {
	{ .name = "a_log_shows_names_and_values",
		.sample = "chromium-156-profile/.wwebjs_auth/session/Default/"
			  "Local Storage/leveldb/000003.log",
		.kind = "local-storage",
		.keys = "auth_token",
		.entries = 1,
		.id = ID_CLEAR },
	{ .name = "a_deleted_key_holds_nothing",
		BYTES("crc.\x24\0\1" BATCH "\0\x16" KEY) },
	{ .name = "a_key_of_another_store_is_refused",
		BYTES("crc.\x14\0\1" BATCH "\1\3abc\2\1v") },
	{ .name = "a_record_longer_than_its_block_is_refused",
		BYTES("crc.\xff\xff\1" BATCH "\1\3abc\2\1v") },
	{ .name = "a_table_is_searched",
		BYTES("\0\x16\4" KEY "\1v" PAD MAGIC),
		.kind = "local-storage",
		.entries = 1,
		.id = ID_CLEAR },
	{ .name = "a_table_of_another_store_is_refused",
		BYTES("\0\3\4abc\1v" PAD MAGIC) },
	{ .name = "text_is_refused", .text = "see _https://a.test for more" },
	{ .name = "an_empty_file_is_refused", .text = "" },
};

static void add_record(
	struct buf *log, unsigned char type, const char *data, size_t len)
{
	buf_printf(log, "crc.");
	buf_add_byte(log, (unsigned char)(len & 0xff));
	buf_add_byte(log, (unsigned char)(len >> 8));
	buf_add_byte(log, type);
	buf_add(log, data, len);
}

static void a_batch_is_joined_across_blocks(void **state)
{
	/* A value of 40000 bytes, 0xc0 0xb8 0x02: its encoding and text. */
	static const char head[] = BATCH "\1\x16" KEY "\xc0\xb8\2\1";
	static char value[39999];
	const size_t first_len = 32768 - 7;
	(void)state;
	CLEANUP(buf_clear) struct buf batch, log;
	buf_init(&batch, 0);
	buf_init(&log, 0);
	memset(value, 'v', sizeof(value));
	buf_add(&batch, head, sizeof(head) - 1);
	buf_add(&batch, value, sizeof(value));
	add_record(&log, 2, batch.bytes, first_len);
	add_record(&log, 4, batch.bytes + first_len, batch.len - first_len);
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct err err = { 0 };
	struct decoded decoded = { .arena = &arena };
	int rc = decoder_leveldb_log.decode(
		&decoded, (unsigned char *)log.bytes, log.len, &err);
	assert_int_equal(rc, 1);
	const struct value *token = value_get(decoded.root, "token");
	assert_non_null(token);
	assert_int_equal(token->len, sizeof(value));
	assert_memory_equal(token->bytes, value, sizeof(value));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_batch_is_joined_across_blocks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL) +
		decode_rows_run(&decoder_leveldb_log, rows, ARRAY_SIZE(rows));
}
