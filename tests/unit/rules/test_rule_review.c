/* Advice on rules: each row is a rule, and all that is said of it. */
#include "rules/rule_review.h"

#include "base/buf.h"
#include "base/cleanup.h"
#include "tests/support/test.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A rule up to its pattern, with examples that say nothing by themselves. */
#define RULE(pattern)              \
	"version: 1\n"             \
	"rules:\n"                 \
	"  - id: acme\n"           \
	"    title: T\n"           \
	"    severity: low\n"      \
	"    confidence: low\n"    \
	"    why: W\n"             \
	"    references: [R]\n"    \
	"    keywords: [acme_]\n"  \
	"    placeholders: true\n" \
	"    pattern: '" pattern "'\n"

#define EXAMPLES(match) "    examples:\n      match:\n" match NOMATCH
#define NOMATCH \
	"      nomatch: [{ content: a }, { content: b }, { content: c }]\n"

/* Of one length, and of three. */
#define HEX                                                         \
	EXAMPLES("        - content: 'k=acme_0f1e2d3c4b5a6978'\n"   \
		 "        - content: '\"acme_8796a5b4c3d2e1f0\"'\n" \
		 "        - content: 'acme_13579bdf02468ace'\n")
#define TWICE                                                         \
	EXAMPLES("        - content: 'acme_ acme_0f1e2d3c4b5a6978'\n" \
		 "        - content: 'acme_ acme_8796a5b4c3d2e1f0'\n" \
		 "        - content: 'acme_ acme_13579bdf02468ace'\n")
#define VARIED                                                       \
	EXAMPLES("        - content: 'k=acme_0f1e2d3c4b5a697'\n"     \
		 "        - content: '\"acme_8796a5b4c3d2e1f0a\"'\n" \
		 "        - content: 'acme_13579bdf02468ace13579bdf'\n")
#define QUOTED                                                     \
	EXAMPLES("        - content: 'acme_pw=\"kT4vq9Lx\"'\n"     \
		 "        - content: 'acme_pw=\"Wm2ZpR7cJd3s\"'\n" \
		 "        - content: 'acme_pw=\"sYb8N1xQw0Vt7u\"'\n")

#define ALPHABET "matches also with another character inside of the secret"
#define BOUNDARY "matches also a part of a longer word"
#define LENGTH   "matches also when it is too short or too long"
#define PREFIX   "matches also with another byte in its prefix"

struct row {
	const char *name;
	const char *rule;
	const char *advice; /* of each sort once, in the order of coming */
};

static const struct row rows[] = {
	{ "a rule that asks for all of its secret",
		RULE("\\b(acme_[0-9a-f]{16})\\b") HEX, "" },
	{ "a prefix in which any byte will do",
		RULE("\\b(\\w{5}[0-9a-f]{16})\\b") TWICE, PREFIX },
	{ "no end", RULE("\\b(acme_[0-9a-f]{16})") HEX, LENGTH ";" BOUNDARY },
	{ "no beginning", RULE("(acme_[0-9a-f]{16})\\b") HEX, BOUNDARY },
	{ "an alphabet that is too large",
		RULE("\\b(acme_[0-9a-z]{16})\\b") HEX, ALPHABET },
	{ "any bytes", RULE("\\b(acme_[^~]{16})\\b") HEX, ALPHABET },
	{ "lengths beside that of the examples",
		RULE("\\b(acme_[0-9a-f]{15,18})\\b") HEX, LENGTH },
	{ "examples of several lengths",
		RULE("\\b(acme_[0-9a-f]{8,32})\\b") VARIED, "" },
	{ "no least length", RULE("\\b(acme_[0-9a-f]+)\\b") VARIED, LENGTH },
	{ "a part of what tokens are made of",
		RULE("\\b(acme_[0-9a-f]{6,32})") VARIED, BOUNDARY },
	{ "a value between quotes", RULE("acme_pw=\"([^\"]{6,64})\"") QUOTED,
		"" },
	{ "a value whose end is not asked for",
		RULE("acme_pw=\"([^~]{4,64})") QUOTED, ALPHABET },
	{ "what is tolerated with a reason",
		RULE("acme_pw=\"([^~]{4,64})") "    tolerates: { alphabet: it may hold any byte }\n" QUOTED,
		"" },
	{ "what need not be tolerated",
		RULE("\\b(acme_[0-9a-f]{16})\\b") "    tolerates: { length: for no reason }\n" HEX,
		"tolerates a change that no example outlives" },
	{ "quantifiers that take the same bytes",
		RULE("acme_pw=\"((?:\\w+\\s?)*)\"") "    tolerates: { length: L }\n" QUOTED,
		"takes # steps to give up on # bytes: quantifiers overlap" },
	{ "the same with possessive ones",
		RULE("acme_pw=\"((?:\\w++\\s?+)*+)\"") "    tolerates: { length: L }\n" QUOTED,
		"" },
};

/* Appends the advice, with '#' for a number, unless it was given before. */
static void note_advice(const struct rule *rule, const char *file, int line,
	const char *advice, void *ctx)
{
	struct buf *seen = ctx;
	char text[256] = "";
	size_t len = 0;
	assert_string_equal(rule->id, "acme");
	assert_non_null(file);
	assert_true(line > 0);
	for (const char *at = advice; *at && len + 1 < sizeof(text); at++) {
		bool is_digit = *at >= '0' && *at <= '9';
		if (is_digit && len && text[len - 1] == '#')
			continue;
		text[len++] = (char)(is_digit ? '#' : *at);
	}
	if (seen->len && strstr(seen->bytes, text))
		return;
	assert_int_equal(
		buf_printf(seen, "%s%s", seen->len ? ";" : "", text), 0);
}

static void says_what_is_wrong(void **state)
{
	const struct row *row = *state;
	char path[] = "/tmp/rule-review-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(
		write(fd, row->rule, strlen(row->rule)), strlen(row->rule));
	close(fd);
	const char *const files[] = { path, NULL };
	const struct ruleset_opts opts = { .no_builtin = true, .files = files };
	CLEANUP(ruleset_freep) struct ruleset *ruleset = NULL;
	CLEANUP(buf_clear) struct buf seen;
	struct err err = { 0 };
	buf_init(&seen, 0);
	int rc = ruleset_new(&ruleset, &opts, &err);
	unlink(path);
	assert_ok(rc, &err);
	assert_ok(rule_review(ruleset, note_advice, &seen, &err), &err);
	assert_string_equal(seen.len ? seen.bytes : "", row->advice);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows)];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] =
			(struct CMUnitTest){ rows[i].name, says_what_is_wrong,
				NULL, NULL, (void *)(uintptr_t)&rows[i] };
	return _cmocka_run_group_tests(
		"rule_review", tests, ARRAY_SIZE(tests), NULL, NULL);
}
