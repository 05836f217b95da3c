#include "report/section_read.h"
#include "tests/support/random.h"
#include "tests/support/test.h"
#include "tests/unit/report/samples.h"

#include "base/alloc.h"
#include "rules/encoded/encoding.h"

#include <stdlib.h>
#include <string.h>

static const struct report_opts opts = { .version = "0.1.0" };

static const struct rule *find_sample(const char *id, const void *ctx)
{
	(void)ctx;
	static const struct rule *const rules[] = { &sample_session_rule,
		&sample_transient_rule, &sample_key_rule, &sample_env_rule };
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (!strcmp(rules[i]->id, id))
			return rules[i];
	return NULL;
}

#define DIGEST_A \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static const struct section_opts section_opts = {
	.version = "0.1.0",
	.rules_digest = DIGEST_A,
	.rules = { find_sample, NULL },
};

/* Reads the first section of a text. */
static int read_text(
	struct section *out, const char *text, size_t len, struct err *err)
{
	*out = (struct section){ 0 };
	CLEANUP(fclosep)
	FILE *file = fmemopen((void *)(uintptr_t)text, len, "r");
	assert_non_null(file);
	CLEANUP(line_reader_clear) struct line_reader lines;
	line_reader_init(&lines, "text", file);
	return section_read(out, &lines, &section_opts, err);
}

static void assert_reads_back(const struct scan_result *result)
{
	CLEANUP(freep) char *text = sample_report("jsonl", result, &opts);
	struct err err = { 0 };
	CLEANUP(section_clear) struct section section;
	assert_ok(read_text(&section, text, strlen(text), &err), &err);
	CLEANUP(freep)
	char *again = sample_report("jsonl", &section.result, &opts);
	assert_string_equal(text, again);
}

static void make_shard(struct scan_result *result)
{
	result->shard = (struct shard){ 2, 7 };
	memset(result->entries_digest, 'c', 64);
	memset(result->options_digest, 'd', 64);
}

static void the_case_reads_back(void **state)
{
	(void)state;
	struct scan_result result;
	sample_case(&result);
	assert_reads_back(&result);
	make_shard(&result);
	assert_reads_back(&result);
	scan_result_clear(&result);
}

/* Other formats are the same as well, when the report is one of a shard. */
static void every_format_of_a_shard_reads_back(void **state)
{
	(void)state;
	struct scan_result result;
	sample_case(&result);
	make_shard(&result);
	CLEANUP(freep) char *text = sample_report("jsonl", &result, &opts);
	struct err err = { 0 };
	CLEANUP(section_clear) struct section section;
	assert_ok(read_text(&section, text, strlen(text), &err), &err);
	for (size_t i = 0; reporters[i]; i++) {
		const char *name = reporters[i]->name;
		CLEANUP(freep) char *one = sample_report(name, &result, &opts);
		CLEANUP(freep)
		char *other = sample_report(name, &section.result, &opts);
		assert_string_equal(one, other);
	}
	scan_result_clear(&result);
}

/* Bytes that a repository can bring: quotes, controls, no UTF-8. */
static const char *odd_text(struct arena *arena, struct random *random)
{
	static const char *const parts[] = { "a", "\"", "\\", "\n", "\x1b[31m",
		"\xFF", "\xE2\x80\xAE", "\xED\xA0\x80", "\xF0\x9F\x94\x91", "/",
		"{\"type\":\"header\"}", "\x7F", "[[[" };
	size_t count = random_below(random, 8);
	const char *text = "";
	for (size_t i = 0; i < count; i++)
		text = arena_printf(arena, "%s%s", text,
			parts[random_below(random, ARRAY_SIZE(parts))]);
	return text;
}

static const char *maybe_text(struct arena *arena, struct random *random)
{
	return random_below(random, 3) ? odd_text(arena, random) : NULL;
}

static const char **odd_texts(
	size_t *count, struct arena *arena, struct random *random)
{
	*count = random_below(random, 4);
	const char **texts = arena_array(arena, *count, sizeof(*texts));
	for (size_t i = 0; i < *count; i++)
		texts[i] = odd_text(arena, random);
	return texts;
}

static const struct commit_info *odd_commit(
	struct arena *arena, struct random *random)
{
	if (!random_below(random, 3))
		return NULL;
	struct commit_info *commit = arena_alloc(arena, sizeof(*commit));
	memset(commit->oid, '0' + (char)random_below(random, 10), OID_HEX_SIZE);
	commit->author = odd_text(arena, random);
	commit->time =
		(int64_t)random_below(random, 1000) * INT64_C(400000000) -
		INT64_C(100000000000);
	commit->offset_minutes = (int)random_below(random, 1440) - 720;
	commit->is_root = random_below(random, 2);
	return commit;
}

static struct region odd_region(struct random *random)
{
	if (!random_below(random, 3))
		return (struct region){ 0 };
	size_t line = 1 + random_below(random, 100);
	return (struct region){ line, 2, line + random_below(random, 3), 4,
		random_below(random, 1000), 2000 };
}

static const struct evidence *odd_evidence(
	struct arena *arena, struct random *random)
{
	if (!random_below(random, 3))
		return NULL;
	struct evidence *evidence = arena_alloc(arena, sizeof(*evidence));
	*evidence = (struct evidence){
		.decoder = "cachelib",
		.kind = "session",
		.variant = maybe_text(arena, random),
		.keys_truncated = random_below(random, 2),
		.holds = (unsigned)random_below(random, 1U << HOLDS_COUNT),
		.expiry = (int)random_below(random, EXPIRY_AT + 1),
		.expires_at = (int64_t)random_below(random, 4000000000),
		.id = (int)random_below(random, ID_CREDENTIAL + 1),
		.entry_count = random_below(random, 5),
	};
	if (random_below(random, 2)) {
		evidence->setting = odd_text(arena, random);
		evidence->value = maybe_text(arena, random);
		evidence->development = random_below(random, 2);
	}
	evidence->keys = odd_texts(&evidence->key_count, arena, random);
	evidence->calls = odd_texts(&evidence->call_count, arena, random);
	return evidence;
}

static const struct finding_belief *odd_belief(
	struct arena *arena, struct random *random)
{
	if (!random_below(random, 2))
		return NULL;
	struct finding_belief *belief = arena_alloc(arena, sizeof(*belief));
	struct finding_part *part = arena_alloc(arena, sizeof(*part));
	*part = (struct finding_part){ odd_text(arena, random),
		odd_region(random) };
	belief->why = odd_texts(&belief->why_count, arena, random);
	belief->parts = part;
	belief->part_count = random_below(random, 2);
	return belief;
}

static void set_links(
	struct finding *finding, struct arena *arena, struct random *random)
{
	size_t count = random_below(random, 3);
	struct finding_link *links = arena_array(arena, count, sizeof(*links));
	for (size_t i = 0; i < count; i++)
		links[i] = (struct finding_link){
			.relation = "signs",
			.scheme = "flask",
			.rule = maybe_text(arena, random),
			.path = maybe_text(arena, random),
			.fingerprint = maybe_text(arena, random),
			.line = random_below(random, 100),
			.since = odd_commit(arena, random),
		};
	finding->links = links;
	finding->link_count = count;
}

static void set_exposure(
	struct exposure *exposure, struct arena *arena, struct random *random)
{
	*exposure = (struct exposure){
		.first = odd_commit(arena, random),
		.last = odd_commit(arena, random),
		.removed = odd_commit(arena, random),
		.refs_count = random_below(random, 30),
		.is_cut = random_below(random, 2),
	};
	exposure->refs = odd_texts(&exposure->refs_listed, arena, random);
}

static void add_odd_finding(struct scan_result *result, struct random *random)
{
	static const struct rule *const rules[] = { &sample_session_rule,
		&sample_transient_rule, &sample_key_rule, &sample_env_rule };
	static const char *const states[] = { "live", "expired", "never",
		"unknown" };
	struct arena *arena = &result->arena;
	struct finding *finding = sample_finding(result,
		rules[random_below(random, ARRAY_SIZE(rules))],
		odd_text(arena, random), maybe_text(arena, random));
	finding->severity = (int)random_below(random, SEVERITY_CRITICAL + 1);
	finding->confidence = (int)random_below(random, CONFIDENCE_CERTAIN + 1);
	finding->places = (unsigned)random_below(random, 1U << PLACE_COUNT);
	finding->tracked = random_below(random, 2);
	finding->ignored = (int)random_below(random, 3) - 1;
	finding->at_tip = random_below(random, 2);
	finding->versions = random_below(random, 1000);
	finding->region = odd_region(random);
	set_exposure(&finding->exposure, arena, random);
	finding->excerpt = maybe_text(arena, random);
	if (random_below(random, 2))
		memset(finding->secret_id, 'e', 32);
	finding->evidence = odd_evidence(arena, random);
	if (finding->evidence)
		finding->state = states[random_below(random, 4)];
	finding->belief = odd_belief(arena, random);
	if (random_below(random, 2)) {
		const char *inner = odd_text(arena, random);
		finding->nested =
			arena_printf(arena, "%s!%s", finding->path, inner);
		finding->inner = finding->nested + strlen(finding->path) + 1;
		finding->inner_region = odd_region(random);
	}
	for (size_t i = random_below(random, ENCODINGS_MAX + 1); i; i--)
		finding->encodings = encodings_add(finding->encodings,
			1 + (int)random_below(random, ENCODING_COUNT - 1));
	set_links(finding, arena, random);
	if (random_below(random, 2))
		finding->suppressed = (struct suppression){
			.by = 1 + (int)random_below(random, 3),
			.expired = random_below(random, 2),
			.reason = maybe_text(arena, random),
			.owner = maybe_text(arena, random),
			.expires = maybe_text(arena, random),
		};
	/* what has expired says when */
	if (!finding->suppressed.expires)
		finding->suppressed.expired = false;
	if (random_below(random, 2)) {
		finding->text_place =
			arena_alloc(arena, sizeof(struct text_place));
		finding->text_place->end_column = random_below(random, 9);
		memset(finding->text_place->line_hash, '7', 39);
	}
}

static void make_odd(struct scan_result *result, struct random *random)
{
	struct arena *arena = &result->arena;
	sample_empty(result);
	result->repository = odd_text(arena, random);
	if (random_below(random, 2))
		make_shard(result);
	for (size_t i = random_below(random, 6); i; i--)
		add_odd_finding(result, random);
	for (size_t i = random_below(random, 4); i; i--) {
		struct skipped *skipped = scan_result_add_skipped(
			result, (int)random_below(random, SKIP_REASON_COUNT));
		skipped->path = maybe_text(arena, random);
		skipped->inner = maybe_text(arena, random);
		if (result->shard.count)
			skipped->detail = maybe_text(arena, random);
		skipped->lfs_oid = maybe_text(arena, random);
		if (skipped->lfs_oid)
			skipped->lfs_size = random_below(random, 1000);
	}
	scan_result_sort(result);
}

static void whatever_was_written_reads_back(void **state)
{
	(void)state;
	struct random random = { 20261128 };
	for (int round = 0; round < 500; round++) {
		struct scan_result result;
		make_odd(&result, &random);
		assert_reads_back(&result);
		scan_result_clear(&result);
	}
}

/* A report that a task could not finish. */
static void a_torn_report_is_refused_wherever_it_ends(void **state)
{
	(void)state;
	struct scan_result result;
	sample_empty(&result);
	make_shard(&result);
	struct random random = { 7 };
	add_odd_finding(&result, &random);
	scan_result_sort(&result);
	CLEANUP(freep) char *text = sample_report("jsonl", &result, &opts);
	size_t len = strlen(text);
	for (size_t cut = 1; cut < len; cut++) {
		struct err err = { 0 };
		struct section section;
		assert_err(read_text(&section, text, cut, &err), ERR_CORRUPT,
			&err);
		assert_non_null(strstr(err.msg, "torn"));
	}
	scan_result_clear(&result);
}

/* Every byte changed: what passes is what would have been written so. */
static void a_changed_report_is_read_as_it_stands_or_refused(void **state)
{
	(void)state;
	static const char changes[] = "0\"x{\xFF";
	struct scan_result result;
	struct random random = { 99 };
	sample_empty(&result);
	make_shard(&result);
	add_odd_finding(&result, &random);
	scan_result_add_skipped(&result, SKIP_CORRUPT)->detail = "why";
	scan_result_sort(&result);
	CLEANUP(freep) char *text = sample_report("jsonl", &result, &opts);
	size_t len = strlen(text);
	size_t refused = 0;
	for (size_t at = 0; at < len; at++) {
		char kept = text[at];
		text[at] = changes[at % (sizeof(changes) - 1)];
		struct err err = { 0 };
		CLEANUP(section_clear) struct section section;
		if (read_text(&section, text, len, &err) < 0) {
			bool is_torn = at == len - 1;
			assert_int_equal(
				err.code, is_torn ? ERR_CORRUPT : ERR_PARSE);
			refused++;
		} else {
			CLEANUP(freep)
			char *again =
				sample_report("jsonl", &section.result, &opts);
			assert_string_equal(text, again);
		}
		text[at] = kept;
	}
	assert_true(refused > len / 2);
	scan_result_clear(&result);
}

/* The end of the JSON string that begins at `at`. */
static const char *string_end(const char *at)
{
	for (at++; *at != '"'; at++)
		if (*at == '\\')
			at++;
	return at + 1;
}

/* The report with another value in place of that at `at`, which ends at `end`:
 * true when it was taken. Then it can be shown in any format. */
static bool takes(
	const char *text, const char *at, const char *end, const char *value)
{
	CLEANUP(buf_clear) struct buf other;
	buf_init(&other, 0);
	buf_add(&other, text, (size_t)(at - text));
	buf_add_text(&other, value);
	buf_add_text(&other, end);
	struct err err = { 0 };
	CLEANUP(section_clear) struct section section;
	if (read_text(&section, other.bytes, other.len, &err) < 0)
		return false;
	for (size_t i = 0; reporters[i]; i++)
		free(sample_report(reporters[i]->name, &section.result, &opts));
	return true;
}

/* How many of these were refused, and taken. */
struct tally {
	size_t refused, taken;
};

static void tally(struct tally *tally, bool taken)
{
	tally->taken += taken;
	tally->refused += !taken;
}

/* Every text in turn is null. */
static void nullify(struct tally *nulls, const char *text)
{
	for (const char *at = text; (at = strstr(at, "\":\"")); at += 2)
		tally(nulls, takes(text, at + 2, string_end(at + 2), "null"));
}

/* Every number in turn is the least, the greatest, none at all. */
static void stretch(struct tally *numbers, const char *text)
{
	static const char *const values[] = { "0", "-1", "9223372036854775807",
		"-9223372036854775808", "99999999999999999999", "1.5" };
	static const char digits[] = "-0123456789";
	for (const char *at = text; (at = strstr(at, "\":")); at += 2) {
		size_t len = strspn(at + 2, digits);
		for (size_t i = 0; len && i < ARRAY_SIZE(values); i++)
			tally(numbers,
				takes(text, at + 2, at + 2 + len, values[i]));
	}
}

static void an_odd_value_is_refused_or_shown(void **state)
{
	(void)state;
	struct random random = { 3 };
	struct tally nulls = { 0 };
	struct tally numbers = { 0 };
	for (int round = 0; round < 12; round++) {
		struct scan_result result;
		sample_empty(&result);
		make_shard(&result);
		add_odd_finding(&result, &random);
		scan_result_add_skipped(&result, SKIP_CORRUPT)->detail = "why";
		scan_result_sort(&result);
		CLEANUP(freep)
		char *text = sample_report("jsonl", &result, &opts);
		nullify(&nulls, text);
		stretch(&numbers, text);
		scan_result_clear(&result);
	}
	assert_true(nulls.refused > 300 && nulls.taken > 50);
	assert_true(numbers.refused > 300 && numbers.taken > 300);
}

static void other_versions_and_rules_are_named(void **state)
{
	(void)state;
	struct scan_result result;
	struct err err = { 0 };
	struct section section;
	sample_empty(&result);
	const struct report_opts newer = { .version = "9.9.9" };
	CLEANUP(freep) char *text = sample_report("jsonl", &result, &newer);
	assert_err(
		read_text(&section, text, strlen(text), &err), ERR_PARSE, &err);
	assert_string_equal(
		err.msg, "text:1: written by git-hygiene 9.9.9, this is 0.1.0");
	memset(result.rules_digest, 'z', 64);
	CLEANUP(freep) char *other = sample_report("jsonl", &result, &opts);
	assert_err(read_text(&section, other, strlen(other), &err), ERR_PARSE,
		&err);
	assert_string_equal(
		err.msg, "text:1: made with other rules than those given here");
	scan_result_clear(&result);
}

static void bounds_hold(void **state)
{
	(void)state;
	struct err err = { 0 };
	struct section section;
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < 200000; i++)
		buf_add_byte(&text, '[');
	buf_add_byte(&text, '\n');
	assert_err(read_text(&section, text.bytes, text.len, &err), ERR_PARSE,
		&err);
	assert_string_equal(err.msg, "text:1: a line of too many values");
	text.bytes[text.len - 1] = ' ';
	while (text.len <= LINE_MAX_BYTES)
		buf_add_byte(&text, ' ');
	assert_err(read_text(&section, text.bytes, text.len, &err), ERR_LIMIT,
		&err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_case_reads_back),
		cmocka_unit_test(every_format_of_a_shard_reads_back),
		cmocka_unit_test(whatever_was_written_reads_back),
		cmocka_unit_test(a_torn_report_is_refused_wherever_it_ends),
		cmocka_unit_test(
			a_changed_report_is_read_as_it_stands_or_refused),
		cmocka_unit_test(an_odd_value_is_refused_or_shown),
		cmocka_unit_test(other_versions_and_rules_are_named),
		cmocka_unit_test(bounds_hold),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
