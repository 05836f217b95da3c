#include "rules/decoders/decoders.h"
#include "tests/support/test.h"
#include "tests/unit/rules/decoders/decode_rows.h"

/* 1700000000000 ms, 2023-11-14T22:13:20Z, as a Java long. */
#define CREATED "\0\0\x01\x8b\xcf\xe5\x68\0"
#define LATER   "\0\0\x01\x8b\xcf\xe6\x52\x60" /* a minute on */
#define ZERO    "\0\0\0\0\0\0\0\0"
#define JETTY(expires)                \
	"\0\x0bnode0abcdef\0\0\0\x07" \
	"0.0.0.0\0\5node0" CREATED CREATED CREATED ZERO expires ZERO

static const struct decode_row rows[] = {
	{ .name = "tomcat_counts_ids_and_says_when_they_end",
		.sample = "tomcat-10.1-SESSIONS.ser/target/tomcat/work/Tomcat/"
			  "localhost/_/SESSIONS.ser",
		.kind = "tomcat",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1795389263,
		.id = ID_CLEAR,
		.calls = "T$User" },
	{ .name = "other_java_objects_are_no_sessions",
		BYTES("\xac\xed\0\5sr\0\x13java.util.ArrayList12345678"),
		.kind = "java-serialized",
		.entries = 1,
		.calls = "java.util.ArrayList" },
	{ .name = "jetty_says_when_it_ends",
		BYTES(JETTY(LATER)),
		.kind = "jetty",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1700000060,
		.id = ID_CLEAR },
	{ .name = "jetty_may_never_end",
		BYTES(JETTY(ZERO)),
		.kind = "jetty",
		.entries = 1,
		.expiry = EXPIRY_NEVER,
		.id = ID_CLEAR },
	{ .name = "a_cut_jetty_file_is_refused",
		.text = JETTY(ZERO),
		.len = sizeof(JETTY(ZERO)) - 2 },
	{ .name = "a_bare_header_is_refused", BYTES("\xac\xed\0\5") },
	{ .name = "text_is_refused", .text = "node0abcdef" },
	{ .name = "an_empty_file_is_refused", .text = "" },
};

int main(void)
{
	return decode_rows_run(&decoder_java_session, rows, ARRAY_SIZE(rows));
}
