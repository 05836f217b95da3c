/* What is cached of results and blobs comes back as it was, or not at all. */
#include "base/alloc.h"
#include "report/report.h"
#include "scanner/survey_cache.h"
#include "tests/support/cached_samples.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOW 1790000000

static struct ruleset *load_rules(void)
{
	static const struct ruleset_opts opts;
	struct err err = { 0 };
	struct ruleset *rules = NULL;
	assert_ok(ruleset_new(&rules, &opts, &err), &err);
	return rules;
}

static bool decode_result(struct scan_result *out, const struct ruleset *rules,
	const struct buf *bytes, int64_t now)
{
	const struct cache_body body = { (const unsigned char *)bytes->bytes,
		bytes->len };
	*out = (struct scan_result){ .rules = rules, .now = now };
	return result_cache_decode(out, &body);
}

/** What a report says; caller frees. */
static char *report_of(const struct scan_result *result, const char *format)
{
	const struct reporter *reporter = reporter_find(format);
	const struct report_opts opts = { .version = "test" };
	struct err err = { 0 };
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	assert_ok(reporter->write(out, result, &opts, &err), &err);
	fclose(out);
	return text;
}

static void a_result_comes_back_whole(void **state)
{
	(void)state;
	static const char *const formats[] = { "jsonl", "sarif", "github" };
	const struct result_span span = { INT64_MIN, INT64_MAX };
	CLEANUP(ruleset_freep) struct ruleset *rules = load_rules();
	CLEANUP(scan_result_clear) struct scan_result result;
	CLEANUP(scan_result_clear) struct scan_result again;
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, 0);
	cached_result(&result, rules);
	result_cache_encode(&bytes, &result, &span);
	assert_true(decode_result(&again, rules, &bytes, NOW));
	assert_int_equal(again.finding_count, result.finding_count);
	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		CLEANUP(freep) char *before = report_of(&result, formats[i]);
		CLEANUP(freep) char *after = report_of(&again, formats[i]);
		assert_string_equal(before, after);
	}
	assert_memory_equal(again.findings[0].blobs, result.findings[0].blobs,
		2 * sizeof(struct oid));
	assert_int_equal(again.findings[0].ignored, UNKNOWN);
}

static void a_result_holds_between_two_expiries(void **state)
{
	(void)state;
	struct hit items[4] = { { 0 } };
	struct evidence evidence[4] = { { 0 } };
	static const int64_t times[] = { 100, 200, 300, 150 };
	for (size_t i = 0; i < ARRAY_SIZE(items); i++) {
		evidence[i].expiry = i == 3 ? EXPIRY_UNKNOWN : EXPIRY_AT;
		evidence[i].expires_at = times[i];
		items[i].evidence = &evidence[i];
	}
	const struct hits hits = { .items = items, .count = 4 };
	static const struct {
		int64_t now, first, last;
	} rows[] = {
		{ 99, INT64_MIN, 99 },
		{ 100, 100, 199 },
		{ 199, 100, 199 },
		{ 200, 200, 299 },
		{ 5000, 300, INT64_MAX },
	};
	CLEANUP(ruleset_freep) struct ruleset *rules = load_rules();
	CLEANUP(scan_result_clear) struct scan_result result;
	cached_result(&result, rules);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct result_span span;
		result_span_make(&span, &hits, rows[i].now);
		assert_int_equal(span.first, rows[i].first);
		assert_int_equal(span.last, rows[i].last);
		CLEANUP(buf_clear) struct buf bytes;
		buf_init(&bytes, 0);
		result_cache_encode(&bytes, &result, &span);
		for (int64_t now = 98; now < 302; now++) {
			CLEANUP(scan_result_clear) struct scan_result again;
			bool same = now >= span.first && now <= span.last;
			assert_int_equal(
				decode_result(&again, rules, &bytes, now),
				same);
			/* the same is said of every session as then */
			for (size_t k = 0; same && k < 4; k++)
				assert_ptr_equal(
					evidence_state(&evidence[k], now),
					evidence_state(
						&evidence[k], rows[i].now));
		}
	}
}

static void a_result_of_other_rules_does_not_count(void **state)
{
	(void)state;
	const struct result_span span = { INT64_MIN, INT64_MAX };
	CLEANUP(ruleset_freep) struct ruleset *rules = load_rules();
	CLEANUP(scan_result_clear) struct scan_result result;
	CLEANUP(scan_result_clear) struct scan_result again;
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, 0);
	cached_result(&result, rules);
	memset(result.rules_digest, 'a', sizeof(result.rules_digest) - 1);
	result_cache_encode(&bytes, &result, &span);
	assert_false(decode_result(&again, rules, &bytes, NOW));
	assert_int_equal(again.finding_count, 0);
	assert_null(again.arena.block);
}

/** Tries the bytes with every bit changed, and without every end. */
static void try_damage(const struct buf *bytes,
	bool (*take)(const struct buf *bytes, void *ctx), void *ctx)
{
	for (size_t len = 0; len < bytes->len; len++) {
		/* of the exact size, so that a read past the end is seen */
		CLEANUP(freep) char *copy = xmalloc(len ? len : 1);
		memcpy(copy, bytes->bytes, len);
		const struct buf cut = { .bytes = copy, .len = len };
		assert_false(take(&cut, ctx));
	}
	CLEANUP(freep) unsigned char *copy = xmalloc(bytes->len);
	memcpy(copy, bytes->bytes, bytes->len);
	const struct buf changed = { .bytes = (char *)copy, .len = bytes->len };
	for (size_t i = 0; i < 8 * bytes->len; i++) {
		copy[i / 8] ^= (unsigned char)(1U << i % 8);
		take(&changed, ctx);
		copy[i / 8] ^= (unsigned char)(1U << i % 8);
	}
	assert_true(take(&changed, ctx));
}

static bool take_result(const struct buf *bytes, void *ctx)
{
	CLEANUP(scan_result_clear) struct scan_result result;
	return decode_result(&result, ctx, bytes, NOW);
}

static void a_damaged_result_is_none(void **state)
{
	(void)state;
	const struct result_span span = { INT64_MIN, INT64_MAX };
	CLEANUP(ruleset_freep) struct ruleset *rules = load_rules();
	CLEANUP(scan_result_clear) struct scan_result result;
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, 0);
	cached_result(&result, rules);
	result_cache_encode(&bytes, &result, &span);
	try_damage(&bytes, take_result, rules);
}

static bool decode_blobs(struct known_blobs *out, const struct buf *bytes,
	const struct rule_names *names)
{
	const struct cache_body body = { (const unsigned char *)bytes->bytes,
		bytes->len };
	return known_blobs_decode(out, &body, names);
}

static void encode_blobs(struct buf *out, const struct rule_names *names)
{
	CLEANUP(known_blobs_clear) struct known_blobs known;
	cached_blobs(&known);
	known_blobs_encode(out, &known, names);
}

static void blobs_come_back_whole(void **state)
{
	(void)state;
	CLEANUP(known_blobs_clear) struct known_blobs known;
	CLEANUP(known_blobs_clear) struct known_blobs again;
	CLEANUP(rule_names_clear) struct rule_names names;
	CLEANUP(buf_clear) struct buf bytes;
	CLEANUP(buf_clear) struct buf twice;
	buf_init(&bytes, 0);
	buf_init(&twice, 0);
	cached_rule_names(&names);
	cached_blobs(&known);
	known_blobs_encode(&bytes, &known, &names);
	assert_true(decode_blobs(&again, &bytes, &names));
	assert_int_equal(again.count, known.count);
	assert_memory_equal(
		again.has_rule, known.has_rule, CACHED_RULES * sizeof(bool));
	assert_int_equal(again.contexts.count, 2);
	for (uint32_t i = 0; i < known.count; i++) {
		const struct known_blob *blob =
			known_blobs_find(&again, &known.blobs[i].oid);
		assert_ptr_equal(blob, &again.blobs[i]);
		assert_int_equal(blob->len, known.blobs[i].len);
		assert_int_equal(blob->is_blob, known.blobs[i].is_blob);
		assert_int_equal(blob->has_members, known.blobs[i].has_members);
		assert_int_equal(blob->hit_count, known.blobs[i].hit_count);
		assert_memory_equal(&again.contexts.oids[blob->context],
			&known.contexts.oids[known.blobs[i].context],
			sizeof(struct oid));
	}
	const struct hit *hit = &again.blobs[0].hits[1];
	assert_int_equal(hit->rule, 2);
	assert_memory_equal(
		&hit->region, &known.hits[1].region, sizeof(hit->region));
	assert_memory_equal(&hit->inner_region, &known.hits[1].inner_region,
		sizeof(hit->inner_region));
	assert_string_equal(hit->inner, "inside");
	assert_string_equal(hit->secret_id, known.hits[1].secret_id);
	assert_string_equal(hit->excerpt, known.hits[1].excerpt);
	assert_string_equal(hit->allowed->reason, "because");
	known_blobs_encode(&twice, &again, &names);
	assert_int_equal(twice.len, bytes.len);
	assert_memory_equal(twice.bytes, bytes.bytes, bytes.len);
	const struct oid other = { { 3 } };
	assert_null(known_blobs_find(&again, &other));
}

static void what_a_rule_said_goes_with_it(void **state)
{
	(void)state;
	CLEANUP(known_blobs_clear) struct known_blobs again;
	CLEANUP(rule_names_clear) struct rule_names names;
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, 0);
	cached_rule_names(&names);
	encode_blobs(&bytes, &names);
	/* the last rule has changed, and the first now stands second */
	memset(names.digests[2], 'z', SHA256_DIGEST_SIZE);
	memset(names.digests[1], 'a', SHA256_DIGEST_SIZE);
	memset(names.digests[0], 'b', SHA256_DIGEST_SIZE);
	assert_true(decode_blobs(&again, &bytes, &names));
	assert_false(again.has_rule[0]);
	assert_true(again.has_rule[1]);
	assert_false(again.has_rule[2]);
	assert_int_equal(again.blobs[0].hit_count, 1);
	assert_int_equal(again.blobs[0].hits[0].rule, 1);
	assert_int_equal(again.blobs[2].hit_count, 0);
}

static bool take_blobs(const struct buf *bytes, void *ctx)
{
	CLEANUP(known_blobs_clear) struct known_blobs known;
	return decode_blobs(&known, bytes, ctx);
}

static void damaged_blobs_are_none(void **state)
{
	(void)state;
	CLEANUP(rule_names_clear) struct rule_names names;
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, 0);
	cached_rule_names(&names);
	encode_blobs(&bytes, &names);
	try_damage(&bytes, take_blobs, &names);
}

static bool decode_survey(struct survey *survey, const struct buf *bytes)
{
	const struct cache_body body = { (const unsigned char *)bytes->bytes,
		bytes->len };
	return survey_cache_decode(survey, &body);
}

static void encode_survey(struct buf *out)
{
	CLEANUP(survey_freep) struct survey *survey = cached_survey();
	survey_cache_encode(out, survey);
}

/** The tree of a number, as those who work with a survey see it. */
static const struct survey_tree *tree_at(struct survey *survey, uint32_t number)
{
	const struct survey_tree *tree = NULL;
	struct err err = { 0 };
	assert_int_not_equal(survey->tree_of[number], SURVEY_NONE);
	assert_ok(survey_tree(&tree, survey, number, &err), &err);
	return tree;
}

/** The same entries, whatever number objects have that are not listed. */
static void compare_trees(
	struct survey *before, struct survey *after, uint32_t number)
{
	const struct survey_tree *a = tree_at(before, number);
	const struct survey_tree *b = tree_at(after, number);
	assert_int_equal(a->base, b->base);
	assert_int_equal(a->corrupt, b->corrupt);
	assert_int_equal(a->odd, b->odd);
	assert_int_equal(a->count, b->count);
	for (uint32_t i = 0; i < a->count; i++) {
		uint32_t x = a->entries[i].child;
		uint32_t y = b->entries[i].child;
		assert_int_equal(a->entries[i].name, b->entries[i].name);
		assert_int_equal(x == SURVEY_NONE, y == SURVEY_NONE);
		assert_int_equal(x & SURVEY_GITLINK, y & SURVEY_GITLINK);
		if (x != SURVEY_NONE)
			assert_memory_equal(
				survey_oid(before, x & ~SURVEY_GITLINK),
				survey_oid(after, y & ~SURVEY_GITLINK),
				sizeof(struct oid));
	}
}

static void trees_and_commits_come_back_whole(void **state)
{
	(void)state;
	CLEANUP(survey_freep) struct survey *before = cached_survey();
	CLEANUP(survey_freep) struct survey *after = cached_survey_empty();
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, 0);
	survey_cache_encode(&bytes, before);
	assert_true(decode_survey(after, &bytes));
	assert_int_equal(after->tree_count, before->tree_count);
	for (uint32_t i = 0; i < CACHED_OBJECTS; i++) {
		bool is_tree = before->tree_of[i] != SURVEY_NONE;
		assert_int_equal(after->tree_of[i] != SURVEY_NONE, is_tree);
		if (is_tree)
			compare_trees(before, after, i);
	}
	struct survey_commit commit;
	assert_true(survey_commit(&commit, after, 0));
	assert_int_equal(commit.tree, 1);
	assert_int_equal(commit.time, -3);
	assert_int_equal(commit.parent_count, 1);
	assert_int_equal(survey_oid(after, commit.parents[0])->bytes[0], 8);
	assert_true(survey_names_tree(after, 1));
}

static void what_the_store_lost_is_left_out(void **state)
{
	(void)state;
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, 0);
	encode_survey(&bytes);
	CLEANUP(survey_freep) struct survey *survey = cached_survey_empty();
	survey->listed[1].type = OBJECT_BLOB; /* the base of the last one */
	survey->listed[0].type = OBJECT_TREE; /* the commit */
	assert_true(decode_survey(survey, &bytes));
	assert_int_equal(survey->tree_count, 1);
	assert_int_not_equal(survey->tree_of[2], SURVEY_NONE);
	assert_int_equal(survey->commit_count, 0);
}

static bool take_survey(const struct buf *bytes, void *ctx)
{
	(void)ctx;
	CLEANUP(survey_freep) struct survey *survey = cached_survey_empty();
	return decode_survey(survey, bytes);
}

static void damaged_trees_are_none(void **state)
{
	(void)state;
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, 0);
	encode_survey(&bytes);
	try_damage(&bytes, take_survey, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_result_comes_back_whole),
		cmocka_unit_test(a_result_holds_between_two_expiries),
		cmocka_unit_test(a_result_of_other_rules_does_not_count),
		cmocka_unit_test(a_damaged_result_is_none),
		cmocka_unit_test(blobs_come_back_whole),
		cmocka_unit_test(what_a_rule_said_goes_with_it),
		cmocka_unit_test(damaged_blobs_are_none),
		cmocka_unit_test(trees_and_commits_come_back_whole),
		cmocka_unit_test(what_the_store_lost_is_left_out),
		cmocka_unit_test(damaged_trees_are_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
