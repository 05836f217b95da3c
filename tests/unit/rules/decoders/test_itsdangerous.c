#include "rules/decoders/decoders.h"
#include "rules/decoders/itsdangerous.h"
#include "tests/support/decode.h"

static const struct decode_row rows[] = {
	{
		.name = "compressed_flask_cookie",
		BYTES(".eJyrVirKz0lVslJKTMnNzFPSUSotTi2Kz0xRsjI0MITw8hJzIQoS"
		      "9VIrEnMLgMprAfOxEis.awNuNQ.570yWt6P7nZCXL9CuzBCQNHCkl"
		      "M"),
		.kind = "flask-cookie",
		.keys = "role,user_id,username",
		.id = ID_CLEAR,
	},
	{
		.name = "flask_cookie_that_counts_from_2011",
		BYTES(".eJyrVirKz0lVslJKTMnNzFPSUSotTi2Kz0xRsjI0MITw8hJzIQoS"
		      "9VIrEnMLgMprAfOxEis.HeT_tA.BDobyFGLCLuCRy25L82ZmtZDPO"
		      "Y\n"),
		.kind = "flask-cookie",
		.keys = "role,user_id,username",
		.id = ID_CLEAR,
	},
	{
		.name = "plain_flask_cookie_with_a_colon_in_its_text",
		BYTES("eyJhIjoiXCI6ICJ9.awNuNQ.570yWt6P7nZCXL9CuzBCQNHCklM"),
		.kind = "flask-cookie",
		.keys = "a",
		.id = ID_CLEAR,
	},
	{
		.name = "starlette_cookie",
		BYTES("eyJ1c2VyX2lkIjogMTAxLCAidXNlcm5hbWUiOiAiYWRhLmV4YW1wb"
		      "GUiLCAicm9sZSI6ICJhZG1pbiJ9.awNxlA.aIHx6pWn6EmCbA7UuT"
		      "ImLGSLh2M"),
		.kind = "starlette-cookie",
		.keys = "user_id,username,role",
		.id = ID_CLEAR,
	},
	{
		.name = "starlette_cookie_with_padding",
		BYTES("eyJhIjogInh5In0=.awNxlA.aIHx6pWn6EmCbA7UuTImLGSLh2M"),
		.kind = "starlette-cookie",
		.keys = "a",
		.id = ID_CLEAR,
	},
	{
		.name = "signed_id_of_flask_session",
		BYTES("05c4cd03-b1ce-4cc7-9c41-e43831ef7c9f.5QBaMl6Dep7t8ITy"
		      "FxR4GKUZYfA"),
		.kind = "signed-sid",
		.id = ID_CLEAR,
	},
	{
		.name = "signed_id_of_flask_session_0_6",
		BYTES("3jUUCMGOHbcnwfN5VU7hXL4gZVACyg0JDUrmfc_VozE.5QBaMl6De"
		      "p7t8ITyFxR4GKUZYfA"),
		.kind = "signed-sid",
		.id = ID_CLEAR,
	},
	{
		.name = "securecookie_of_pickles",
		BYTES("\"VUZtVDLM2WwyTOH1e1+NftoFLcU=?role=VmFkbWluCnAwCi4=&"
		      "user_id=STEwMQou&username=VmFkYS5leGFtcGxlCnAwCi4=\""),
		.kind = "securecookie",
		.keys = "role,user_id,username",
		.id = ID_CLEAR,
	},
	{
		.name = "securecookie_that_calls_code",
		BYTES("VUZtVDLM2WwyTOH1e1+NftoFLcU=?a=Y29zCnN5c3RlbQooUydpZC"
		      "cKdFIu&_expires=STE3OTgwNjUyMTgKLg=="),
		.kind = "securecookie",
		.keys = "a,_expires",
		.calls = "os.system",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_CLEAR,
	},
	{
		.name = "jwt_without_an_end",
		BYTES("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0"
		      "NTY3ODkwIiwibmFtZSI6IkFkYSBFeGFtcGxlIn0.AAAAAAAAAAAAA"
		      "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
		.kind = "jwt",
		.keys = "sub,name",
		.expiry = EXPIRY_NEVER,
		.id = ID_CREDENTIAL,
	},
	{
		.name = "jwt_expires",
		BYTES("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJleHAiOjE3OTgw"
		      "NjUyMTh9.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
		.kind = "jwt",
		.keys = "exp",
		.expiry = EXPIRY_AT,
		.expires_at = 1798065218,
		.id = ID_CREDENTIAL,
	},
	{
		.name = "domain_name_is_refused",
		BYTES("com.example.app"),
	},
	{
		.name = "version_is_refused",
		BYTES("1.2.3"),
	},
	{
		.name = "payload_that_is_a_list_is_refused",
		BYTES("WyJyZXNldCJd.awNuNQ.570yWt6P7nZCXL9CuzBCQNHCklM"),
	},
	{
		.name = "signature_of_another_length_is_refused",
		BYTES("eyJhIjoxfQ.awNuNQ.570yWt6P7nZCXL9CuzBCQNHCkl"),
	},
	{
		.name = "three_parts_that_are_no_jwt_are_refused",
		BYTES("eyJhIjoxfQ.eyJiIjoxfQ.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
		      "AAAAAAAAAAAA"),
	},
	{
		.name = "uuid_without_dashes_is_refused",
		BYTES("05c4cd03ab1cea4cc7a9c41ae43831ef7c9f.5QBaMl6Dep7t8ITy"
		      "FxR4GKUZYfA"),
	},
	{
		.name = "django_value_is_refused",
		.sample =
			"django-3.2-file-session/sessions/sessionid1nl1m02102d6zhjj3it7of5klb7whl3h",
	},
};

static void parts_and_time_are_told(void **state)
{
	(void)state;
	static const char text[] = "eyJhIjoxfQ.awNuNQ."
				   "570yWt6P7nZCXL9CuzBCQNHCklM";
	struct itsdangerous cookie;
	assert_true(itsdangerous_split(
		&cookie, (const unsigned char *)text, sizeof(text) - 1));
	assert_int_equal(cookie.issued_at, 0x6b036e35);
	assert_int_equal(cookie.signature_len, 20);
	assert_int_equal(cookie.signature[0], 0xe7);
	assert_int_equal(cookie.payload.len, 10);
	assert_int_equal(cookie.signed_part.len, 17);
	assert_false(cookie.epoch_2011);
}

static void time_before_2001_counts_from_2011(void **state)
{
	(void)state;
	static const char text[] = ".eJw.HeT_tA.BDobyFGLCLuCRy25L82ZmtZDPOY";
	struct itsdangerous cookie;
	assert_true(itsdangerous_split(
		&cookie, (const unsigned char *)text, sizeof(text) - 1));
	assert_true(cookie.epoch_2011);
	assert_true(cookie.compressed);
	assert_int_equal(cookie.issued_at, 0x1de4ffb4 + 1293840000);
}

int main(void)
{
	const struct CMUnitTest more[] = {
		cmocka_unit_test(parts_and_time_are_told),
		cmocka_unit_test(time_before_2001_counts_from_2011),
	};
	return run_decode_rows(&decoder_itsdangerous, rows, ARRAY_SIZE(rows),
		more, ARRAY_SIZE(more));
}
