#include "base/alloc.h"
#include "base/array.h"
#include "base/file.h"
#include "tests/support/random.h"
#include "tests/support/test.h"
#include "tests/unit/rules/matcher_bench.h"

#include <stdlib.h>
#include <string.h>

static const struct rule_signature tar_signature = { 4,
	(const unsigned char *)"tar", (const unsigned char *)"tar", 3 };

static void a_rule_with_path_is_not_tried_on_all_contents(void **state)
{
	(void)state;
	const struct rule rules[] = { { .id = "p",
		.paths = TEXTS("*.cfg"),
		.keywords = TEXTS("key"),
		.pattern = "key=(\\d+)" } };
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	assert_int_equal(bench_content(&bench, "key=1", 5), 0);
	assert_string_equal(bench_said(&bench), "");
	assert_int_equal(bench_rule(&bench, 0, "key=1 key=2", 11), 0);
	assert_string_equal(bench_said(&bench), "p 0-5:4-5;p 6-11:10-11;");
}

/* In a file at the right path the keyword says enough: it may be anywhere. */
static void a_rule_with_path_asked_alone_has_no_reach(void **state)
{
	(void)state;
	const struct rule rules[] = { { .id = "p",
		.name = "x",
		.keywords = TEXTS("KEY"),
		.ignore_case = true,
		.pattern = "\\d+",
		.reach = 2 } };
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	assert_int_equal(bench_rule(&bench, 0, "key ......... 12", 16), 0);
	assert_string_equal(bench_said(&bench), "p 14-16:14-16;");
	assert_int_equal(bench_rule(&bench, 0, "............. 12", 16), 0);
	assert_string_equal(bench_said(&bench), "");
}

static void a_rule_of_a_path_alone_matches_any_content(void **state)
{
	(void)state;
	const struct rule rules[] = { { .id = "p", .paths = TEXTS("x") } };
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	assert_int_equal(bench_rule(&bench, 0, "", 0), 0);
	assert_string_equal(bench_said(&bench), "p 0-0:0-0;");
}

static void keywords_of_a_rule_with_path_are_matches(void **state)
{
	(void)state;
	const struct rule rules[] = {
		{ .id = "p", .paths = TEXTS("x"), .keywords = TEXTS("ab", "b") }
	};
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	assert_int_equal(bench_rule(&bench, 0, "abab", 4), 0);
	assert_string_equal(
		bench_said(&bench), "p 0-2:0-2;p 2-4:2-4;p 1-2:1-2;p 3-4:3-4;");
}

static void rules_that_share_a_keyword_are_all_tried(void **state)
{
	(void)state;
	const struct rule rules[] = {
		{ .id = "a", .keywords = TEXTS("key"), .pattern = "key1" },
		{ .id = "b", .keywords = TEXTS("key"), .pattern = "key." },
		{ .id = "c", .keywords = TEXTS("key"), .ignore_case = true },
		{ .id = "d", .keywords = TEXTS("key", "key") },
	};
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 4);
	assert_int_equal(bench_content(&bench, "key1", 4), 0);
	assert_int_equal(bench.match_count, 4);
	assert_non_null(strstr(bench_said(&bench), "a 0-4"));
	assert_non_null(strstr(bench_said(&bench), "b 0-4"));
	assert_non_null(strstr(bench_said(&bench), "c 0-3"));
	assert_non_null(strstr(bench_said(&bench), "d 0-3"));
}

static void the_sink_stops_or_fails_the_run(void **state)
{
	(void)state;
	const struct rule rules[] = { { .id = "a", .keywords = TEXTS("k") },
		{ .id = "b", .pattern = "k" },
		{ .id = "c", .keywords = TEXTS("k"), .pattern = "k\\d" } };
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 3);
	for (bench.stop_after = 1; bench.stop_after <= 4; bench.stop_after++) {
		assert_int_equal(bench_content(&bench, "k kk1", 5), 1);
		assert_int_equal(bench.match_count, bench.stop_after);
	}
	bench.failure = ERR_IO;
	assert_int_equal(bench_content(&bench, "k kk1", 5), ERR_IO);
}

static void an_exploding_pattern_does_not_end_the_run(void **state)
{
	(void)state;
	const struct rule rules[] = {
		{ .id = "bad", .pattern = "(?:a+)+[bc]d" },
		{ .id = "good",
			.keywords = TEXTS("key"),
			.pattern = "key(\\d)" },
	};
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 2);
	const char *bytes = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa key1 -d";
	assert_int_equal(bench_content(&bench, bytes, strlen(bytes)), 0);
	assert_string_equal(bench_said(&bench), "good 39-43:42-43;");
	assert_true(matcher_was_limited(bench.matcher));
	assert_int_equal(bench_content(&bench, "key1", 4), 0);
	assert_false(matcher_was_limited(bench.matcher));
}

static void what_explodes_hides_little_of_what_lies_behind(void **state)
{
	(void)state;
	const struct rule rules[] = { { .id = "r",
		.pattern = "(?:a+)+[bc]d|x\\d" } };
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	char bytes[600];
	memset(bytes, ' ', sizeof(bytes));
	memset(bytes + 10, 'a', 30);
	memcpy(bytes + 590, "x1 -d", 5);
	assert_int_equal(bench_content(&bench, bytes, sizeof(bytes)), 0);
	assert_string_equal(bench_said(&bench), "r 590-592:590-592;");
	assert_true(matcher_was_limited(bench.matcher));
}

static void matches_of_one_rule_are_limited_in_number(void **state)
{
	(void)state;
	const struct rule rules[] = { { .id = "r", .keywords = TEXTS("k") } };
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	char bytes[1001];
	memset(bytes, 'k', sizeof(bytes));
	assert_int_equal(bench_content(&bench, bytes, 1000), 0);
	assert_int_equal(bench.match_count, 1000);
	assert_false(matcher_was_limited(bench.matcher));
	assert_int_equal(bench_content(&bench, bytes, 1001), 0);
	assert_int_equal(bench.match_count, 1000);
	assert_true(matcher_was_limited(bench.matcher));
}

static void a_bad_pattern_is_named_when_it_is_needed(void **state)
{
	(void)state;
	const struct rule rules[] = {
		{ .id = "bad", .keywords = TEXTS("k"), .pattern = "(" }
	};
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	assert_int_equal(bench_content(&bench, "x", 1), 0);
	const struct match_out out = { bench_note, &bench, &bench.arena };
	struct err err = { 0 };
	for (int i = 0; i < 2; i++) {
		assert_err(matcher_content(bench.matcher, NULL,
				   (const unsigned char *)"k", 1, &out, &err),
			ERR_PARSE, &err);
		assert_non_null(strstr(err.msg, "rule bad"));
	}
}

static void an_index_refuses_what_cannot_match(void **state)
{
	(void)state;
	const struct rule nothing = { .id = "n" };
	const struct rule decoder = { .id = "d", .decoder = "nonesuch" };
	const struct rule glob = { .id = "g", .paths = TEXTS("[") };
	const struct rule keyword = { .id = "k", .keywords = TEXTS("") };
	const struct rule *const bad[] = { &nothing, &decoder, &glob,
		&keyword };
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err err = { 0 };
		struct rule_index *index = NULL;
		assert_err(rule_index_new(&index, &bad[i], 1, &err), ERR_PARSE,
			&err);
	}
}

/* A digit may stand at most `before` bytes before a keyword: here every place
 * can be told by hand, and the keywords lie as close as they please. */
static void search_near_keywords(const struct rule *rules, size_t before)
{
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	struct random random = { 9 };
	size_t found = 0;
	for (int round = 0; round < 2000; round++) {
		char bytes[129];
		size_t len = random_below(&random, sizeof(bytes));
		random_text(&random, bytes, len, "###112kky.......");
		CLEANUP(buf_clear) struct buf expected;
		buf_init(&expected, 0);
		for (size_t at = 0; at + 2 <= len; at++) {
			if (bytes[at] != '#' || !strchr("12", bytes[at + 1]))
				continue;
			bool near = false;
			for (size_t k = at; k <= at + before && k < len; k++)
				near |= bytes[k] == 'y' ||
					!strncmp(bytes + k, "kk", 2);
			if (near)
				buf_printf(&expected, "r %zu-%zu:%zu-%zu;", at,
					at + 2, at, at + 2);
			found += near;
		}
		assert_int_equal(bench_content(&bench, bytes, len), 0);
		assert_string_equal(bench_said(&bench),
			expected.bytes ? expected.bytes : "");
	}
	assert_true(found > 500);
}

static void agrees_with_a_plain_search_near_keywords(void **state)
{
	(void)state;
	struct rule rule = { .id = "r",
		.keywords = TEXTS("kk", "y"),
		.pattern = "#\\d",
		.reach = 5 };
	search_near_keywords(&rule, 5);
	rule.reach_before = 3;
	search_near_keywords(&rule, 3);
}

static void random_bytes_do_no_harm(void **state)
{
	(void)state;
	const struct rule rules[] = {
		{ .id = "a",
			.keywords = TEXTS("\x01", "\xff"),
			.pattern = "(?<=.)[\\x00-\\x80]+(\\w*)$" },
		{ .id = "b",
			.signatures = &tar_signature,
			.signature_count = 1 },
		{ .id = "c", .decoder = "pickle" },
		{ .id = "d", .pattern = "\\b.\\K." },
	};
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 4);
	struct random random = { 11 };
	for (int round = 0; round < 300; round++) {
		size_t len = random_below(&random, 2000);
		CLEANUP(freep) unsigned char *bytes = xmalloc(len);
		for (size_t i = 0; i < len; i++)
			bytes[i] = (unsigned char)random_below(&random, 256);
		assert_int_equal(bench_content(&bench, bytes, len), 0);
	}
}

#define STORE TEST_DATA "/samples/fs-0.8.0-cachelib-0.15.4-py311/flask_session/"

static void read_sample(struct buf *out, const char *path)
{
	struct err err = { 0 };
	buf_init(out, 1 << 20);
	assert_ok(file_read(out, path, 0, &err), &err);
}

static void a_decoder_gives_evidence(void **state)
{
	(void)state;
	const struct rule rules[] = {
		{ .id = "s",
			.name = "[0-9a-f]{32}",
			.decoder = "cachelib",
			.decoder_kinds = TEXTS("session") },
		{ .id = "c",
			.name = "[0-9a-f]{32}",
			.decoder = "cachelib",
			.decoder_kinds = TEXTS("counter") },
		{ .id = "any", .decoder = "cachelib" },
	};
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 3);
	CLEANUP(buf_clear) struct buf session, counter;
	read_sample(&session, STORE "fe679d5604815e1e89c938409a5b2f41");
	buf_init(&counter, 0);
	assert_int_equal(bench_rule(&bench, 0, session.bytes, session.len), 0);
	assert_string_equal(bench_said(&bench), "s 0-0:0-0;");
	assert_string_equal(bench.evidence->decoder, "cachelib");
	assert_string_equal(bench.evidence->kind, "session");
	assert_true(bench.evidence->key_count > 0);
	assert_int_equal(bench_rule(&bench, 1, session.bytes, session.len), 0);
	assert_string_equal(bench_said(&bench), "");
	assert_int_equal(bench_content(&bench, session.bytes, session.len), 0);
	assert_string_equal(bench_said(&bench), "any 0-0:0-0;");
	assert_int_equal(bench_content(&bench, "nothing of it", 13), 0);
	assert_string_equal(bench_said(&bench), "");
	read_sample(&counter, STORE "2029240f6d1128be89ddc32729463129");
	assert_int_equal(bench_rule(&bench, 1, counter.bytes, counter.len), 0);
	assert_string_equal(bench_said(&bench), "c 0-0:0-0;");
}

static void a_decoder_of_the_secret_is_asked_of_each_match(void **state)
{
	(void)state;
	static const char text[] =
		"a=eyJhIjoxfQ.awNuNQ.AAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
		"a=eyJhIjoxfQ.no-time.AAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
		"a=eyJiIjoxfQ.awNuNQ.AAAAAAAAAAAAAAAAAAAAAAAAAAA\n";
	const struct rule rules[] = {
		{ .id = "c",
			.keywords = TEXTS("a="),
			.pattern = "a=(\\S+)",
			.decoder = "itsdangerous",
			.decoder_kinds = TEXTS("flask-cookie"),
			.decode_secret = true,
			.placeholders = true },
	};
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	assert_int_equal(bench_content(&bench, text, sizeof(text) - 1), 0);
	assert_string_equal(bench_said(&bench), "c 0-47:2-47;c 97-144:99-144;");
	assert_int_equal(bench.evidence->key_count, 1);
	assert_string_equal(bench.evidence->keys[0], "b");
}

/* The buffer is the same, the blob is not. */
static void a_blob_in_the_same_place_is_decoded_anew(void **state)
{
	(void)state;
	const struct rule rules[] = {
		{ .id = "s", .name = "x", .decoder = "cachelib" }
	};
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	CLEANUP(buf_clear) struct buf session;
	read_sample(&session, STORE "fe679d5604815e1e89c938409a5b2f41");
	assert_int_equal(bench_rule(&bench, 0, session.bytes, session.len), 0);
	assert_int_equal(bench.match_count, 1);
	memset(session.bytes, 'x', session.len);
	assert_int_equal(bench_rule(&bench, 0, session.bytes, session.len), 0);
	assert_int_equal(bench.match_count, 0);
}

static void several_rules_share_what_a_decoder_found(void **state)
{
	(void)state;
	const struct rule rules[] = {
		{ .id = "a", .name = "x", .decoder = "cachelib" },
		{ .id = "b",
			.name = "x",
			.keywords = TEXTS("_permanent"),
			.decoder = "cachelib" },
	};
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 2);
	CLEANUP(buf_clear) struct buf session;
	read_sample(&session, STORE "fe679d5604815e1e89c938409a5b2f41");
	const struct match_out out = { bench_note, &bench, &bench.arena };
	size_t indexes[] = { 0, 1 };
	const struct rule_list both = { .items = indexes, .count = 2 };
	struct err err = { 0 };
	assert_ok(matcher_rules(bench.matcher, &both, "x",
			  (const unsigned char *)session.bytes, session.len,
			  &out, &err),
		&err);
	assert_string_equal(bench_said(&bench), "a 0-0:0-0;b 0-0:0-0;");
}

static void add_index(size_t rule_index, void *ctx)
{
	size_t *sum = ctx;
	*sum = *sum * 10 + rule_index + 1;
}

static void paths_ask_the_path_parts(void **state)
{
	(void)state;
	const struct rule rules[] = {
		{ .id = "a", .name = "x+" },
		{ .id = "b", .keywords = TEXTS("x") },
		{ .id = "c", .paths = TEXTS("x*") },
	};
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 3);
	size_t sum = 0;
	matcher_path(bench.matcher, "d/xx", 4, add_index, &sum);
	assert_int_equal(sum, 13);
	sum = 0;
	matcher_path(bench.matcher, "d/xx/y", 6, add_index, &sum);
	assert_int_equal(sum, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_with_path_is_not_tried_on_all_contents),
		cmocka_unit_test(a_rule_with_path_asked_alone_has_no_reach),
		cmocka_unit_test(a_rule_of_a_path_alone_matches_any_content),
		cmocka_unit_test(keywords_of_a_rule_with_path_are_matches),
		cmocka_unit_test(rules_that_share_a_keyword_are_all_tried),
		cmocka_unit_test(the_sink_stops_or_fails_the_run),
		cmocka_unit_test(an_exploding_pattern_does_not_end_the_run),
		cmocka_unit_test(
			what_explodes_hides_little_of_what_lies_behind),
		cmocka_unit_test(matches_of_one_rule_are_limited_in_number),
		cmocka_unit_test(a_bad_pattern_is_named_when_it_is_needed),
		cmocka_unit_test(an_index_refuses_what_cannot_match),
		cmocka_unit_test(agrees_with_a_plain_search_near_keywords),
		cmocka_unit_test(random_bytes_do_no_harm),
		cmocka_unit_test(a_decoder_gives_evidence),
		cmocka_unit_test(
			a_decoder_of_the_secret_is_asked_of_each_match),
		cmocka_unit_test(a_blob_in_the_same_place_is_decoded_anew),
		cmocka_unit_test(several_rules_share_what_a_decoder_found),
		cmocka_unit_test(paths_ask_the_path_parts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
