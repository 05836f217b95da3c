#include "rules/decoders/decoders.h"
#include "tests/support/decode.h"

static const struct decode_row rows[] = {
	{
		.name = "map_with_session_keys_is_a_session",
		BYTES("\202\252_permanent\303\247user_id\315\001/"),
		.kind = "session",
		.keys = "_permanent,user_id",
	},
	{
		.name = "map_without_is_data",
		.sample = "lookalikes/msgpack-not-session/data/terrain.msgpack",
		.kind = "msgpack",
		.keys = "width,height,tiles",
	},
	{
		.name = "list_is_data",
		.sample =
			"lookalikes/msgpack-not-session/data/9e107d9d372bb6826bd81d3542a419d6",
		.kind = "msgpack",
	},
	{
		.name = "values_of_all_kinds",
		BYTES("\236\300\302\303\317\377\377\377\377\377\377\377\377\320"
		      "\200\321\200\000\323\200\000\000\000\000\000\000\000\312"
		      "?\200\000\000\313?\360\000\000\000\000\000\000\326\377"
		      "\000\000\000\001\307\001\005x\304\001\377\241\377\377"),
		.kind = "msgpack",
	},
	{
		.name = "number_alone_is_refused",
		BYTES("\005"),
	},
	{
		.name = "list_of_four_billion_is_refused",
		BYTES("\335\377\377\377\377"),
	},
	{
		.name = "map_of_two_billion_is_refused",
		BYTES("\337\177\377\377\377\001\001"),
	},
	{
		.name = "reserved_byte_is_refused",
		BYTES("\221\301"),
	},
	{
		.name = "bytes_behind_are_refused",
		BYTES("\221\001\001"),
	},
	{
		.name = "cut_text_is_refused",
		BYTES("\221\245abc"),
	},
	{
		.name = "pickle_is_refused",
		.sample = "pickled-cookies/cookies.pkl",
	},
	{
		.name = "text_is_refused",
		.sample = "lookalikes/docs-and-source/src/session.py",
	},
};

static void depth_is_bounded(void **state)
{
	(void)state;
	unsigned char bytes[1000];
	memset(bytes, 0x91, sizeof(bytes)); /* lists of one */
	struct arena arena = { 0 };
	struct err err = { 0 };
	struct decoded decoded = { .arena = &arena };
	assert_err(decoder_msgpack.decode(&decoded, bytes, sizeof(bytes), &err),
		ERR_LIMIT, &err);
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(depth_is_bounded),
	};
	return run_decode_rows(&decoder_msgpack, rows, ARRAY_SIZE(rows), more,
		ARRAY_SIZE(more));
}
