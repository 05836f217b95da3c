/* What one rule says of one text, row by row, and why it is believed. */
#include "base/array.h"
#include "rules/char_class.h"
#include "rules/lookalike.h"
#include "tests/support/test.h"
#include "tests/unit/rules/matcher_bench.h"

#include <string.h>

static const struct rule_signature sqlite_signatures[] = {
	{ 0, (const unsigned char *)"SQL", (const unsigned char *)"SQL", 3 },
	{ 0, (const unsigned char *)"A0", (const unsigned char *)"C9", 2 },
};
static const struct rule_signature tar_signature = { 4,
	(const unsigned char *)"tar", (const unsigned char *)"tar", 3 };

static const struct rule_with with_near[] = {
	{ .title = "id", .pattern = "id=(\\w+)", .lines = 1 },
};
static const struct rule_with with_optional[] = {
	{ .title = "id", .pattern = "id=(\\w+)", .lines = 1, .optional = true },
	{ .title = "host", .pattern = "host" },
};
static const struct rule_with with_absent[] = {
	{ .title = "index", .pattern = "index", .lines = 1, .absent = true },
};
static const struct rule_with with_same[] = {
	{ .title = "user",
		.pattern = "user=(\\w+)",
		.lines = 1,
		.absent = true,
		.same = true },
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
	{ "a part that is optional may be missing",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.with = with_optional,
			.with_count = 2 },
		"id=9\n\n\nkey=kT4v\n\n\nhost", "r 7-15:11-15;" },
	{ "the others may not",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.with = with_optional,
			.with_count = 2 },
		"id=9 key=kT4v", NULL },
	{ "a part that must be absent is",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.with = with_absent,
			.with_count = 1 },
		"index\n\nkey=kT4v", "r 7-15:11-15;" },
	{ "a part that must be absent is there",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.with = with_absent,
			.with_count = 1 },
		"index\nkey=kT4v", NULL },
	{ "a part that must be absent and reads otherwise",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.with = with_same,
			.with_count = 1 },
		"user=kT4\nkey=kT4v", "r 9-17:13-17;" },
	{ "a part that must be absent and reads as the secret, not the nearest",
		{ .keywords = TEXTS("key"),
			.pattern = "key=(\\w+)",
			.with = with_same,
			.with_count = 1 },
		"user=kT4v\nkey=kT4v user=a", NULL },
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
	assert_int_equal(
		bench_content(&bench, row->bytes, strlen(row->bytes)), 0);
	assert_string_equal(bench_said(&bench), row->said ? row->said : "");
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
		{ { .keywords = TEXTS("key"),
			  .pattern = "key=(\\w+)",
			  .with = with_optional,
			  .with_count = 2 },
			"key=kT4vq9Lx host",
			"with host beside it; named key; host 13-17; " },
		{ { .keywords = TEXTS("://"), .pattern = "://(\\w+)@" },
			"a://kT4vq9Lx@b",
			"of the form that the rule describes; " },
		{ { .keywords = TEXTS("sql"), .pattern = "sql://(\\w+)@" },
			"mysql://kT4vq9Lx@b", "in a mysql:// address; " },
		{ { .keywords = TEXTS("ftp://"), .pattern = "ftp://(\\w+)@" },
			"sftp://kT4vq9Lx@b", "in a sftp:// address; " },
		{ { .keywords = TEXTS("redis+"),
			  .pattern = "redis\\+tls://(\\w+)@" },
			"redis+tls://kT4vq9Lx@b", "named redis; " },
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

int main(void)
{
	const struct CMUnitTest others[] = {
		cmocka_unit_test(a_match_says_why_it_is_believed),
	};
	static struct CMUnitTest tests[ARRAY_SIZE(rows) + ARRAY_SIZE(others)];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){ rows[i].name, row_holds, NULL,
			NULL, (void *)(uintptr_t)&rows[i] };
	memcpy(tests + ARRAY_SIZE(rows), others, sizeof(others));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
