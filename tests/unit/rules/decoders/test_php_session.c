#include "rules/decoders/decoders.h"
#include "tests/support/test.h"
#include "tests/unit/rules/decoders/decode_rows.h"

#include <string.h>

#define PHP_KEYS "user_id username role csrf_token logged_in cart"
#define LARAVEL                                              \
	"laravel-8-file-session/storage/framework/sessions/" \
	"mg7JAUdt4Wr34tcFdZ9gXB6KcPc6Vywz7VAJuzVN"
#define CODEIGNITER                                              \
	"codeigniter-3-file-session/application/cache/sessions/" \
	"ci_sessiong1oilt8ler9pavk6n85j3dlle6q261kj"
#define LARAVEL_LOGIN "login_web_59ba36addc2b2f9401580f014c7f58ea4e30989d"

static const struct decode_row rows[] = {
	{ .name = "handler_php_names_each_variable",
		.sample = "php-8.2-handler-php/tmp/sessions/"
			  "sess_ugqv1crb7papiei85jivm0pfag",
		.kind = "session",
		.keys = PHP_KEYS,
		.entries = 1,
		.id = ID_CLEAR },
	{ .name = "handler_php_serialize_is_one_array",
		.sample = "php-8.2-handler-php_serialize/tmp/sessions/"
			  "sess_t9g4chn82leh2bpbn5etsbkos0",
		.kind = "session",
		.keys = PHP_KEYS,
		.entries = 1,
		.id = ID_CLEAR },
	{ .name = "laravel_needs_its_key_besides",
		.sample = LARAVEL,
		.kind = "laravel",
		.keys = "_token _previous " LARAVEL_LOGIN
			" password_hash_web username _flash",
		.entries = 1,
		.id = ID_KEYED },
	{ .name = "laravel_may_serialize_as_json",
		.text = "{\"_token\":\"0123456789012345678901234567890123456789"
			"\",\"_flash\":{\"old\":[],\"new\":[]}}",
		.kind = "laravel",
		.keys = "_token _flash",
		.entries = 1,
		.id = ID_KEYED },
	{ .name = "laravel_keeps_base64_in_its_table",
		.text = "YToxOntzOjY6Il90b2tlbiI7czo0MDoiMDEyMzQ1Njc4OTAx"
			"MjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OSI7fQ==",
		.kind = "laravel",
		.keys = "_token",
		.entries = 1,
		.id = ID_KEYED },
	{ .name = "base64_of_another_array_is_refused",
		.text = "YToxOntzOjY6ImRvbWFpbiI7czo0OiJhY21lIjt9" },
	{ .name = "base64_that_breaks_off_is_refused",
		.text = "YToxOntzOjY6Il90b2tlbiI7czo0MDoiMDEyMzQ1" },
	{ .name = "laravel_may_encrypt",
		.text = "eyJpdiI6ICJhIiwidmFsdWUiOiJiIiwibWFjIjoiYyJ9",
		.kind = "laravel-encrypted",
		.entries = 1,
		.id = ID_KEYED },
	{ .name = "text_that_only_begins_like_an_encrypted_one_is_refused",
		.text = "eyJpdiI6 and so on" },
	{ .name = "codeigniter_is_known_by_its_key",
		.sample = CODEIGNITER,
		.kind = "codeigniter",
		.keys = "__ci_last_regenerate user_id username logged_in role",
		.entries = 1,
		.id = ID_CLEAR },
	{ .name = "symfony_says_when_its_cookie_ends",
		.text = "_sf2_attributes|a:1:{s:2:\"id\";i:7;}_sf2_meta|a:3:{"
			"s:1:\"u\";i:1700000000;s:1:\"c\";i:1600000000;"
			"s:1:\"l\";i:60;}",
		.kind = "symfony",
		.keys = "_sf2_attributes _sf2_meta",
		.entries = 1,
		.expiry = EXPIRY_AT,
		.expires_at = 1700000060,
		.id = ID_CLEAR },
	{ .name = "handler_php_binary_counts_its_names",
		.text = "\4userS:2:\"\\61b\";\x82no\1ai:-5;",
		.kind = "session",
		.keys = "user no a",
		.entries = 1,
		.id = ID_CLEAR },
	{ .name = "wddx_is_known_by_its_header",
		.text = "<wddxPacket version='1.0'><header/><data><struct>"
			"<var name='user'><string>x</string></var></struct>"
			"</data></wddxPacket>",
		.kind = "session",
		.entries = 1,
		.id = ID_CLEAR },
	{ .name = "classes_are_what_a_load_would_call",
		BYTES("user|O:8:\"App\\User\":2:{s:5:\"\0*\0id\";i:1;"
		      "s:1:\"d\";O:8:\"DateTime\":0:{}}x|C:3:\"Bag\":2:{"
		      "ab}y|E:6:\"Suit:H\";z|O:3:\"Bag\":0:{}"),

		.kind = "session",
		.keys = "user x y z",
		.entries = 1,
		.id = ID_CLEAR,
		.calls = "App\\User DateTime Bag Suit" },
	{ .name = "options_of_a_site_are_no_session",
		.text = "a:2:{s:4:\"blog\";s:1:\"x\";s:5:\"theme\";b:1;}",
		.path = "options.txt",
		.kind = "php-serialized",
		.keys = "blog theme",
		.entries = 1 },
	{ .name = "the_file_name_makes_an_array_a_session",
		.text = "a:2:{s:4:\"blog\";s:1:\"x\";s:5:\"theme\";d:1.5E+25;}",
		.path = "tmp/sess_0123456789abcdef0123456789",
		.kind = "session",
		.keys = "blog theme",
		.entries = 1,
		.id = ID_CLEAR },
	{ .name = "a_reference_stands_for_an_earlier_value",
		.text = "a|a:1:{i:0;i:5;}b|R:1;c|r:2;d|N;",
		.kind = "session",
		.keys = "a b c d",
		.entries = 1,
		.id = ID_CLEAR },
	{ .name = "a_reference_to_what_is_to_come_is_refused",
		.text = "a|R:2;b|i:1;" },
	{ .name = "an_array_inside_itself_is_read",
		.text = "a|a:1:{i:0;R:1;}",
		.kind = "session",
		.keys = "a",
		.entries = 1,
		.id = ID_CLEAR },
	{ .name = "an_empty_file_holds_nothing", .text = "" },
	{ .name = "an_empty_array_holds_nothing", .text = "a:0:{}" },
	{ .name = "a_single_number_is_no_session", .text = "i:5;" },
	{ .name = "a_cut_file_is_refused", .text = "user|s:9:\"ada" },
	{ .name = "a_huge_length_is_refused",
		.text = "user|s:99999999999999999999:\"a\";" },
	{ .name = "an_escape_needs_two_hex_digits", .text = "u|S:1:\"\\zz\";" },
	{ .name = "a_huge_count_is_refused", .text = "a:4294967295:{i:0;N;}" },
	{ .name = "a_negative_length_is_refused", .text = "u|s:-1:\"a\";" },
	{ .name = "source_is_refused", .text = "<?php session_start();\n" },
	{ .name = "a_table_in_markdown_is_refused", .text = "|a|b|\n|-|-|\n" },
};

static void nesting_beyond_the_bound_is_a_limit(void **state)
{
	char text[4096] = "a|";
	struct err err = { 0 };
	CLEANUP(arena_clear) struct arena arena = { 0 };
	struct decoded decoded = { .arena = &arena };
	(void)state;
	for (size_t i = 0; i < 2 * VALUE_MAX_DEPTH; i++)
		strcat(text, "a:1:{i:0;");
	strcat(text, "N;");
	for (size_t i = 0; i < 2 * VALUE_MAX_DEPTH; i++)
		strcat(text, "}");
	assert_err(decoder_php_session.decode(
			   &decoded, (unsigned char *)text, strlen(text), &err),
		ERR_LIMIT, &err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nesting_beyond_the_bound_is_a_limit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL) +
		decode_rows_run(&decoder_php_session, rows, ARRAY_SIZE(rows));
}
