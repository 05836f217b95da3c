#include "scanner/fingerprint.h"
#include "tests/support/test.h"

#include <string.h>

static void a_secret_has_one_id_for_each_key(void **state)
{
	(void)state;
	char a[FINGERPRINT_HEX + 1];
	char b[FINGERPRINT_HEX + 1];
	const unsigned char secret[] = "hunter2";
	secret_id(a, NULL, secret, 7);
	secret_id(b, NULL, secret, 7);
	assert_string_equal(a, b);
	assert_int_equal(strlen(a), FINGERPRINT_HEX);
	secret_id(b, "own key", secret, 7);
	assert_string_not_equal(a, b);
	secret_id(b, NULL, secret, 6);
	assert_string_not_equal(a, b);
}

static void parts_do_not_flow_into_each_other(void **state)
{
	(void)state;
	char a[FINGERPRINT_HEX + 1];
	char b[FINGERPRINT_HEX + 1];
	finding_fingerprint(a, "rule", "path", "");
	finding_fingerprint(b, "rulep", "ath", "");
	assert_string_not_equal(a, b);
	finding_fingerprint(b, "rule", "pat", "h");
	assert_string_not_equal(a, b);
}

/* Baselines keep fingerprints: they must never change. */
static void fingerprints_stay_what_they_are(void **state)
{
	(void)state;
	char hex[65];
	text_digest(hex, "abc", 3); /* FIPS 180-2, appendix B.1 */
	assert_string_equal(hex,
		"ba7816bf8f01cfea414140de5dae2223"
		"b00361a396177a9cb410ff61f20015ad");
	char print[FINGERPRINT_HEX + 1];
	finding_fingerprint(print, "flask-session-file", "flask_session/x", "");
	assert_string_equal(print, "c4b66524013d4ea44063b472c426da01");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_has_one_id_for_each_key),
		cmocka_unit_test(parts_do_not_flow_into_each_other),
		cmocka_unit_test(fingerprints_stay_what_they_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
