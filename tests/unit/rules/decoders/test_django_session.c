#include "rules/decoders/decoders.h"
#include "tests/support/decode.h"

static const struct decode_row rows[] = {
	{
		.name = "signed_and_compressed_file",
		.sample =
			"django-3.2-file-session/sessions/sessionid1nl1m02102d6zhjj3it7of5klb7whl3h",
		.kind = "session",
		.keys = "_auth_user_id,_auth_user_backend,_auth_user_hash,cart",
		.id = ID_CLEAR,
	},
	{
		.name = "file_of_old_django",
		.sample =
			"django-3.2-file-session/sessions/sessionidsy1zgngrnm4ql65klwhlenvse1va98zg",
		.kind = "session",
		.keys = "_auth_user_id,legacy",
		.id = ID_CLEAR,
	},
	{
		.name = "row_of_a_database_has_no_path",
		BYTES("eyJfYXV0aF91c2VyX2lkIjoiMSJ9:1xVGCp:AAAAAAAAAAAAAAAAA"
		      "AAAAAAAAAAAAAAAAAAAAAAAAAA"),
		.path = "",
		.kind = "session",
		.keys = "_auth_user_id",
	},
	{
		.name = "lifetime_counts_from_the_signature",
		BYTES("eyJfc2Vzc2lvbl9leHBpcnkiOjYwfQ:1xVGCp:AAAAAAAAAAAAAAA"
		      "AAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
		.kind = "session",
		.expiry = EXPIRY_AT,
		.expires_at = 1795387183,
	},
	{
		.name = "lifetime_zero_says_nothing",
		BYTES("eyJfc2Vzc2lvbl9leHBpcnkiOjB9:1xVGCp:AAAAAAAAAAAAAAAAA"
		      "AAAAAAAAAAAAAAAAAAAAAAAAAA"),
		.kind = "session",
	},
	{
		.name = "pickled_session_is_decoded",
		BYTES("gASVCgAAAAAAAAB9lIwBYZRLAXMu:1xVGCp:AAAAAAAAAAAAAAAAA"
		      "AAAAAAAAAAAAAAAAAAAAAAAAAA\n"),
		.kind = "session",
		.keys = "a",
	},
	{
		.name = "signed_list_is_refused",
		BYTES("WyJtZXNzYWdlIl0:1xVGCp:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		      "AAAAAAAAAAAAA"),
	},
	{
		.name = "short_signature_is_refused",
		BYTES("eyJhIjoxfQ:1xVGCp:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		      "AAAAAAA"),
	},
	{
		.name = "time_out_of_alphabet_is_refused",
		BYTES("eyJhIjoxfQ:1x_GCp:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		      "AAAAAAAA"),
	},
	{
		.name = "broken_zlib_is_refused",
		BYTES(".eJxnYXJiYWdl:1xVGCp:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		      "AAAAAAAAAAA"),
	},
	{
		.name = "base64_without_a_hash_is_refused",
		BYTES("eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4e"
		      "Dp7ImEiOjF9"),
	},
	{
		.name = "flask_cookie_is_refused",
		BYTES("eyJhIjoxfQ.awNuNQ.570yWt6P7nZCXL9CuzBCQNHCklM"),
	},
};

int main(void)
{
	return run_decode_rows(
		&decoder_django_session, rows, ARRAY_SIZE(rows), NULL, 0);
}
