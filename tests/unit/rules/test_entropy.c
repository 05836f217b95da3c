#include "rules/entropy.h"
#include "tests/support/test.h"

#include <math.h>
#include <string.h>

static double of(const char *text)
{
	return entropy_bits((const unsigned char *)text, strlen(text));
}

static void nothing_has_none(void **state)
{
	(void)state;
	assert_true(of("") == 0);
	assert_true(of("aaaa") == 0);
}

static void n_equal_shares_have_log2_n_bits(void **state)
{
	(void)state;
	assert_true(fabs(of("abababab") - 1) < 1e-9);
	assert_true(fabs(of("0123456789abcdef") - 4) < 1e-9);
}

static void unequal_shares_have_less(void **state)
{
	(void)state;
	/* 3/4 * log2(4/3) + 1/4 * log2(4) */
	assert_true(fabs(of("aaab") - 0.8112781244591328) < 1e-9);
}

static void all_bytes_have_eight_bits(void **state)
{
	(void)state;
	unsigned char bytes[256];
	for (unsigned i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)i;
	assert_true(fabs(entropy_bits(bytes, sizeof(bytes)) - 8) < 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_has_none),
		cmocka_unit_test(n_equal_shares_have_log2_n_bits),
		cmocka_unit_test(unequal_shares_have_less),
		cmocka_unit_test(all_bytes_have_eight_bits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
