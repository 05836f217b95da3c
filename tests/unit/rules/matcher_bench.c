#include "tests/unit/rules/matcher_bench.h"

#include "base/array.h"
#include "tests/support/test.h"

int bench_note(const struct match *match, void *ctx, struct err *err)
{
	struct bench *bench = ctx;
	if (bench->failure)
		return err_set(err, bench->failure, "the sink failed");
	buf_printf(&bench->said, "%s %zu-%zu:%zu-%zu;", match->rule->id,
		match->start, match->end, match->secret_start,
		match->secret_end);
	assert_ptr_equal(match->rule, bench->list[match->rule_index]);
	bench->evidence = match->evidence;
	bench->match_count++;
	return bench->match_count == bench->stop_after;
}

void bench_init(struct bench *bench, const struct rule *rules, size_t count)
{
	struct err err = { 0 };
	*bench = (struct bench){ 0 };
	buf_init(&bench->said, 0);
	assert_true(count <= ARRAY_SIZE(bench->list));
	for (size_t i = 0; i < count; i++)
		bench->list[i] = &rules[i];
	assert_ok(
		rule_index_new(&bench->index, bench->list, count, &err), &err);
	assert_ok(matcher_new(&bench->matcher, bench->index, &err), &err);
}

void bench_clear(struct bench *bench)
{
	matcher_free(bench->matcher);
	rule_index_free(bench->index);
	arena_clear(&bench->arena);
	buf_clear(&bench->said);
}

const char *bench_said(struct bench *bench)
{
	return bench->said.bytes ? bench->said.bytes : "";
}

int bench_content(struct bench *bench, const void *bytes, size_t len)
{
	const struct match_out out = { bench_note, bench, &bench->arena };
	struct err err = { 0 };
	buf_reset(&bench->said);
	bench->match_count = 0;
	int rc = matcher_content(bench->matcher, NULL, bytes, len, &out, &err);
	if (rc < 0 && !bench->failure)
		fail_msg("%s", err.msg);
	return rc;
}

int bench_rule(struct bench *bench, size_t rule, const void *bytes, size_t len)
{
	const struct match_out out = { bench_note, bench, &bench->arena };
	struct err err = { 0 };
	buf_reset(&bench->said);
	bench->match_count = 0;
	int rc = matcher_rule(
		bench->matcher, rule, NULL, bytes, len, &out, &err);
	if (rc < 0 && !bench->failure)
		fail_msg("%s", err.msg);
	return rc;
}
