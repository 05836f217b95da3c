#include "rules/decoders/decoders.h"
#include "tests/support/decode.h"

static const struct decode_row rows[] = {
	{
		.name = "session_in_the_cache_store_of_rails",
		.sample =
			"rails-activesupport-filestore-session/tmp/cache/7CF/DB1/_session_id%3A2%3A%3A3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9",
		.kind = "session",
		.keys = "@value,@version,@created_at,@expires_in",
		.expiry = EXPIRY_AT,
		.expires_at = 1795473804,
		.id = ID_HASHED,
	},
	{
		.name = "session_of_pstore",
		.sample =
			"rails-activesupport-filestore-session/tmp/ruby_sess.0123456789abcdef",
		.kind = "session",
		.keys = "hash",
		.id = ID_HASHED,
	},
	{
		.name = "cached_view_is_no_session",
		.sample =
			"rails-activesupport-filestore-session/tmp/cache/5D3/C40/views%2Fposts%2F1",
		.kind = "marshal",
		.expiry = EXPIRY_NEVER,
	},
	{
		.name = "hash_with_a_csrf_token_is_a_session",
		BYTES("\004\010{\006:\020_csrf_token\"\006x"),
		.kind = "session",
		.keys = "_csrf_token",
	},
	{
		.name = "hash_with_other_keys_is_no_session",
		BYTES("\004\010{\006:\006ai\006"),
		.kind = "marshal",
		.keys = "a",
	},
	{
		.name = "id_of_old_rails_is_in_clear",
		BYTES("\004\010{\006:\006ai\006"),
		.path = "tmp/cache/0/1/_session_id%3Aabcdef",
		.kind = "session",
		.keys = "a",
		.id = ID_CLEAR,
	},
	{
		.name = "links_give_what_they_name",
		BYTES("\004\010{\007:\006a[\006\"\006x;\000@\006"),
		.kind = "marshal",
		.keys = "a,a",
	},
	{
		.name = "loaders_are_named",
		BYTES("\004\010[\007u:\011Time\007xyU:\010Set[\000"),
		.kind = "marshal",
		.calls = "Time._load,Set#marshal_load",
	},
	{
		.name = "big_and_negative_integers",
		BYTES("\004\010[\010l-\n\001\002\003\004\005\006\007\010\011"
		      "\ni\376\000\377i\372"),
		.kind = "marshal",
	},
	{
		.name = "link_to_nothing_is_refused",
		BYTES("\004\010[\006@\007"),
	},
	{
		.name = "count_of_gigabytes_is_refused",
		BYTES("\004\010[\004\377\377\377\1770"),
	},
	{
		.name = "bytes_behind_are_refused",
		BYTES("\004\01000"),
	},
	{
		.name = "cut_hash_is_refused",
		BYTES("\004\010{\006:\006a"),
	},
	{
		.name = "other_version_is_refused",
		BYTES("\004\011{\000"),
	},
	{
		.name = "pickle_is_refused",
		.sample = "pickled-cookies/cookies.pkl",
	},
};

static void depth_is_bounded(void **state)
{
	(void)state;
	unsigned char bytes[2 + 2 * 1000] = { 4, 8 };
	for (size_t i = 2; i < sizeof(bytes); i += 2) {
		bytes[i] = '[';
		bytes[i + 1] = 6; /* one item */
	}
	struct arena arena = { 0 };
	struct err err = { 0 };
	struct decoded decoded = { .arena = &arena };
	assert_err(decoder_ruby_marshal.decode(
			   &decoded, bytes, sizeof(bytes), &err),
		ERR_LIMIT, &err);
	arena_clear(&arena);
}

int main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(depth_is_bounded),
	};
	return run_decode_rows(&decoder_ruby_marshal, rows, ARRAY_SIZE(rows),
		more, ARRAY_SIZE(more));
}
