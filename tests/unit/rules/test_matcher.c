#include "base/alloc.h"
#include "base/buf.h"
#include "base/file.h"
#include "rules/char_class.h"
#include "rules/lookalike.h"
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

/* One matcher over some rules, and what it said as text. */
struct bench {
	const struct rule *list[8];
	struct rule_index *index;
	struct matcher *matcher;
	struct arena arena;
	struct buf said; /* "start-end:secret_start-secret_end " a match */
	size_t match_count;
	size_t stop_after;               /* 0: never */
	int failure;                     /* what the sink returns, if not 0 */
	const struct evidence *evidence; /* of the last match */
};

static int note(const struct match *match, void *ctx, struct err *err)
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

static void bench_init(
	struct bench *bench, const struct rule *rules, size_t count)
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

static void bench_clear(struct bench *bench)
{
	matcher_free(bench->matcher);
	rule_index_free(bench->index);
	arena_clear(&bench->arena);
	buf_clear(&bench->said);
}

static const char *said(struct bench *bench)
{
	return bench->said.bytes ? bench->said.bytes : "";
}

static int content(struct bench *bench, const void *bytes, size_t len)
{
	const struct match_out out = { note, bench, &bench->arena };
	struct err err = { 0 };
	buf_reset(&bench->said);
	bench->match_count = 0;
	int rc = matcher_content(bench->matcher, NULL, bytes, len, &out, &err);
	if (rc < 0 && !bench->failure)
		fail_msg("%s", err.msg);
	return rc;
}

static int one_rule(
	struct bench *bench, size_t rule, const void *bytes, size_t len)
{
	const struct match_out out = { note, bench, &bench->arena };
	struct err err = { 0 };
	buf_reset(&bench->said);
	bench->match_count = 0;
	int rc = matcher_rule(
		bench->matcher, rule, NULL, bytes, len, &out, &err);
	if (rc < 0 && !bench->failure)
		fail_msg("%s", err.msg);
	return rc;
}

static const struct rule_signature sqlite_signatures[] = {
	{ 0, (const unsigned char *)"SQL", (const unsigned char *)"SQL", 3 },
	{ 0, (const unsigned char *)"A0", (const unsigned char *)"C9", 2 },
};
static const struct rule_signature tar_signature = { 4,
	(const unsigned char *)"tar", (const unsigned char *)"tar", 3 };

static const struct rule_with with_near[] = {
	{ .title = "id", .pattern = "id=(\\w+)", .lines = 1 },
};
static const struct rule_with with_file[] = {
	{ .title = "id", .pattern = "id=(\\w+)" },
	{ .title = "host", .pattern = "host" },
};

struct row {
	const char *name;
	struct rule rule;
	const char *bytes;
	const char *said; /* NULL: nothing */
};

/* The span is told by the id, so all are "r". */
static const struct row rows[] = {
	{ "a keyword alone matches where it stands",
		{ .keywords = TEXTS("key", "ey=") },
		"a key=", "r 2-5:2-5;r 3-6:3-6;" },
	{ "a keyword in another case is another keyword",
		{ .keywords = TEXTS("KEY") }, "a key=", NULL },
	{ "case is ignored when the rule says so",
		{ .keywords = TEXTS("KEY"), .ignore_case = true },
		"a kEy=", "r 2-5:2-5;" },
	{ "group 1 is the secret",
		{ .keywords = TEXTS("key"), .pattern = "key=(\\w+);" },
		"a key=abc;", "r 2-10:6-9;" },
	{ "without a keyword no pattern is tried",
		{ .keywords = TEXTS("nokey"), .pattern = "key=(\\w+);" },
		"a key=abc;", NULL },
	{ "a pattern without keywords is tried on everything",
		{ .pattern = "[0-9]{3}" }, "a 123 456",
		"r 2-5:2-5;r 6-9:6-9;" },
	{ "a match may begin before the keyword",
		{ .keywords = TEXTS("key"), .pattern = "\\d key \\d" },
		"1 key 2", "r 0-7:0-7;" },
	{ "a match may end before the keyword",
		{ .keywords = TEXTS("key"), .pattern = "\\d\\d" }, "12 key",
		"r 0-2:0-2;" },
	{ "a match may not begin behind the keyword",
		{ .keywords = TEXTS("key"), .pattern = "\\d\\d" }, "key 12",
		NULL },
	{ "a match within reach before",
		{ .keywords = TEXTS("key"), .pattern = "\\d", .reach = 4 },
		"1...key", "r 0-1:0-1;" },
	{ "a match out of reach before",
		{ .keywords = TEXTS("key"), .pattern = "\\d", .reach = 4 },
		"1....key", NULL },
	{ "a match within reach behind",
		{ .keywords = TEXTS("key"), .pattern = "key\\d+", .reach = 4 },
		"key7294-", "r 0-7:0-7;" },
	{ "a match that ends out of reach is cut there",
		{ .keywords = TEXTS("key"), .pattern = "key\\d+", .reach = 4 },
		"key72945", "r 0-7:0-7;" },
	{ "all matches near to one keyword are found",
		{ .keywords = TEXTS("key"), .pattern = "\\d" }, "1 2 3 key",
		"r 0-1:0-1;r 2-3:2-3;r 4-5:4-5;" },
	{ "two keywords in one match give it once",
		{ .keywords = TEXTS("key", "id"), .pattern = "key id \\d" },
		"key id 1", "r 0-8:0-8;" },
	{ "the same secret twice is reported twice",
		{ .keywords = TEXTS("key"), .pattern = "key(\\d)" },
		"key1 key1", "r 0-4:3-4;r 5-9:8-9;" },
	{ "lines end at CRLF, too",
		{ .keywords = TEXTS("key"), .pattern = "^key.$" },
		"a\r\nkey7\r\n", "r 3-7:3-7;" },
	{ "an empty secret is none",
		{ .keywords = TEXTS("key"), .pattern = "key(x*)" }, "key keyx",
		"r 4-8:7-8;" },
	{ "empty matches end", { .pattern = "x*" }, "axa", "r 1-2:1-2;" },
	{ "what has too little entropy is no secret",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.entropy = 3 },
		"key=aaaaaaaaaa key=a1b2c3d4e5", "r 15-29:19-29;" },
	{ "an excepted value is no secret",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.except_values = TEXTS("^x+$", "EXAMPLE") },
		"key=xxx key=myEXAMPLE1 key=real", "r 23-31:27-31;" },
	{ "a secret holds one of each class",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.requires = CLASS_DIGIT | CLASS_UPPER },
		"key=abcd1 key=ABCD key=abC1", "r 19-27:23-27;" },
	{ "a look-alike is no secret",
		{ .keywords = TEXTS("key"),
			.pattern = "key=([^ ]+)",
			.unlike = LOOKALIKE_WORDS | LOOKALIKE_CODE },
		"key=somewhere key=call() key=kT4vq9Lx", "r 25-37:29-37;" },
	{ "a placeholder is no secret",
		{ .keywords = TEXTS("key"), .pattern = "key=([^ ]+)" },
		"key=changeme key=${KEY} key=kT4vq9Lx", "r 24-36:28-36;" },
	{ "a placeholder is a secret where the rule says so",
		{ .keywords = TEXTS("key"),
			.pattern = "key=([^ ]+)",
			.placeholders = true },
		"key=changeme", "r 0-12:4-12;" },
	{ "a signing key may be a placeholder",
		{ .keywords = TEXTS("key"),
			.pattern = "key=([^ ]+)",
			.role = ROLE_SIGNING_KEY },
		"key=changeme", "r 0-12:4-12;" },
	{ "a checksum must hold",
		{ .keywords = TEXTS("gh"),
			.pattern = "\\bgh_\\w+",
			.checksum = "github" },
		"gh_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18 "
		"gh_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17",
		"r 40-79:40-79;" },
	{ "the other part stands on the next line",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.with = with_near,
			.with_count = 1 },
		"key=kT4v\nid=9\n", "r 0-8:4-8;" },
	{ "the other part stands on the line before",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.with = with_near,
			.with_count = 1 },
		"id=9\nkey=kT4v", "r 5-13:9-13;" },
	{ "the other part is too many lines away",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.with = with_near,
			.with_count = 1 },
		"id=9\n\nkey=kT4v\n\nid=8", NULL },
	{ "all parts must be there",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.with = with_file,
			.with_count = 2 },
		"id=9\n\n\nkey=kT4v", NULL },
	{ "parts anywhere in the file",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.with = with_file,
			.with_count = 2 },
		"id=9\n\n\nkey=kT4v\n\n\nhost", "r 7-15:11-15;" },
	{ "a signature matches the blob as a whole",
		{ .signatures = sqlite_signatures, .signature_count = 2 },
		"SQLite", "r 0-0:0-0;" },
	{ "a signature has ranges",
		{ .signatures = sqlite_signatures, .signature_count = 2 }, "B5",
		"r 0-0:0-0;" },
	{ "a signature wants every byte",
		{ .signatures = sqlite_signatures, .signature_count = 2 }, "SQ",
		NULL },
	{ "a signature at an offset",
		{ .signatures = &tar_signature, .signature_count = 1 },
		"....tar", "r 0-0:0-0;" },
	{ "a signature beyond the end",
		{ .signatures = &tar_signature, .signature_count = 1 },
		"....ta", NULL },
	{ "signature and keyword",
		{ .signatures = sqlite_signatures,
			.signature_count = 2,
			.keywords = TEXTS("key") },
		"SQL key key", "r 0-0:0-0;" },
	{ "signature without the keyword",
		{ .signatures = sqlite_signatures,
			.signature_count = 2,
			.keywords = TEXTS("key") },
		"SQL", NULL },
	{ "keyword without the signature",
		{ .signatures = sqlite_signatures,
			.signature_count = 2,
			.keywords = TEXTS("key"),
			.pattern = "key" },
		"key", NULL },
	{ "signature and pattern",
		{ .signatures = sqlite_signatures,
			.signature_count = 2,
			.pattern = "key(.)" },
		"SQL keyx", "r 4-8:7-8;" },
	{ "nothing in nothing", { .pattern = "x" }, "", NULL },
};

static void row_holds(void **state)
{
	const struct row *row = *state;
	struct rule rule = row->rule;
	rule.id = "r";
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, &rule, 1);
	assert_int_equal(content(&bench, row->bytes, strlen(row->bytes)), 0);
	assert_string_equal(said(&bench), row->said ? row->said : "");
	assert_false(matcher_was_limited(bench.matcher));
}

/* The reasons of the last match, and the places of its parts. */
static int note_belief(const struct match *match, void *ctx, struct err *err)
{
	struct buf *out = ctx;
	(void)err;
	const struct belief *belief = match->belief;
	buf_reset(out);
	for (size_t i = 0; i < belief->reason_count; i++)
		buf_printf(out, "%s; ", belief->reasons[i]);
	for (size_t i = 0; i < belief->part_count; i++)
		buf_printf(out, "%s %zu-%zu; ", belief->parts[i].title,
			belief->parts[i].start, belief->parts[i].end);
	return 0;
}

static void a_match_says_why_it_is_believed(void **state)
{
	const struct {
		struct rule rule;
		const char *bytes;
		const char *why;
	} cases[] = {
		{ { .keywords = TEXTS("PASSWORD"),
			  .pattern = "PASSWORD = (\\w+)",
			  .entropy = 2 },
			"env.DB_PASSWORD = kT4vq9Lx",
			"named env.DB_PASSWORD; entropy 3.0 bits a byte; " },
		{ { .keywords = TEXTS("gh_"),
			  .pattern = "\\bgh_\\w+",
			  .checksum = "github" },
			"gh_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17",
			"verified as github; begins with gh_; " },
		{ { .keywords = TEXTS("key"),
			  .pattern = "key=(\\w+)",
			  .with = with_near,
			  .with_count = 1 },
			"id=1 id=22 key=kT4vq9Lx id=3",
			"with id beside it; named key; id 8-10; " },
		{ { .keywords = TEXTS("://"), .pattern = "://(\\w+)@" },
			"a://kT4vq9Lx@b",
			"of the form that the rule describes; " },
		{ { .keywords = TEXTS("sql"), .pattern = "sql://(\\w+)@" },
			"mysql://kT4vq9Lx@b", "in a mysql:// address; " },
		{ { .pattern = "^\\w+=(\\w+)" }, "KEY_2=kT4vq9Lx",
			"named KEY_2; " },
		{ { .pattern = "^\\w+:(\\w+)" }, "ada:kT4vq9Lx",
			"of the form that the rule describes; " },
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct rule rule = cases[i].rule;
		rule.id = "r";
		CLEANUP(bench_clear) struct bench bench;
		bench_init(&bench, &rule, 1);
		CLEANUP(buf_clear) struct buf why;
		buf_init(&why, 0);
		const struct match_out out = { note_belief, &why,
			&bench.arena };
		struct err err = { 0 };
		assert_ok(matcher_content(bench.matcher, NULL,
				  (const unsigned char *)cases[i].bytes,
				  strlen(cases[i].bytes), &out, &err),
			&err);
		assert_string_equal(why.bytes, cases[i].why);
	}
}

static void a_rule_with_path_is_not_tried_on_all_contents(void **state)
{
	(void)state;
	const struct rule rules[] = { { .id = "p",
		.paths = TEXTS("*.cfg"),
		.keywords = TEXTS("key"),
		.pattern = "key=(\\d+)" } };
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	assert_int_equal(content(&bench, "key=1", 5), 0);
	assert_string_equal(said(&bench), "");
	assert_int_equal(one_rule(&bench, 0, "key=1 key=2", 11), 0);
	assert_string_equal(said(&bench), "p 0-5:4-5;p 6-11:10-11;");
}

/* In a file at the right path the keyword says enough: it may be anywhere. */
static void a_rule_with_path_has_no_reach(void **state)
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
	assert_int_equal(one_rule(&bench, 0, "key ......... 12", 16), 0);
	assert_string_equal(said(&bench), "p 14-16:14-16;");
	assert_int_equal(one_rule(&bench, 0, "............. 12", 16), 0);
	assert_string_equal(said(&bench), "");
}

static void a_rule_of_a_path_alone_matches_any_content(void **state)
{
	(void)state;
	const struct rule rules[] = { { .id = "p", .paths = TEXTS("x") } };
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	assert_int_equal(one_rule(&bench, 0, "", 0), 0);
	assert_string_equal(said(&bench), "p 0-0:0-0;");
}

static void keywords_of_a_rule_with_path_are_matches(void **state)
{
	(void)state;
	const struct rule rules[] = {
		{ .id = "p", .paths = TEXTS("x"), .keywords = TEXTS("ab", "b") }
	};
	CLEANUP(bench_clear) struct bench bench;
	bench_init(&bench, rules, 1);
	assert_int_equal(one_rule(&bench, 0, "abab", 4), 0);
	assert_string_equal(
		said(&bench), "p 0-2:0-2;p 2-4:2-4;p 1-2:1-2;p 3-4:3-4;");
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
	assert_int_equal(content(&bench, "key1", 4), 0);
	assert_int_equal(bench.match_count, 4);
	assert_non_null(strstr(said(&bench), "a 0-4"));
	assert_non_null(strstr(said(&bench), "b 0-4"));
	assert_non_null(strstr(said(&bench), "c 0-3"));
	assert_non_null(strstr(said(&bench), "d 0-3"));
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
		assert_int_equal(content(&bench, "k kk1", 5), 1);
		assert_int_equal(bench.match_count, bench.stop_after);
	}
	bench.failure = ERR_IO;
	assert_int_equal(content(&bench, "k kk1", 5), ERR_IO);
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
	assert_int_equal(content(&bench, bytes, strlen(bytes)), 0);
	assert_string_equal(said(&bench), "good 39-43:42-43;");
	assert_true(matcher_was_limited(bench.matcher));
	assert_int_equal(content(&bench, "key1", 4), 0);
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
	assert_int_equal(content(&bench, bytes, sizeof(bytes)), 0);
	assert_string_equal(said(&bench), "r 590-592:590-592;");
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
	assert_int_equal(content(&bench, bytes, 1000), 0);
	assert_int_equal(bench.match_count, 1000);
	assert_false(matcher_was_limited(bench.matcher));
	assert_int_equal(content(&bench, bytes, 1001), 0);
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
	assert_int_equal(content(&bench, "x", 1), 0);
	const struct match_out out = { note, &bench, &bench.arena };
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

/* A digit may stand at most `reach` bytes before a keyword: here every place
 * can be told by hand, and the keywords lie as close as they please. */
static void agrees_with_a_plain_search_near_keywords(void **state)
{
	(void)state;
	enum { REACH = 5 };
	const struct rule rules[] = { { .id = "r",
		.keywords = TEXTS("kk", "y"),
		.pattern = "#\\d",
		.reach = REACH } };
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
			for (size_t k = at; k <= at + REACH && k < len; k++)
				near |= bytes[k] == 'y' ||
					!strncmp(bytes + k, "kk", 2);
			if (near)
				buf_printf(&expected, "r %zu-%zu:%zu-%zu;", at,
					at + 2, at, at + 2);
			found += near;
		}
		assert_int_equal(content(&bench, bytes, len), 0);
		assert_string_equal(
			said(&bench), expected.bytes ? expected.bytes : "");
	}
	assert_true(found > 500);
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
		assert_int_equal(content(&bench, bytes, len), 0);
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
	assert_int_equal(one_rule(&bench, 0, session.bytes, session.len), 0);
	assert_string_equal(said(&bench), "s 0-0:0-0;");
	assert_string_equal(bench.evidence->decoder, "cachelib");
	assert_string_equal(bench.evidence->kind, "session");
	assert_true(bench.evidence->key_count > 0);
	assert_int_equal(one_rule(&bench, 1, session.bytes, session.len), 0);
	assert_string_equal(said(&bench), "");
	assert_int_equal(content(&bench, session.bytes, session.len), 0);
	assert_string_equal(said(&bench), "any 0-0:0-0;");
	assert_int_equal(content(&bench, "nothing of it", 13), 0);
	assert_string_equal(said(&bench), "");
	read_sample(&counter, STORE "2029240f6d1128be89ddc32729463129");
	assert_int_equal(one_rule(&bench, 1, counter.bytes, counter.len), 0);
	assert_string_equal(said(&bench), "c 0-0:0-0;");
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
	assert_int_equal(content(&bench, text, sizeof(text) - 1), 0);
	assert_string_equal(said(&bench), "c 0-47:2-47;c 97-144:99-144;");
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
	assert_int_equal(one_rule(&bench, 0, session.bytes, session.len), 0);
	assert_int_equal(bench.match_count, 1);
	memset(session.bytes, 'x', session.len);
	assert_int_equal(one_rule(&bench, 0, session.bytes, session.len), 0);
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
	const struct match_out out = { note, &bench, &bench.arena };
	size_t indexes[] = { 0, 1 };
	const struct rule_list both = { .items = indexes, .count = 2 };
	struct err err = { 0 };
	assert_ok(matcher_rules(bench.matcher, &both, "x",
			  (const unsigned char *)session.bytes, session.len,
			  &out, &err),
		&err);
	assert_string_equal(said(&bench), "a 0-0:0-0;b 0-0:0-0;");
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
	const struct CMUnitTest others[] = {
		cmocka_unit_test(a_match_says_why_it_is_believed),
		cmocka_unit_test(a_rule_with_path_is_not_tried_on_all_contents),
		cmocka_unit_test(a_rule_with_path_has_no_reach),
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
	static struct CMUnitTest tests[ARRAY_SIZE(rows) + ARRAY_SIZE(others)];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){ rows[i].name, row_holds, NULL,
			NULL, (void *)(uintptr_t)&rows[i] };
	memcpy(tests + ARRAY_SIZE(rows), others, sizeof(others));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
