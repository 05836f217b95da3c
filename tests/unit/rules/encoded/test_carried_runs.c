/*
 * The runs of a blob that is made from another one are those that a search of
 * every byte finds, of random texts and random deltas; and these are those that
 * a look at each place finds, with nothing passed over.
 */
#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "rules/encoded/alphabet.h"
#include "rules/encoded_search.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#define ROUNDS 1500

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static size_t below(uint32_t *seed, size_t most)
{
	return next(seed) % most;
}

static void add_digits(struct buf *out, uint32_t *seed, size_t len)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789+/-_";
	for (size_t i = 0; i < len; i++)
		buf_add_byte(out,
			(unsigned char)digits[below(seed, sizeof(digits) - 1)]);
}

/* Base64 of text: its first digits are such that the bytes are ASCII. */
static void add_base64(struct buf *out, uint32_t *seed, size_t units)
{
	static const char *const groups[] = { "dG9r", "ZW4g", "PSAx", "MjM0",
		"IGFi", "Y2Rl", "Zmdo", "b3Bx" };
	for (size_t i = 0; i < units; i++)
		buf_add_text(out, groups[below(seed, 8)]);
}

static void add_lines(struct buf *out, uint32_t *seed)
{
	static const char *const breaks[] = { "\n", "\r\n", "\n    ", "\\n",
		"\\r\\n", "\\\n" };
	const char *line_break = breaks[below(seed, 6)];
	size_t lines = 2 + below(seed, 5);
	size_t units = 6 + below(seed, 12);
	for (size_t i = 0; i < lines; i++) {
		if (below(seed, 8))
			add_base64(out, seed, units);
		else
			add_digits(out, seed, 4 * units);
		if (i + 2 == lines)
			units = 1 + below(seed, units);
		buf_add_text(out, line_break);
	}
	if (below(seed, 2))
		buf_add_text(out, "ZA==");
}

static void add_piece(struct buf *out, uint32_t *seed)
{
	static const char *const words[] = { " ", "\n", "return x;", "  if (a)",
		"name", "_", "-", "/", "\\n", "\"", "=", "%3D", "%20", "%2d",
		"a_longer_name", "0x", "\n\t\t" };
	switch (below(seed, 24)) {
	case 0:
		add_base64(out, seed, 5 + below(seed, 12));
		break;
	case 1:
		add_lines(out, seed);
		break;
	case 2:
		add_digits(out, seed, below(seed, 80));
		break;
	case 3:
		buf_add_text(out, "746f6b656e203d2030313233343536373839");
		break;
	case 4:
		buf_add_text(out, "H4sIAAAAAAAAA8tIzcnJVyjPL8pJUQQ");
		break;
	default:
		buf_add_text(out, words[below(seed, ARRAY_SIZE(words))]);
	}
}

/* In every other run something is found, by what it is alone. */
static bool gives_something(const struct encoded_run *run, const char *bytes)
{
	uint32_t hash = (uint32_t)run->encoding;
	for (size_t i = run->start; i < run->end; i++)
		hash = hash * 31 + (unsigned char)bytes[i];
	return hash % 4 < 3;
}

static int compare_runs(const void *a, const void *b)
{
	const struct encoded_run *left = a;
	const struct encoded_run *right = b;
	if (left->start != right->start)
		return left->start < right->start ? -1 : 1;
	return left->encoding - right->encoding;
}

static void find(struct encoded_runs *runs, const struct buf *text,
	const struct blob_base *base)
{
	encoded_runs_find(
		runs, (const unsigned char *)text->bytes, text->len, base);
	size_t kept = 0;
	for (size_t i = 0; i < runs->count; i++)
		if (gives_something(&runs->items[i], text->bytes))
			runs->items[kept++] = runs->items[i];
	runs->count = kept;
	if (kept)
		qsort(runs->items, kept, sizeof(*runs->items), compare_runs);
}

/* Copies of the base, with something new between most of them. */
static size_t make_delta(struct buf *out, struct blob_copy *copies,
	const struct buf *base, uint32_t *seed)
{
	size_t count = 0;
	size_t copy_count = below(seed, 5);
	for (size_t i = 0; i < copy_count && base->len > BLOB_COPY_MIN; i++) {
		size_t from = below(seed, base->len - BLOB_COPY_MIN);
		size_t len = BLOB_COPY_MIN +
			below(seed, base->len - BLOB_COPY_MIN - from + 1);
		if (!below(seed, 3) && !i)
			from = 0;
		if (!below(seed, 3))
			len = base->len - from;
		for (size_t n = below(seed, 4); n; n--)
			add_piece(out, seed);
		copies[count++] = (struct blob_copy){ out->len, from, len };
		buf_add(out, base->bytes + from, len);
	}
	for (size_t n = below(seed, 4); n; n--)
		add_piece(out, seed);
	return count;
}

static size_t check_one(uint32_t seed)
{
	CLEANUP(buf_clear) struct buf base;
	CLEANUP(buf_clear) struct buf blob;
	CLEANUP(encoded_runs_clear) struct encoded_runs known = { 0 };
	CLEANUP(encoded_runs_clear) struct encoded_runs carried = { 0 };
	CLEANUP(encoded_runs_clear) struct encoded_runs searched = { 0 };
	struct blob_copy copies[8];
	buf_init(&base, 0);
	buf_init(&blob, 0);
	for (size_t n = 40 + below(&seed, 200); n; n--)
		add_piece(&base, &seed);
	find(&known, &base, NULL);
	size_t count = make_delta(&blob, copies, &base, &seed);
	const struct keyword_hits hits = { .blob_len = base.len };
	const struct blob_base from = {
		.hits = &hits,
		.copies = copies,
		.copy_count = count,
		.runs = known.items,
		.run_count = known.count,
	};
	if (!blob.len)
		return 0;
	find(&carried, &blob, &from);
	find(&searched, &blob, NULL);
	assert_int_equal(carried.count, searched.count);
	for (size_t i = 0; i < searched.count; i++) {
		assert_int_equal(
			carried.items[i].start, searched.items[i].start);
		assert_int_equal(carried.items[i].end, searched.items[i].end);
		assert_int_equal(
			carried.items[i].encoding, searched.items[i].encoding);
	}
	return searched.count;
}

static void carried_runs_are_those_of_a_whole_search(void **state)
{
	(void)state;
	size_t count = 0;
	for (uint32_t round = 0; round < ROUNDS; round++)
		count += check_one(round);
	assert_true(count > ROUNDS);
}

static void take_run(const struct encoded_run *run, void *ctx)
{
	struct encoded_runs *runs = ctx;
	ARRAY_GROW(runs->items, runs->count, runs->capacity);
	runs->items[runs->count++] = *run;
}

/* Asks of every byte what the text around it is. */
static void find_slowly(struct encoded_runs *runs, const struct buf *text)
{
	const unsigned char *bytes = (const unsigned char *)text->bytes;
	struct run_search search;
	run_search_init(&search, bytes, text->len, take_run, runs);
	for (size_t at = 0; at < text->len; at++) {
		if (is_base64(bytes[at]))
			run_search_again(&search, ENCODING_BASE64, at);
		if (bytes[at] == '%')
			run_search_again(&search, ENCODING_PERCENT, at);
	}
	if (runs->count)
		qsort(runs->items, runs->count, sizeof(*runs->items),
			compare_runs);
}

static size_t check_search(uint32_t seed)
{
	CLEANUP(buf_clear) struct buf text;
	CLEANUP(encoded_runs_clear) struct encoded_runs slowly = { 0 };
	CLEANUP(encoded_runs_clear) struct encoded_runs found = { 0 };
	buf_init(&text, 0);
	for (size_t n = 1 + below(&seed, 100); n; n--)
		add_piece(&text, &seed);
	find_slowly(&slowly, &text);
	encoded_runs_find(
		&found, (const unsigned char *)text.bytes, text.len, NULL);
	if (found.count)
		qsort(found.items, found.count, sizeof(*found.items),
			compare_runs);
	assert_int_equal(found.count, slowly.count);
	for (size_t i = 0; i < found.count; i++) {
		assert_int_equal(found.items[i].start, slowly.items[i].start);
		assert_int_equal(found.items[i].end, slowly.items[i].end);
		assert_int_equal(
			found.items[i].encoding, slowly.items[i].encoding);
	}
	return found.count;
}

static void a_search_passes_over_no_run(void **state)
{
	(void)state;
	size_t count = 0;
	for (uint32_t round = 0; round < ROUNDS; round++)
		count += check_search(round);
	assert_true(count > ROUNDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(carried_runs_are_those_of_a_whole_search),
		cmocka_unit_test(a_search_passes_over_no_run),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
