#include "base/cleanup.h"
#include "rules/published.h"
#include "tests/support/test.h"

#include <string.h>

static bool ask(const char *text)
{
	return is_published((const unsigned char *)text, strlen(text));
}

static void keys_for_browsers_are(void **state)
{
	(void)state;
	assert_true(ask("pk_live_Kv7mQ2xWn9Rb4Tz8Lc3Yd6Hp"));
	assert_true(ask("pk.eyJ1IjoiYWNtZSIsImEiOiJrVDR2cTkifQ.Kv7mQ2xWn9Rb"));
	assert_true(ask("phc_Kv7mQ2xWn9Rb4Tz8Lc3Yd6HpKv7mQ2xWn9Rb4Tz"));
	assert_true(ask("pub8f14e45fceea167a5a36dedd4bea2543"));
	assert_false(ask("sk_live_Kv7mQ2xWn9Rb4Tz8Lc3Yd6Hp"));
	assert_false(ask("pub8f14e45fceea167a5a36dedd4bea254"));
	assert_false(ask("pub8f14e45fceea167a5a36dedd4bea254z"));
	assert_false(ask("phc_Kv7m"));
}

static void what_is_encrypted_or_kept_elsewhere_is(void **state)
{
	(void)state;
	assert_true(ask("encrypted:BDqDBibm4wsYqMpCjTQ6BsDHmMadg9K3dAt"));
	assert_true(ask("ENC[AES256_GCM,data:Kv7mQ2xWn9Rb,type:str]"));
	assert_true(ask("arn:aws:secretsmanager:eu-west-1:123:secret:a-x1"));
	assert_true(ask("op://prod/database/password"));
	assert_false(ask("encrypted:"));
	assert_false(ask("Kv7mQ2xWn9Rb4Tz8Lc3Yd6Hp"));
	assert_false(is_published(NULL, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_for_browsers_are),
		cmocka_unit_test(what_is_encrypted_or_kept_elsewhere_is),
	};
	return cmocka_run_group_tests_name("published", tests, NULL, NULL);
}
