#include "base/alloc.h"
#include "scanner/survey_cache.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/cached_samples.h"

#include <string.h>

static struct scan_result head_of(const struct ruleset *rules)
{
	return (struct scan_result){ .rules = rules, .now = 1790000000 };
}

/** What is read is written again, and read, as the same. */
static void try_result(const struct cache_body *body)
{
	static const struct ruleset_opts opts;
	const struct result_span span = { INT64_MIN, INT64_MAX };
	struct err err;
	CLEANUP(ruleset_freep) struct ruleset *rules = NULL;
	FUZZ_ASSERT(ruleset_new(&rules, &opts, &err) == 0);
	CLEANUP(scan_result_clear) struct scan_result result = head_of(rules);
	CLEANUP(scan_result_clear) struct scan_result again = head_of(rules);
	CLEANUP(buf_clear) struct buf once;
	CLEANUP(buf_clear) struct buf twice;
	buf_init(&once, 0);
	buf_init(&twice, 0);
	if (!result_cache_decode(&result, body))
		return;
	result_cache_encode(&once, &result, &span);
	const struct cache_body written = { (unsigned char *)once.bytes,
		once.len };
	FUZZ_ASSERT(result_cache_decode(&again, &written));
	result_cache_encode(&twice, &again, &span);
	FUZZ_ASSERT(once.len == twice.len &&
		!memcmp(once.bytes, twice.bytes, once.len));
}

static void try_blobs(const struct cache_body *body)
{
	CLEANUP(rule_names_clear) struct rule_names names;
	CLEANUP(known_blobs_clear) struct known_blobs known;
	CLEANUP(known_blobs_clear) struct known_blobs again = { 0 };
	CLEANUP(buf_clear) struct buf once;
	CLEANUP(buf_clear) struct buf twice;
	buf_init(&once, 0);
	buf_init(&twice, 0);
	cached_rule_names(&names);
	if (!known_blobs_decode(&known, body, &names))
		return;
	known_blobs_encode(&once, &known, &names);
	const struct cache_body written = { (unsigned char *)once.bytes,
		once.len };
	FUZZ_ASSERT(known_blobs_decode(&again, &written, &names));
	known_blobs_encode(&twice, &again, &names);
	FUZZ_ASSERT(once.len == twice.len &&
		!memcmp(once.bytes, twice.bytes, once.len));
}

static void try_survey(const struct cache_body *body)
{
	CLEANUP(survey_freep) struct survey *survey = cached_survey_empty();
	CLEANUP(survey_freep) struct survey *again = cached_survey_empty();
	CLEANUP(buf_clear) struct buf once;
	buf_init(&once, 0);
	if (!survey_cache_decode(survey, body))
		return;
	survey_cache_encode(&once, survey);
	const struct cache_body written = { (unsigned char *)once.bytes,
		once.len };
	FUZZ_ASSERT(survey_cache_decode(again, &written));
	FUZZ_ASSERT(again->tree_count == survey->tree_count &&
		again->commit_count == survey->commit_count);
}

/* The first byte says what the others are. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (!len)
		return 0;
	const struct cache_body body = { bytes + 1, len - 1 };
	if (*bytes == 'b')
		try_blobs(&body);
	else if (*bytes == 't')
		try_survey(&body);
	else
		try_result(&body);
	return 0;
}
