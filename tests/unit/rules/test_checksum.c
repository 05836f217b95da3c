#include "base/cleanup.h"
#include "rules/checksum.h"
#include "tests/support/test.h"

#include <stdint.h>
#include <string.h>

/* A value, with "{}" in it that is left out, and what its checksum says. */
struct row {
	const char *name; /* of the checksum */
	const char *value;
	bool holds;
	const char *detail;
	const char *label;
};

static size_t without_braces(unsigned char *out, const char *value)
{
	size_t len = 0;
	for (const char *at = value; *at; at++) {
		if (at[0] == '{' && at[1] == '}') {
			at++;
			continue;
		}
		out[len++] = (unsigned char)*at;
	}
	return len;
}

static void row_holds_or_not(void **state)
{
	const struct row *row = *state;
	const struct checksum *checksum = checksum_find(row->name);
	assert_non_null(checksum);
	unsigned char bytes[8192];
	size_t len = without_braces(bytes, row->value);
	struct checksum_detail detail;
	assert_int_equal(
		checksum_holds(checksum, &detail, bytes, len), row->holds);
	if (row->holds)
		assert_string_equal(detail.text, row->detail);
}

static bool is_sum(const char *name)
{
	static const char *const sums[] = { "base58check", "bech32", "github",
		"gitlab", "grafana", "synapse" };
	for (size_t i = 0; i < ARRAY_SIZE(sums); i++)
		if (!strcmp(sums[i], name))
			return true;
	return false;
}

static void a_wrong_character_is_noticed(void **state)
{
	const struct row *row = *state;
	const struct checksum *checksum = checksum_find(row->name);
	unsigned char bytes[8192];
	struct checksum_detail detail;
	size_t len = without_braces(bytes, row->value);
	for (size_t at = len / 2; at < len; at++) {
		unsigned char was = bytes[at];
		bytes[at] = was == '2' ? '3' : '2';
		assert_false(checksum_holds(checksum, &detail, bytes, len));
		bytes[at] = was;
	}
}

static void names_are_sorted_and_found(void **state)
{
	(void)state;
	for (size_t i = 0; checksums[i]; i++) {
		assert_ptr_equal(
			checksum_find(checksums[i]->name), checksums[i]);
		if (i)
			assert_true(strcmp(checksums[i - 1]->name,
					    checksums[i]->name) < 0);
	}
	assert_null(checksum_find("crc"));
}

static void what_is_too_long_does_not_hold(void **state)
{
	(void)state;
	static unsigned char bytes[CHECKSUM_MAX_LEN + 1];
	struct checksum_detail detail;
	memset(bytes, 'A', sizeof(bytes));
	for (size_t i = 0; checksums[i]; i++)
		assert_false(checksum_holds(
			checksums[i], &detail, bytes, sizeof(bytes)));
}

/* Every prefix of every row, so that the sanitizers see each place where a
 * reader could go past the end. */
static void prefixes_are_read_within_bounds(void **state)
{
	const struct row *row = *state;
	unsigned char bytes[8192];
	size_t len = without_braces(bytes, row->value);
	struct checksum_detail detail;
	for (size_t i = 0; checksums[i]; i++)
		for (size_t cut = 0; cut <= len; cut++) {
			unsigned char *copy = test_malloc(cut + 1);
			memcpy(copy, bytes, cut);
			(void)checksum_holds(checksums[i], &detail, copy, cut);
			test_free(copy);
		}
}

/* ssh-keygen, openssl and puttygen wrote the keys for this test; the tokens
 * are those of the vendors' own documentation and tests, or were made by an
 * independent script from the formats that the sources name. */
#include "tests/unit/rules/checksum_rows.h"

int main(void)
{
	struct CMUnitTest tests[3 * ARRAY_SIZE(rows) + 2] = { 0 };
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		void *row = (void *)(uintptr_t)&rows[i];
		tests[count++] = (struct CMUnitTest){ rows[i].label,
			row_holds_or_not, NULL, NULL, row };
		if (rows[i].holds)
			tests[count++] = (struct CMUnitTest){ rows[i].label,
				prefixes_are_read_within_bounds, NULL, NULL,
				row };
		if (rows[i].holds && is_sum(rows[i].name))
			tests[count++] = (struct CMUnitTest){ rows[i].label,
				a_wrong_character_is_noticed, NULL, NULL, row };
	}
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(names_are_sorted_and_found);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(
		what_is_too_long_does_not_hold);
	return _cmocka_run_group_tests("checksum", tests, count, NULL, NULL);
}
