#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "rules/keyword.h"
#include "rules/matcher.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

#define TEXTS(...)                \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

/* Each looks at its surroundings in another way. */
static const struct rule rules[] = {
	{ .id = "plain",
		.keywords = TEXTS("key"),
		.pattern = "key=([a-d]+)",
		.placeholders = true,
		.reach = 12 },
	{ .id = "case",
		.keywords = TEXTS("KEY", "ab"),
		.ignore_case = true,
		.pattern = "\\b[a-z]+:\\d",
		.placeholders = true,
		.reach = 9,
		.reach_before = 4 },
	{ .id = "behind",
		.keywords = TEXTS("="),
		.pattern = "(?<=(?<!a)bc)(=\\d)",
		.placeholders = true,
		.reach = 5 },
	{ .id = "lines",
		.keywords = TEXTS("ab", "cd"),
		.pattern = "^(ab|cd)[^\\n]*$",
		.placeholders = true,
		.reach = 20 },
	{ .id = "edges",
		.keywords = TEXTS("key"),
		.pattern = "\\A.{0,9}key|key.{0,9}\\z",
		.placeholders = true,
		.reach = 30 },
	{ .id = "entropy",
		.keywords = TEXTS("key", "="),
		.pattern = "=([a-d0-9]{4,})",
		.placeholders = true,
		.entropy = 1.6,
		.reach = 16,
		.reach_before = 1 },
	{ .id = "except",
		.keywords = TEXTS("y="),
		.pattern = "y=(\\w{2,})",
		.placeholders = true,
		.except_values = TEXTS("ab", "\\d$"),
		.reach = 40 },
	{ .id = "before",
		.keywords = TEXTS(":"),
		.pattern = "\\d",
		.placeholders = true,
		.reach = 3 },
	{ .id = "far",
		.keywords = TEXTS("cd"),
		.pattern = "[ab][^=]*=",
		.placeholders = true,
		.reach = 6 },
	{ .id = "kept-out",
		.keywords = TEXTS("key"),
		.pattern = "k\\Ke.*",
		.placeholders = true,
		.reach = 10 },
	{ .id = "word", .keywords = TEXTS("key=abc", "a=") },
	{ .id = "long",
		.keywords = TEXTS("abcdabcdabcdabcdabcdabcdabcdabcd"),
		.pattern = ".*",
		.placeholders = true },
	{ .id = "path", .paths = TEXTS("x"), .keywords = TEXTS("d:") },
	{ .id = "sought",
		.paths = TEXTS("x"),
		.keywords = TEXTS("ab"),
		.pattern = "ab[^\\n]{0,6}[=:](\\w)",
		.placeholders = true,
		.reach = 9,
		.reach_before = 2 },
};

/* Those with a path part. */
static const uint32_t path_rules[] = { ARRAY_SIZE(rules) - 2,
	ARRAY_SIZE(rules) - 1 };

struct bench {
	const struct rule *list[ARRAY_SIZE(rules)];
	struct rule_index *index;
	struct matcher *matcher;
};

static void bench_init(
	struct bench *bench, const struct rule *first, size_t count)
{
	struct err err = { 0 };
	*bench = (struct bench){ 0 };
	for (size_t i = 0; i < count; i++)
		bench->list[i] = &first[i];
	assert_ok(
		rule_index_new(&bench->index, bench->list, count, &err), &err);
	assert_ok(matcher_new(&bench->matcher, bench->index, &err), &err);
}

static void bench_clear(struct bench *bench)
{
	matcher_free(bench->matcher);
	rule_index_free(bench->index);
}

/* A blob, and what a run of all rules said of it and kept. */
struct version {
	struct buf bytes;
	bool at_path; /* that rules with a path part accept */
	struct buf said;
	struct keyword_hits hits;
	struct keyword_hit *items;
};

static void version_init(struct version *version)
{
	*version = (struct version){ 0 };
	buf_init(&version->bytes, 0);
	buf_init(&version->said, 0);
}

static void version_clear(struct version *version)
{
	buf_clear(&version->bytes);
	buf_clear(&version->said);
	free(version->items);
}

static int note(const struct match *match, void *ctx, struct err *err)
{
	struct version *version = ctx;
	(void)err;
	buf_printf(&version->said, "%s %zu-%zu:%zu-%zu;", match->rule->id,
		match->start, match->end, match->secret_start,
		match->secret_end);
	return 0;
}

static void run(struct bench *bench, struct version *version,
	const struct blob_base *base)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const struct match_out out = { note, version, &arena };
	const struct matcher_blob blob = {
		.bytes = (const unsigned char *)version->bytes.bytes,
		.len = version->bytes.len,
		.path_rules = path_rules,
		.path_rule_count = version->at_path ? 2 : 0,
		.base = base,
		.keep = true,
	};
	struct err err = { 0 };
	buf_reset(&version->said);
	assert_int_equal(matcher_blob(bench->matcher, &blob, &out, &err), 0);
	assert_true(matcher_hits(&version->hits, bench->matcher));
	if (version->at_path) /* said already what it has to say */
		assert_int_equal(matcher_candidate(bench->matcher,
					 path_rules[1], "x", &out, &err),
			0);
	size_t size = version->hits.count * sizeof(*version->items);
	free(version->items);
	version->items = xmalloc(size);
	if (size)
		memcpy(version->items, version->hits.items, size);
	version->hits.items = version->items;
}

static const char *text(const struct buf *buf)
{
	return buf->bytes ? buf->bytes : "";
}

struct copies {
	struct blob_copy items[64];
	size_t count;
};

/* Adds new bytes, or some of the base, which is told only now and then. */
static void add_part(struct random *random, struct version *version,
	const struct version *base, struct copies *copies)
{
	size_t base_len = base->bytes.len;
	if (random_below(random, 3) == 0 || base_len < 2) {
		char new[257];
		size_t len = random_below(random, sizeof(new));
		random_text(random, new, len, "keyab=cd:1\nk ");
		assert_int_equal(buf_add(&version->bytes, new, len), 0);
		return;
	}
	size_t from =
		random_below(random, 2) ? random_below(random, base_len) : 0;
	size_t len = random_below(random, 4)
		? 1 + random_below(random, base_len - from)
		: base_len - from;
	if (random_below(random, 9))
		copies->items[copies->count++] =
			(struct blob_copy){ version->bytes.len, from, len };
	assert_int_equal(
		buf_add(&version->bytes, base->bytes.bytes + from, len), 0);
}

static void derive(struct random *random, struct version *version,
	const struct version *base, struct copies *copies)
{
	copies->count = 0;
	buf_reset(&version->bytes);
	size_t parts = 1 + random_below(random, 6);
	while (parts-- || version->bytes.len < 600)
		if (version->bytes.len < 6000)
			add_part(random, version, base, copies);
		else
			break;
}

/* Every keyword of every rule, by a search of its own. */
static size_t count_keywords(const struct version *version)
{
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		for (size_t k = 0; rules[i].keywords[k]; k++) {
			const char *keyword = rules[i].keywords[k];
			const unsigned char *at =
				(const unsigned char *)version->bytes.bytes;
			const unsigned char *end = at + version->bytes.len;
			while ((at = keyword_find(at, (size_t)(end - at),
					keyword, strlen(keyword),
					rules[i].ignore_case))) {
				count++;
				at++;
			}
		}
	return count;
}

static void expect_the_same(
	const struct version *carried, const struct version *alone)
{
	assert_string_equal(text(&carried->said), text(&alone->said));
	assert_int_equal(carried->hits.count, alone->hits.count);
	assert_int_equal(carried->hits.count, count_keywords(alone));
	for (size_t i = 0; i < alone->hits.count; i++) {
		const struct keyword_hit *got = &carried->items[i];
		const struct keyword_hit *want = &alone->items[i];
		assert_int_equal(got->start, want->start);
		assert_int_equal(got->slot, want->slot);
		/* one that another match stood in the way of may be known */
		if (want->after)
			assert_int_equal(got->after, want->after);
	}
}

/* Generations of versions, each made from the one before it. */
static void deltas_say_what_whole_blobs_say(void **state)
{
	(void)state;
	CLEANUP(bench_clear) struct bench bench, reference;
	bench_init(&bench, rules, ARRAY_SIZE(rules));
	bench_init(&reference, rules, ARRAY_SIZE(rules));
	struct random random = { 77 };
	size_t used = 0;
	for (int round = 0; round < 60; round++) {
		struct version versions[6];
		for (size_t i = 0; i < ARRAY_SIZE(versions); i++)
			version_init(&versions[i]);
		for (size_t i = 1; i < ARRAY_SIZE(versions); i++) {
			CLEANUP(version_clear) struct version alone;
			version_init(&alone);
			struct copies copies;
			derive(&random, &versions[i], &versions[i - 1],
				&copies);
			assert_int_equal(
				buf_add(&alone.bytes, versions[i].bytes.bytes,
					versions[i].bytes.len),
				0);
			versions[i].at_path = alone.at_path =
				random_below(&random, 3);
			const struct blob_base base = { &versions[i - 1].hits,
				copies.items, copies.count, NULL, 0 };
			run(&bench, &versions[i], i > 1 ? &base : NULL);
			run(&reference, &alone, NULL);
			expect_the_same(&versions[i], &alone);
			used += alone.said.len;
		}
		for (size_t i = 0; i < ARRAY_SIZE(versions); i++)
			version_clear(&versions[i]);
	}
	assert_true(used > 10000);
}

static const struct rule digit = { .id = "r",
	.keywords = TEXTS("key"),
	.pattern = "(?<=\\.)(?:x|key)[^k]{0,10}\\d",
	.placeholders = true,
	.reach = 100 };

/* In the base no digit stands near the keyword, and here one does: whoever
 * takes the base's word for it sees nothing. */
static const char *claim(
	size_t key_at, size_t from, size_t len, size_t blob_len)
{
	static char said[64];
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, &digit, 1);
	CLEANUP(version_clear) struct version base, blob;
	version_init(&base);
	version_init(&blob);
	char bytes[2000];
	memset(bytes, '.', sizeof(bytes));
	memcpy(bytes + key_at, "key", 3);
	assert_int_equal(buf_add(&base.bytes, bytes, blob_len), 0);
	run(&bench, &base, NULL);
	assert_int_equal(base.hits.count, 1);
	assert_int_equal(base.items[0].after, 1);
	bytes[key_at + 4] = '7';
	assert_int_equal(buf_add(&blob.bytes, bytes, blob_len), 0);
	const struct blob_copy copy = { from, from, len };
	const struct blob_base known = { &base.hits, &copy, 1, NULL, 0 };
	run(&bench, &blob, &known);
	snprintf(said, sizeof(said), "%s", text(&blob.said));
	return said;
}

/* Before: reach 100, and two lookbehinds of a byte at most. Behind: twice the
 * reach, and the keyword. */
static void a_verdict_holds_where_all_that_it_saw_was_copied(void **state)
{
	(void)state;
	const char *seen = "r 1000-1005:1000-1005;";
	assert_string_equal(claim(1000, 500, 1000, 2000), "");
	assert_string_equal(claim(1000, 898, 1000, 2000), "");
	assert_string_equal(claim(1000, 901, 1000, 2000), seen);
	assert_string_equal(claim(1000, 500, 703, 2000), "");
	assert_string_equal(claim(1000, 500, 702, 2000), seen);
	assert_string_equal(claim(1000, 1001, 900, 2000), seen);
}

static void a_copy_to_the_end_of_both_has_all_that_follows(void **state)
{
	(void)state;
	assert_string_equal(claim(1000, 400, 610, 1010), "");
	assert_string_equal(claim(50, 0, 1010, 1010), "");
	assert_string_equal(claim(50, 1, 1009, 1010), "r 50-55:50-55;");
}

/* "open" takes all that follows within reach, the digit before "key" as well;
 * where it is gone, and nothing else is new, "key" has its match. */
static void what_another_match_hid_is_no_verdict(void **state)
{
	(void)state;
	const struct rule rule = { .id = "r",
		.keywords = TEXTS("open", "key"),
		.pattern = "open.*|\\dkey",
		.placeholders = true,
		.reach = 50 };
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, &rule, 1);
	CLEANUP(version_clear) struct version base, blob;
	version_init(&base);
	version_init(&blob);
	char bytes[2000];
	memset(bytes, '.', sizeof(bytes));
	memcpy(bytes + 1000, "open", 4);
	memcpy(bytes + 1052, "7key", 4);
	assert_int_equal(buf_add(&base.bytes, bytes, sizeof(bytes)), 0);
	run(&bench, &base, NULL);
	assert_string_equal(text(&base.said), "r 1000-1054:1000-1054;");
	bytes[1000] = bytes[1001] = '-';
	assert_int_equal(buf_add(&blob.bytes, bytes, sizeof(bytes)), 0);
	const struct blob_copy copy = { 1002, 1002, sizeof(bytes) - 1002 };
	const struct blob_base known = { &base.hits, &copy, 1, NULL, 0 };
	run(&bench, &blob, &known);
	assert_string_equal(text(&blob.said), "r 1052-1056:1052-1056;");
}

/* Hits wait for those within reach before they are judged, and are more here
 * than are judged at a time. */
static void a_large_blob_is_judged_as_it_is_searched(void **state)
{
	(void)state;
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, ARRAY_SIZE(rules));
	CLEANUP(version_clear) struct version whole;
	version_init(&whole);
	static const char line[] = "............................ key=abc\n";
	size_t lines = 3 * (size_t)1024 * 1024 / (sizeof(line) - 1);
	for (size_t i = 0; i < lines; i++)
		assert_int_equal(
			buf_add(&whole.bytes, line, sizeof(line) - 1), 0);
	CLEANUP(arena_clear) struct arena arena = { 0 };
	const struct match_out out = { note, &whole, &arena };
	const struct matcher_blob blob = {
		.bytes = (const unsigned char *)whole.bytes.bytes,
		.len = whole.bytes.len,
		.keep = true,
	};
	struct err err = { 0 };
	assert_int_equal(matcher_blob(bench.matcher, &blob, &out, &err), 0);
	size_t seen = 0;
	for (const char *at = text(&whole.said); (at = strstr(at, "plain "));
		at++) {
		char *end = NULL;
		size_t start = strtoul(at + 6, &end, 10);
		assert_int_equal(start, seen * (sizeof(line) - 1) + 29);
		seen++;
	}
	assert_int_equal(seen, 1000); /* JUDGE_MAX_MATCHES */
	assert_true(matcher_was_limited(bench.matcher));
	struct keyword_hits hits;
	assert_false(matcher_hits(&hits, bench.matcher));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deltas_say_what_whole_blobs_say),
		cmocka_unit_test(
			a_verdict_holds_where_all_that_it_saw_was_copied),
		cmocka_unit_test(
			a_copy_to_the_end_of_both_has_all_that_follows),
		cmocka_unit_test(what_another_match_hid_is_no_verdict),
		cmocka_unit_test(a_large_blob_is_judged_as_it_is_searched),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
