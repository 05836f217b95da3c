#include "rules/decoders/expiry.h"

#include "tests/support/test.h"

#include <string.h>

/** One notation; `valid` false must be refused. */
struct notation {
	const char *text;
	bool valid;
	int64_t seconds;
};

static const struct notation notations[] = {
	{ "1970-01-01T00:00:00Z", true, 0 },
	{ "2000-02-29 23:59:59", true, 951868799 },
	{ "2027-01-01T00:00:00+00:00", true, 1798761600 },
	{ "2027-01-01T02:00:00.123456+0200", true, 1798761600 },
	{ "2026-12-31T19:00:00-05", true, 1798761600 },
	{ "2027-01-01 00:00:00Z", true, 1798761600 },
	{ "1798761600", true, 1798761600 },
	{ "1798761600123", true, 1798761600 },
	{ "1798761600123456", true, 1798761600 },
	{ "", false, 0 },
	{ "-", false, 0 },
	{ "2027-13-01T00:00:00Z", false, 0 },
	{ "2027-01-01", false, 0 },
	{ "2027-01-01T24:00:00Z", false, 0 },
	{ "2027-01-01T00:00:00Zulu", false, 0 },
	{ "9223372036854775808", false, 0 },
};

static void notations_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(notations); i++) {
		const struct notation *row = &notations[i];
		struct span text = { (const unsigned char *)row->text,
			strlen(row->text) };
		int64_t seconds = 0;
		if (expiry_parse(&seconds, text) != row->valid ||
			seconds != row->seconds)
			fail_msg("%s: %lld", row->text, (long long)seconds);
	}
}

static void the_newest_time_counts(void **state)
{
	struct decoded out = { 0 };
	(void)state;
	expiry_add(&out, 0);
	assert_int_equal(out.expiry, EXPIRY_UNKNOWN);
	expiry_add(&out, 20);
	expiry_add(&out, 10);
	assert_int_equal(out.expires_at, 20);
	expiry_add_never(&out);
	expiry_add(&out, 30);
	assert_int_equal(out.expiry, EXPIRY_NEVER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notations_are_read),
		cmocka_unit_test(the_newest_time_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
