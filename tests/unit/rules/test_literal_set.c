#include "base/alloc.h"
#include "base/array.h"
#include "rules/keyword.h"
#include "rules/literal_set.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

struct hit {
	size_t literal, start, end;
};

struct hits {
	struct hit *items;
	size_t count, capacity;
	size_t stop_after; /* 0: never */
};

static int collect(size_t literal, size_t start, size_t end, void *ctx)
{
	struct hits *hits = ctx;
	ARRAY_GROW(hits->items, hits->count, hits->capacity);
	hits->items[hits->count++] = (struct hit){ literal, start, end };
	return hits->count == hits->stop_after ? 7 : 0;
}

static int compare(const void *left, const void *right)
{
	const struct hit *a = left, *b = right;
	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return (a->literal > b->literal) - (a->literal < b->literal);
}

static void hits_clear(struct hits *hits)
{
	free(hits->items);
}

/* All occurrences, one by one. */
static void search_plainly(struct hits *hits, const struct literal *literals,
	size_t count, const unsigned char *bytes, size_t len)
{
	for (size_t i = 0; i < count; i++) {
		const struct literal *l = &literals[i];
		const unsigned char *at = bytes, *end = bytes + len;
		while ((at = keyword_find(at, (size_t)(end - at), l->bytes,
				l->len, l->ignore_case))) {
			size_t start = (size_t)(at - bytes);
			collect(i, start, start + l->len, hits);
			at++;
		}
	}
}

static int scan(struct hits *hits, const struct literal *literals, size_t count,
	const unsigned char *bytes, size_t len)
{
	struct err err = { 0 };
	CLEANUP(literal_set_freep) struct literal_set *set = NULL;
	assert_ok(literal_set_new(&set, literals, count, &err), &err);
	return literal_set_scan(set, bytes, len, collect, hits);
}

static void expect_equal(const struct hits *got, const struct hits *expected)
{
	assert_int_equal(got->count, expected->count);
	if (!got->count)
		return;
	qsort(expected->items, expected->count, sizeof(struct hit), compare);
	qsort(got->items, got->count, sizeof(struct hit), compare);
	for (size_t i = 0; i < got->count; i++) {
		assert_int_equal(
			got->items[i].literal, expected->items[i].literal);
		assert_int_equal(got->items[i].start, expected->items[i].start);
		assert_int_equal(got->items[i].end, expected->items[i].end);
	}
}

static void expect_the_same(const struct literal *literals, size_t count,
	const unsigned char *bytes, size_t len)
{
	CLEANUP(hits_clear) struct hits expected = { 0 };
	search_plainly(&expected, literals, count, bytes, len);
	CLEANUP(hits_clear) struct hits got = { 0 };
	assert_int_equal(scan(&got, literals, count, bytes, len), 0);
	expect_equal(&got, &expected);
}

static void reports_every_occurrence_in_random_bytes(void **state)
{
	(void)state;
	struct random random = { 3 };
	for (int round = 0; round < 150; round++) {
		enum { MAX_COUNT = 40, MAX_LEN = 12 };
		char texts[MAX_COUNT][MAX_LEN + 1];
		struct literal literals[MAX_COUNT];
		size_t count = 1 + random_below(&random, MAX_COUNT);
		for (size_t i = 0; i < count; i++) {
			size_t len = 1 + random_below(&random, MAX_LEN);
			random_text(&random, texts[i], len, "aAbB=-");
			literals[i] = (struct literal){ texts[i], len,
				random_below(&random, 2) };
		}
		char bytes[2049];
		size_t len = random_below(&random, sizeof(bytes));
		random_text(&random, bytes, len, "aAbB=-\n\x80");
		for (size_t i = 0; i < len / 50; i++)
			bytes[random_below(&random, len)] = '\0';
		expect_the_same(
			literals, count, (const unsigned char *)bytes, len);
	}
}

/* As many and as long as keywords are, planted at every offset, up to the last
 * byte. */
static void many_literals_are_found_wherever_they_stand(void **state)
{
	(void)state;
	struct random random = { 5 };
	enum { COUNT = 700, MAX_LEN = 24, ROOM = 40 };
	static char texts[COUNT][MAX_LEN + 1];
	static struct literal literals[COUNT];
	for (size_t i = 0; i < COUNT; i++) {
		size_t len = 3 + random_below(&random, MAX_LEN - 2);
		random_text(&random, texts[i], len,
			"etaoinsrhldcumfpgwybvkxjqz_-0123ETAOINS=");
		literals[i] = (struct literal){ texts[i], len,
			random_below(&random, 4) == 0 };
	}
	static char bytes[COUNT * ROOM + 1];
	random_text(&random, bytes, COUNT * ROOM, "etaoin srhldcu\n");
	for (size_t i = 0; i < COUNT; i++)
		memcpy(bytes + i * ROOM + random_below(&random, ROOM - MAX_LEN),
			texts[i], literals[i].len);
	size_t len = COUNT * ROOM;
	memcpy(bytes + len - literals[0].len, texts[0], literals[0].len);
	for (size_t cut = 0; cut < 17; cut++)
		expect_the_same(literals, COUNT,
			(const unsigned char *)bytes + cut, len - cut);
}

/* The fold that places are looked up by takes more than letters for equal. */
static void bytes_that_fold_alike_differ(void **state)
{
	(void)state;
	static const struct literal literals[] = { { "a_b@c[d", 7, true },
		{ "\x10\x11\x12\x13\x14", 5, false }, { "[@]", 3, true },
		{ "@", 1, true } };
	static const char bytes[] = "A_B@C[D a\x7f"
				    "b`c{d {`} [@] 01234 "
				    "\x10\x11\x12\x13\x14";
	expect_the_same(literals, ARRAY_SIZE(literals),
		(const unsigned char *)bytes, sizeof(bytes) - 1);
}

static void equal_literals_are_each_reported(void **state)
{
	(void)state;
	static const struct literal literals[] = { { "key", 3, false },
		{ "key", 3, false }, { "KEY", 3, true }, { "ey", 2, false } };
	expect_the_same(literals, ARRAY_SIZE(literals),
		(const unsigned char *)"key KEY", 7);
}

static void regex_characters_and_nul_are_plain(void **state)
{
	(void)state;
	static const struct literal literals[] = { { "a.*", 3, false },
		{ "x\0y", 3, false }, { "\\d(", 3, true },
		{ "\xff\xfe", 2, true } };
	expect_the_same(literals, ARRAY_SIZE(literals),
		(const unsigned char *)"abca.*x\0y\\D(\xff\xfe", 14);
}

static void an_empty_set_finds_nothing(void **state)
{
	(void)state;
	expect_the_same(NULL, 0, (const unsigned char *)"abc", 3);
}

static void an_empty_literal_is_refused(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct literal_set *set = NULL;
	const struct literal literal = { "", 0, false };
	assert_err(literal_set_new(&set, &literal, 1, &err), ERR_PARSE, &err);
}

static void the_sink_can_stop_the_scan(void **state)
{
	(void)state;
	const struct literal literal = { "a", 1, false };
	CLEANUP(hits_clear) struct hits hits = { .stop_after = 2 };
	assert_int_equal(
		scan(&hits, &literal, 1, (const unsigned char *)"aaaaaaaa", 8),
		7);
	assert_int_equal(hits.count, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reports_every_occurrence_in_random_bytes),
		cmocka_unit_test(many_literals_are_found_wherever_they_stand),
		cmocka_unit_test(bytes_that_fold_alike_differ),
		cmocka_unit_test(equal_literals_are_each_reported),
		cmocka_unit_test(regex_characters_and_nul_are_plain),
		cmocka_unit_test(an_empty_set_finds_nothing),
		cmocka_unit_test(an_empty_literal_is_refused),
		cmocka_unit_test(the_sink_can_stop_the_scan),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
