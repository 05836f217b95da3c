#include "rules/decoders/decoders.h"
#include "tests/support/test.h"
#include "tests/unit/rules/decoders/decode_rows.h"

#define HEADER "REDIS0011\xfa\5redis\0017"
#define ENDING \
	"\xff" \
	"12345678"

static const struct decode_row rows[] = {
	{ .name = "flask_session_keys_are_found_with_their_expiry",
		.sample = "redis-dump-flask-session-0.8.0/dump.rdb",
		.kind = "redis-sessions",
		.keys = "key value",
		.entries = 2,
		.expiry = EXPIRY_AT,
		.expires_at = 1798065384,
		.id = ID_CLEAR },
	{ .name = "a_key_without_expiry_never_ends",
		BYTES(HEADER "\xfe\0\xfd\0\xf1\x53\x65\0\6sess:a\1x"
			     "\0\6sess:b\1y" ENDING),
		.kind = "redis-sessions",
		.keys = "key value",
		.entries = 2,
		.expiry = EXPIRY_NEVER,
		.id = ID_CLEAR },
	{ .name = "hashes_lists_and_sets_are_stepped_over",
		BYTES(HEADER "\4\1h\1\1f\xc1\1\2\1\1l\2\1a\1b\5\1z\1\1m"
			     "12345678\3\1y\1\1m\xff\x12\1q\1\2\4pack"
			     "\0\1c\xc3\4\x0a"
			     "abcd"
			     "\0\x12spring:session:s:1\1v" ENDING),
		.kind = "redis-sessions",
		.keys = "key value",
		.entries = 1,
		.expiry = EXPIRY_NEVER,
		.id = ID_CLEAR },
	{ .name = "behind_a_stream_keys_are_searched_for",
		BYTES(HEADER "\x15\1s....\0\6sess:a\1x" ENDING),
		.kind = "redis-sessions",
		.entries = 1,
		.id = ID_CLEAR },
	{ .name = "a_dump_without_sessions_is_refused",
		BYTES(HEADER "\0\1a\6sess:a" ENDING) },
	{ .name = "a_prefix_alone_is_no_session",
		BYTES(HEADER "\0\5sess:\1x" ENDING) },
	{ .name = "a_huge_length_is_refused",
		BYTES(HEADER "\0\x81\xff\xff\xff\xff\xff\xff\xff\xff"
			     "sess") },
	{ .name = "text_is_refused", .text = "REDIS is a server; sess:a" },
	{ .name = "an_empty_file_is_refused", .text = "" },
};

int main(void)
{
	return decode_rows_run(&decoder_redis_rdb, rows, ARRAY_SIZE(rows));
}
