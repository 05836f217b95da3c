#include "rules/decoders/decoders.h"
#include "tests/support/decode.h"

static const struct decode_row rows[] = {
	{
		.name = "session_of_disk_store",
		.sample =
			"webpy-0.62-diskstore/sessions/13deb57d95e4dd444fad93f2566dfadbd5dd36a7",
		.kind = "session",
		.keys = "user_id,username,email,role,session_id,ip",
		.id = ID_CLEAR,
	},
	{
		.name = "session_in_protocol_0",
		BYTES("KGRwMApWc2Vzc2lvbl9pZApwMQpWYQpwMgpzVmlwCnAzClZiCnA0C"
		      "nMu\n"),
		.kind = "session",
		.keys = "session_id,ip",
		.id = ID_CLEAR,
	},
	{
		.name = "pickle_without_a_session_id_is_refused",
		BYTES("gASVDAAAAAAAAAB9lIwBYZSMAWKUcy4=\n"),
	},
	{
		.name = "base64_of_text_is_refused",
		BYTES("c29tZSB0ZXh0IGluIGJhc2UgNjQ=\n"),
	},
	{
		.name = "text_is_refused",
		BYTES("gASVn not base64 (at all)"),
	},
	{
		.name = "raw_pickle_is_refused",
		BYTES("\200\004\225\037\000\000\000\000\000\000\000}\224(\214"
		      "\nsession_id\224\214\001a\224\214\002ip\224\214\001b\224"
		      "u."),
	},
};

int main(void)
{
	return run_decode_rows(&decoder_webpy, rows, ARRAY_SIZE(rows), NULL, 0);
}
