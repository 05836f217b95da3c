#include "rules/decoders/decoders.h"
#include "tests/support/decode.h"

static const struct decode_row rows[] = {
	{
		.name = "werkzeug_0_9_session_has_a_pickled_time",
		.sample =
			"fs-0.2-werkzeug-0.9.6-py27/flask_session/7cd7761ad2f368aa981ff9a67484456a",
		.kind = "session",
		.keys = "username,csrf_token,user_id,_permanent,role,email",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065190,
		.id = ID_HASHED,
	},
	{
		.name = "werkzeug_0_9_customer_session",
		.sample =
			"fs-0.2-werkzeug-0.9.6-py27/flask_session/54208420eb0ad269f76596b1811e158f",
		.kind = "session",
		.keys = "username,user_id,_permanent,access_token,role,email,cart",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065190,
		.id = ID_HASHED,
	},
	{
		.name = "werkzeug_0_14_session",
		.sample =
			"fs-0.3.1-werkzeug-0.14.1-py27/flask_session/f5e625173608c0cd03e6650dafd5e187",
		.kind = "session",
		.keys = "username,csrf_token,user_id,_permanent,role,email",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065191,
		.id = ID_HASHED,
	},
	{
		.name = "werkzeug_0_14_counter",
		.sample =
			"fs-0.3.1-werkzeug-0.14.1-py27/flask_session/2029240f6d1128be89ddc32729463129",
		.kind = "counter",
		.expiry = EXPIRY_NEVER,
		.id = ID_HASHED,
	},
	{
		.name = "cachelib_0_4_session",
		.sample =
			"fs-0.4.0-cachelib-0.4.1-py38/temp_sessions/6c9223321d0ad33af72e33beb2a9d073",
		.kind = "session",
		.keys = "_permanent,user_id,username,email,role,csrf_token",
		.expiry = EXPIRY_AT,
		.expires_at = 1795390417,
		.id = ID_HASHED,
	},
	{
		.name = "cachelib_0_4_counter",
		.sample =
			"fs-0.4.0-cachelib-0.4.1-py38/temp_sessions/2029240f6d1128be89ddc32729463129",
		.kind = "counter",
		.expiry = EXPIRY_NEVER,
		.id = ID_HASHED,
	},
	{
		.name = "cachelib_0_9_session_has_a_native_time",
		.sample =
			"fs-0.5.0-cachelib-0.9.0-py311/flask_session/d9f52d7eca4cd2b7991c56f4a438c812",
		.kind = "session",
		.keys = "_permanent,user_id,username,email,role,csrf_token",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_HASHED,
	},
	{
		.name = "cachelib_0_9_counter",
		.sample =
			"fs-0.5.0-cachelib-0.9.0-py311/flask_session/2029240f6d1128be89ddc32729463129",
		.kind = "counter",
		.expiry = EXPIRY_NEVER,
		.id = ID_HASHED,
	},
	{
		.name = "cachelib_0_13_session",
		.sample =
			"fs-0.8.0-filesystem-cachelib-0.13.0-py311/flask_session/06562fb1ba06a15cd2c0172a6908bef9",
		.kind = "session",
		.keys = "_permanent,user_id,username,email,role,cart,access_token",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_HASHED,
	},
	{
		.name = "cachelib_0_15_session",
		.sample =
			"fs-0.8.0-cachelib-0.15.4-py311/flask_session/fe679d5604815e1e89c938409a5b2f41",
		.kind = "session",
		.keys = "_permanent,user_id,username,email,role,csrf_token",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_HASHED,
	},
	{
		.name = "json_session",
		.sample =
			"fs-0.8.0-cachelib-0.15.4-json-py311/.sessions/b2506afb5cec4aa04d004b91b915f381",
		.kind = "session",
		.keys = "_permanent,user_id,username,email,role,cart,access_token",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_HASHED,
	},
	{
		.name = "json_counter",
		.sample =
			"fs-0.8.0-cachelib-0.15.4-json-py311/.sessions/2029240f6d1128be89ddc32729463129",
		.kind = "counter",
		.expiry = EXPIRY_NEVER,
		.id = ID_HASHED,
	},
	{
		.name = "file_left_by_a_crash",
		.sample = "fs-transient/flask_session/tmpye68xbx7.__wz_cache",
		.kind = "session",
		.keys = "_permanent,user_id,username",
		.expiry = EXPIRY_AT,
		.expires_at = 1795390531,
		.id = ID_HASHED,
	},
	{
		.name = "file_left_by_a_crash_of_python_2",
		.sample =
			"fs-transient/flask_session_py27/tmphEekXf.__wz_cache",
		.kind = "session",
		.keys = "username,user_id,_permanent",
		.expiry = EXPIRY_AT,
		.expires_at = 1795390531,
		.id = ID_HASHED,
	},
	{
		.name = "cachelib_0_5_header_is_a_framed_pickle",
		BYTES("\200\005\225\006\000\000\000\000\000\000\000JBL,k.\200"
		      "\005\225\022\000\000\000\000\000\000\000}\224\214\n_p"
		      "ermanent\224\210s."),
		.kind = "session",
		.keys = "_permanent",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_HASHED,
	},
	{
		.name = "time_beyond_31_bits_is_text_in_protocol_1",
		BYTES("L4000000000L\n.\200\005\225\022\000\000\000\000\000\000"
		      "\000}\224\214\n_permanent\224\210s."),
		.kind = "session",
		.keys = "_permanent",
		.expiry = EXPIRY_AT,
		.expires_at = 4000000000,
		.id = ID_HASHED,
	},
	{
		.name = "time_zero_never_expires",
		BYTES("\000\000\000\000\200\005\225\022\000\000\000\000\000\000"
		      "\000}\224\214\n_permanent\224\210s."),
		.kind = "session",
		.keys = "_permanent",
		.expiry = EXPIRY_NEVER,
		.id = ID_HASHED,
	},
	{
		.name = "big_endian_time",
		BYTES("k,L\001\200\005\225\022\000\000\000\000\000\000\000}\224"
		      "\214\n_permanent\224\210s."),
		.kind = "session",
		.keys = "_permanent",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065153,
		.id = ID_HASHED,
	},
	{
		.name = "dict_with_other_text_keys_is_like_a_session",
		BYTES("BL,k\200\005\225\030\000\000\000\000\000\000\000}\224"
		      "(\214\005total\224K\001\214\004page\224K\002u."),
		.kind = "session-like",
		.keys = "total,page",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_HASHED,
	},
	{
		.name = "a_mongodb_id_confirms_nothing",
		BYTES("BL,k\200\005\225\020\000\000\000\000\000\000\000}\224"
		      "\214\003_id\224\214\0035f1\224s."),
		.kind = "session-like",
		.keys = "_id",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_HASHED,
	},
	{
		.name = "dict_with_number_keys_is_a_cache_entry",
		BYTES("BL,k\200\005\225\n\000\000\000\000\000\000\000}\224K\001"
		      "\214\001a\224s."),
		.kind = "cache-entry",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_HASHED,
	},
	{
		.name = "list_is_a_cache_entry",
		BYTES("BL,k\200\005\225\n\000\000\000\000\000\000\000]\224\214"
		      "\003<p>\224a."),
		.kind = "cache-entry",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_HASHED,
	},
	{
		.name = "planted_call_is_named_and_not_run",
		BYTES("BL,k\200\004\225*\000\000\000\000\000\000\000}\224\214"
		      "\007user_id\224\214\005posix\224\214\006system\224\223"
		      "\224\214\002id\224\205\224R\224s."),
		.kind = "session",
		.keys = "user_id",
		.calls = "posix.system",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_HASHED,
	},
	{
		.name = "bytes_behind_the_body_are_refused",
		BYTES("\000\000\000\000\200\005\225\022\000\000\000\000\000\000"
		      "\000}\224\214\n_permanent\224\210s.x"),
	},
	{
		.name = "cut_body_is_refused",
		BYTES("\000\000\000\000\200\005\225\022\000\000\000\000\000\000"
		      "\000}\224\214\n_permanent\224\210s"),
	},
	{
		.name = "header_alone_is_refused",
		BYTES("\000\000\000\000"),
	},
	{
		.name = "time_of_1970_is_refused",
		BYTES("\001\000\000\001\200\005\225\022\000\000\000\000\000\000"
		      "\000}\224\214\n_permanent\224\210s."),
	},
	{
		.name = "four_letters_and_json_are_refused",
		BYTES("var {\"a\": 1}"),
	},
	{
		.name = "four_letters_and_a_number_are_refused",
		BYTES("AAAA5"),
	},
	{
		.name = "md5_named_upload_is_refused",
		.sample =
			"lookalikes/md5-named-assets/uploads/5d41402abc4b2a76b9719d911017c592",
	},
	{
		.name = "webassets_cache_is_refused",
		.sample =
			"lookalikes/webassets-cache/static/.webassets-cache/0123456789abcdef0123456789abcdef",
	},
	{
		.name = "md5_named_msgpack_is_refused",
		.sample =
			"lookalikes/msgpack-not-session/data/9e107d9d372bb6826bd81d3542a419d6",
	},
	{
		.name = "pickle_without_a_time_is_refused",
		.sample = "pickled-cookies/cookies.pkl",
	},
};

int main(void)
{
	return run_decode_rows(
		&decoder_cachelib, rows, ARRAY_SIZE(rows), NULL, 0);
}
