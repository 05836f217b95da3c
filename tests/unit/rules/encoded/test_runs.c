#include "base/buf.h"
#include "rules/encoded/decode.h"
#include "rules/encoded/runs.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

/* Text, and a part of what its one run encodes; NULL: there is none. */
struct row {
	const char *name;
	const char *text;
	const char *decoded;
};

/* "token = 0123456789 abcdefghij\n" */
#define BASE64 "dG9rZW4gPSAwMTIzNDU2Nzg5IGFiY2RlZmdoaWoK"
#define HEX    "746f6b656e203d20303132333435363738396162"

static const struct row rows[] = {
	{ "alone", BASE64, "token = 0123456789" },
	{ "with padding", "x = \"dG9rZW4gPSAwMTIzNDU2Nzg5IGFiY2RlZmdoaWo=\"",
		"token = 0123456789 abcdefghij" },
	{ "behind a separator", "kind-" BASE64, "token = 0123456789" },
	{ "behind an escaped line end", "key:\\n" BASE64 "\\n",
		"token = 0123456789" },
	{ "in lines",
		"  dG9rZW4gPSAwMTIzNDU2Nzg5IGFiY2Rl\n"
		"  ZmdoaWprbG1ub3BxcnN0dXZ3eHl6\n",
		"token = 0123456789 abcdefghijklmnopqrstuvwxyz" },
	{ "in lines that do not end with a unit",
		"dG9rZW4gPSAwMTIzNDU2Nzg5IGFiY2RlZm\r\n"
		"doaWprbG1ub3BxcnN0dXZ3eHl6\r\n",
		"token = 0123456789 abcdefghijklmnopqrstuvwxyz" },
	{ "in escaped lines",
		"\"dG9rZW4gPSAwMTIzNDU2Nzg5IGFiY2Rl\\n"
		"ZmdoaWprbG1ub3BxcnN0dXZ3eHl6\\n\"",
		"token = 0123456789 abcdefghijklmnopqrstuvwxyz" },
	{ "another word is no line of it", BASE64 "\nreturn that\n",
		"token = 0123456789 abcdefghij\n" },
	{ "text inside of other bytes", "/////w" BASE64, "token = 0" },
	{ "text inside, in whole units", "//////////8A" BASE64,
		"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0token" },
	{ "utf-16", "dABvAGsAZQBuACAAPQAgADAAMQAyADMANAA1ADYA",
		"t\0o\0k\0e\0" },
	{ "gzip", "H4sIAAAAAAAAA8tIzcnJVyjPL8pJUQQAbcK0AwwAAAA=",
		"\x1F\x8B\x08" },
	{ "hexadecimal", HEX, "token = 0123456789ab" },
	{ "hexadecimal with 0x", "x = 0x" HEX ";", "token = 0123456789ab" },
	{ "percent", "q=token%3D0123456789%26user%3Dabc",
		"q=token=0123456789&user=abc" },
	{ "too short", "dG9rZW4gPSAwMTIzNDU2Nzg5IGE", NULL },
	{ "an identifier", "some_rather_long_identifier_of_a_program", NULL },
	{ "a name in capitals", "THIS_IS_A_RATHER_LONG_CONSTANT_OF_A_PROGRAM",
		NULL },
	{ "camel case", "aRatherLongNameOfSomeMethodInSomeClass", NULL },
	{ "a path", "/usr/share/doc/packages/something/copyright/notice",
		NULL },
	{ "dashes", "----------------------------------------------", NULL },
	{ "a hash", "da39a3ee5e6b4b0d3255bfef95601890afd80709", NULL },
	{ "a digest",
		"sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+"
		"DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==",
		NULL },
	{ "an image",
		"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+h"
		"HgAHggJ/PchI7wAAAABJRU5ErkJggg==",
		NULL },
	{ "formats of printf", "\"%02x%02x%2d:%2d-%5d%%\"", NULL },
	{ "a path with spaces", "https://example.test/a%20long%20path/to",
		NULL },
};

struct found {
	struct encoded_run run;
	size_t count;
};

static void take(const struct encoded_run *run, void *ctx)
{
	struct found *found = ctx;
	found->run = *run;
	found->count++;
}

static void find(struct found *found, const char *text, size_t len)
{
	struct run_search search;
	*found = (struct found){ 0 };
	run_search_init(&search, (const unsigned char *)text, len, take, found);
	run_search_span(&search, 0, len);
}

static void check(const struct row *row, const char *text, size_t len)
{
	struct found found;
	find(&found, text, len);
	if (!row->decoded) {
		assert_int_equal(found.count, 0);
		return;
	}
	assert_int_equal(found.count, 1);
	assert_true(found.run.end <= len);
	assert_true(found.run.seen_start <= found.run.start);
	assert_true(found.run.end <= found.run.seen_end);
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 0);
	assert_int_equal(decode_text(&out, found.run.encoding,
				 (const unsigned char *)text + found.run.start,
				 found.run.end - found.run.start),
		0);
	size_t least = strlen(row->decoded);
	assert_non_null(memmem(out.bytes, out.len, row->decoded, least));
}

static void a_run_is_found_if_it_is_worth_it(void **state)
{
	const struct row *row = *state;
	check(row, row->text, strlen(row->text));
}

/* Wherever it stands: windows begin at every eighth byte. */
static void a_run_is_found_at_any_place(void **state)
{
	const struct row *row = *state;
	size_t len = strlen(row->text);
	for (size_t before = 1; before < 140; before++) {
		CLEANUP(freep) char *text = malloc(before + len + 1);
		memset(text, '.', before);
		text[before - 1] = ' ';
		memcpy(text + before, row->text, len);
		text[before + len] = ' ';
		check(row, text, before + len + 1);
	}
}

/* A search that sees all bytes in other spans finds the same. */
static void spans_do_not_matter(void **state)
{
	const struct row *row = *state;
	const unsigned char *text = (const unsigned char *)row->text;
	size_t len = strlen(row->text);
	struct found whole;
	find(&whole, row->text, len);
	for (size_t cut = 0; cut <= len; cut++) {
		struct found parts = { 0 };
		struct run_search search;
		run_search_init(&search, text, len, take, &parts);
		run_search_span(&search, 0, cut);
		run_search_span(&search, cut, len);
		assert_int_equal(parts.count, whole.count);
		assert_int_equal(parts.run.start, whole.run.start);
		assert_int_equal(parts.run.end, whole.run.end);
		/* and a change of one byte there is seen, too */
		parts = (struct found){ 0 };
		run_search_init(&search, text, len, take, &parts);
		run_search_span(&search, cut, cut);
		if (whole.count && cut > whole.run.start && cut < whole.run.end)
			assert_int_equal(parts.count, 1);
	}
}

int main(void)
{
	struct CMUnitTest tests[3 * ARRAY_SIZE(rows)];
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		void *state = (void *)(uintptr_t)&rows[i];
		tests[count++] = (struct CMUnitTest){ rows[i].name,
			a_run_is_found_if_it_is_worth_it, NULL, NULL, state };
		tests[count++] = (struct CMUnitTest){ rows[i].name,
			a_run_is_found_at_any_place, NULL, NULL, state };
		tests[count++] = (struct CMUnitTest){ rows[i].name,
			spans_do_not_matter, NULL, NULL, state };
	}
	return _cmocka_run_group_tests("runs", tests, count, NULL, NULL);
}
