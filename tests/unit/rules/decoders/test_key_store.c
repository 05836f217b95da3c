#include "rules/decoders/decoders.h"
#include "tests/support/test.h"
#include "tests/unit/rules/decoders/decode_rows.h"

#define STORE(file) .sample = "../key-stores/" file, .entries = 1

static const struct decode_row rows[] = {
	{ .name = "a_store_without_a_password_is_open",
		STORE("openssl-none.p12"),
		.kind = "pkcs12-open" },
	{ .name = "a_default_password_opens_it",
		STORE("openssl-changeit.p12"),
		.kind = "pkcs12-open" },
	{ .name = "another_sum_opens_as_well",
		STORE("openssl-sha512-secret.p12"),
		.kind = "pkcs12-open" },
	{ .name = "so_does_that_of_older_programs",
		STORE("openssl-legacy-none.p12"),
		.kind = "pkcs12-open" },
	{ .name = "a_store_of_keytool_opens",
		STORE("keytool-android.p12"),
		.kind = "pkcs12-open" },
	{ .name = "a_password_of_its_own_keeps_it",
		STORE("openssl-sealed.p12"),
		.kind = "pkcs12" },
	{ .name = "a_jks_opens_by_what_keytool_suggests",
		STORE("keytool-changeit.jks"),
		.kind = "jks-open" },
	{ .name = "a_jceks_with_a_password_is_closed",
		STORE("keytool-sealed.jceks"),
		.kind = "jks" },
	{ .name = "a_sum_that_is_not_there_proves_nothing",
		BYTES("\x30\x0b\2\1\3\x30\6\6\1\0\xa0\1\0"),
		.kind = "pkcs12",
		.entries = 1 },
	{ .name = "ber_is_known_by_its_head",
		BYTES("\x30\x80\2\1\3\x30\x80\6\0\0\0"),
		.kind = "pkcs12",
		.entries = 1 },
	{ .name = "another_version_is_refused",
		BYTES("\x30\x0b\2\1\4\x30\6\6\1\0\xa0\1\0") },
	{ .name = "a_head_that_is_cut_is_refused", BYTES("\x30\x0b\2\1\3") },
	{ .name = "a_length_beyond_the_end_is_refused",
		BYTES("\x30\xff\2\1\3\x30") },
	{ .name = "java_of_another_version_is_refused",
		BYTES("\xfe\xed\xfe\xed\0\0\0\3\0\0\0\1\0\0\0\1") },
	{ .name = "an_ec_key_has_no_password",
		STORE("openssl-ec.der"),
		.kind = "der-key" },
	{ .name = "nor_has_one_of_pkcs8",
		STORE("openssl-pkcs8.der"),
		.kind = "der-key" },
	{ .name = "a_public_key_is_refused",
		.sample = "../key-stores/openssl-public.der" },
	{ .name = "three_small_numbers_are_refused",
		BYTES("\x30\x09\2\1\0\2\1\1\2\1\2") },
	{ .name = "text_is_refused", .text = "0 key stores, and no key" },
	{ .name = "an_empty_file_is_refused", .text = "" },
};

int main(void)
{
	return decode_rows_run(&decoder_key_store, rows, ARRAY_SIZE(rows));
}
