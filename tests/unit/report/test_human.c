#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"
#include "report/text_escape.h"
#include "tests/support/test.h"
#include "tests/unit/report/samples.h"

#include <stdlib.h>
#include <string.h>

static const struct report_opts plain = {
	.utf8 = true,
	.width = 80,
	.version = "0.1.0",
};

/* With UPDATE_GOLDEN set, writes the file instead: read the diff then. */
static void assert_golden(const char *name, const char *text)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s", GOLDEN, name);
	if (getenv("UPDATE_GOLDEN")) {
		FILE *out = fopen(path, "w");
		assert_non_null(out);
		fputs(text, out);
		fclose(out);
		return;
	}
	struct err err = { 0 };
	CLEANUP(buf_clear) struct buf expected;
	buf_init(&expected, 1 << 20);
	assert_ok(file_read(&expected, path, 0, &err), &err);
	assert_string_equal(text, expected.bytes);
}

static void report_is(const char *golden, struct scan_result *result,
	const struct report_opts *opts)
{
	CLEANUP(freep) char *text = sample_report("human", result, opts);
	assert_golden(golden, text);
	scan_result_clear(result);
}

static void the_case_reads_well(void **state)
{
	(void)state;
	struct scan_result result;
	sample_case(&result);
	report_is("case.txt", &result, &plain);
}

static void the_case_is_ascii_on_an_ascii_terminal(void **state)
{
	(void)state;
	struct scan_result result;
	struct report_opts opts = plain;
	opts.utf8 = false;
	opts.width = 60;
	sample_case(&result);
	report_is("case-ascii.txt", &result, &opts);
}

static void the_case_has_colours_on_demand(void **state)
{
	(void)state;
	struct scan_result result;
	struct report_opts opts = plain;
	opts.color = true;
	opts.verbosity = -1;
	sample_case(&result);
	report_is("case-quiet-color.txt", &result, &opts);
}

static void nothing_found_says_what_was_looked_at(void **state)
{
	(void)state;
	struct scan_result result;
	sample_empty(&result);
	report_is("empty.txt", &result, &plain);
}

static void an_incomplete_scan_is_no_clean_bill(void **state)
{
	(void)state;
	struct scan_result result;
	sample_empty(&result);
	for (int reason = SKIP_TOO_LARGE; reason <= SKIP_UNSUPPORTED;
		reason++) {
		struct skipped *skipped =
			scan_result_add_skipped(&result, reason);
		memset(skipped->object, '0' + reason, OID_HEX_SIZE);
	}
	scan_result_add_skipped(&result, SKIP_CORRUPT)->path = "a\nb";
	scan_result_sort(&result);
	report_is("incomplete.txt", &result, &plain);
}

static void paths_of_any_bytes_are_one_line_each(void **state)
{
	(void)state;
	struct scan_result result;
	static const char *const stores[] = { "-rf", ":(top)x", "it's",
		"a b/\xE2\x80\xAE\x1b[2J", "*", "#x", "\xFF\xFE" };
	sample_empty(&result);
	for (size_t i = 0; i < ARRAY_SIZE(stores); i++) {
		char path[64];
		snprintf(path, sizeof(path), "%s/f", stores[i]);
		struct finding *finding = sample_finding(
			&result, &sample_session_rule, path, stores[i]);
		finding->tracked = true;
		finding->at_tip = true;
	}
	scan_result_sort(&result);
	report_is("hostile.txt", &result, &plain);
}

static void links_are_sentences(void **state)
{
	(void)state;
	struct scan_result result;
	sample_empty(&result);
	struct finding *finding =
		sample_finding(&result, &sample_key_rule, "app.py", NULL);
	memset(finding->secret_id, 'e', 32);
	const struct commit_info *since = finding->exposure.first;
	const struct finding_link links[] = {
		{ .relation = "session-of", .path = "s/\x1b", .since = since },
		{ .relation = "signed-by", .path = "a.py", .line = 3 },
		{ .relation = "signed-by" },
		{ .relation = "signs", .path = "b.http", .line = 4 },
	};
	finding->links = links;
	finding->link_count = ARRAY_SIZE(links);
	CLEANUP(freep) char *text = sample_report("human", &result, &plain);
	assert_non_null(strstr(text,
		"          the id of the session in \"s/\\033\", both public since "
		"2024-01-02\n"
		"          signed by the key in a.py:3\n"
		"          signed by a published key: anybody can forge it\n"
		"          and 1 more link\n"));
	scan_result_clear(&result);
}

static void only_the_worst_twenty_are_listed(void **state)
{
	(void)state;
	struct scan_result result;
	sample_empty(&result);
	for (int i = 0; i < 25; i++) {
		char path[64];
		snprintf(path, sizeof(path), "deploy/%02d/.env", i);
		sample_finding(&result, &sample_env_rule, path, NULL)
			->severity = i % 5;
	}
	scan_result_sort(&result);
	CLEANUP(freep) char *text = sample_report("human", &result, &plain);
	assert_non_null(strstr(text, "... and 5 more"));
	assert_null(strstr(text, "INFO"));
	struct report_opts opts = plain;
	opts.verbosity = 1;
	CLEANUP(freep) char *all = sample_report("human", &result, &opts);
	assert_non_null(strstr(all, "INFO"));
	assert_non_null(strstr(all, "deploy/24/.env"));
	scan_result_clear(&result);
}

/* What is told for information asks for nothing, unless there is no more. */
static void advice_is_of_what_is_to_be_acted_on(void **state)
{
	(void)state;
	struct scan_result result;
	sample_empty(&result);
	struct finding *key = sample_finding(
		&result, &sample_key_rule, "venv/flask/config.py", NULL);
	key->severity = SEVERITY_INFO;
	scan_result_sort(&result);
	CLEANUP(freep) char *alone = sample_report("human", &result, &plain);
	assert_non_null(strstr(alone, sample_key_rule.advice));
	sample_finding(&result, &sample_env_rule, ".env", NULL);
	scan_result_sort(&result);
	CLEANUP(freep) char *text = sample_report("human", &result, &plain);
	assert_non_null(strstr(text, sample_env_rule.advice));
	assert_null(strstr(text, sample_key_rule.advice));
	scan_result_clear(&result);
}

/* xorshift64: the same bytes on every machine */
static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static const char *random_text(struct arena *arena, uint64_t *seed, size_t most)
{
	static const char *const nasty[] = { "\xE2\x80\xAE", "\x1b[31m", "\n",
		"\xEF\xBB\xBF", "\xC2\x9B", "/", " ", "\xE4\xB8\xAD",
		"\xF3\xA0\x81\x81", "'", "\"", "\\", "\xED\xA0\x80", "\r" };
	char text[256];
	size_t len = 0;
	size_t target = 1 + next_random(seed) % most;
	while (len < target) {
		uint64_t roll = next_random(seed);
		if (roll % 3) {
			text[len++] = (char)(1 + (roll >> 8) % 255);
			continue;
		}
		const char *piece = nasty[(roll >> 8) % ARRAY_SIZE(nasty)];
		memcpy(text + len, piece, strlen(piece));
		len += strlen(piece);
	}
	return arena_memdupz(arena, text, len);
}

static struct commit_info *random_commit(struct arena *arena, uint64_t *seed)
{
	struct commit_info *commit = arena_alloc(arena, sizeof(*commit));
	memset(commit->oid, '7', OID_HEX_SIZE);
	commit->author = random_text(arena, seed, 60);
	commit->time = (int64_t)next_random(seed);
	return commit;
}

static void add_random(struct scan_result *result, uint64_t *seed)
{
	static const struct rule *const rules[] = { &sample_session_rule,
		&sample_key_rule, &sample_env_rule, &sample_transient_rule };
	struct arena *arena = &result->arena;
	uint64_t roll = next_random(seed);
	const char *store = roll & 1 ? random_text(arena, seed, 40) : NULL;
	const char *name = random_text(arena, seed, 120);
	const char *path =
		store ? arena_printf(arena, "%s/%s", store, name) : name;
	struct finding *finding =
		sample_finding(result, rules[roll >> 1 & 3], path, store);
	const char **refs = arena_array(arena, 1, sizeof(*refs));
	refs[0] = random_text(arena, seed, 200);
	finding->exposure = (struct exposure){
		.first = random_commit(arena, seed),
		.last = random_commit(arena, seed),
		.refs = refs,
		.refs_listed = 1,
		.refs_count = 1 + (roll >> 40),
	};
	finding->tracked = roll >> 3 & 1;
	finding->versions = roll >> 50;
	if (roll >> 4 & 1) {
		finding->excerpt = random_text(arena, seed, 120);
		finding->region = (struct region){ 1, 1, 1, 1, 0, 1 };
	}
	if (roll >> 5 & 1)
		memset(finding->secret_id, '9', 32);
}

static bool is_command(const char *line)
{
	return !strncmp(line, "     ", 5);
}

static void assert_safe_lines(const char *text, const struct report_opts *opts)
{
	const unsigned char *at = (const unsigned char *)text;
	size_t left = strlen(text);
	while (left) {
		uint32_t code;
		size_t step = utf8_decode(&code, at, left);
		assert_int_not_equal(step, 0);
		assert_true(code == '\n' || !utf8_is_unsafe(code));
		assert_true(opts->utf8 || code < 0x80);
		at += step;
		left -= step;
	}
	const char *steps = strstr(text, "\nNext steps\n");
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		if (!steps || line < steps || !is_command(line))
			assert_true(text_width(line, strcspn(line, "\n")) <=
				opts->width);
}

static void every_line_is_safe_and_fits_whatever_was_found(void **state)
{
	(void)state;
	uint64_t seed = 20240102;
	for (int round = 0; round < 200; round++) {
		struct scan_result result;
		struct report_opts opts = plain;
		opts.utf8 = round & 1;
		opts.verbosity = round % 3 - 1;
		opts.width = 60 + (unsigned)(round % 50);
		sample_empty(&result);
		for (int i = 0; i < 1 + round % 7; i++)
			add_random(&result, &seed);
		struct skipped *skipped =
			scan_result_add_skipped(&result, round % 8);
		skipped->path = random_text(&result.arena, &seed, 90);
		skipped->detail = random_text(&result.arena, &seed, 90);
		scan_result_sort(&result);
		CLEANUP(freep)
		char *text = sample_report("human", &result, &opts);
		assert_safe_lines(text, &opts);
		scan_result_clear(&result);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_case_reads_well),
		cmocka_unit_test(the_case_is_ascii_on_an_ascii_terminal),
		cmocka_unit_test(the_case_has_colours_on_demand),
		cmocka_unit_test(nothing_found_says_what_was_looked_at),
		cmocka_unit_test(an_incomplete_scan_is_no_clean_bill),
		cmocka_unit_test(paths_of_any_bytes_are_one_line_each),
		cmocka_unit_test(links_are_sentences),
		cmocka_unit_test(only_the_worst_twenty_are_listed),
		cmocka_unit_test(advice_is_of_what_is_to_be_acted_on),
		cmocka_unit_test(
			every_line_is_safe_and_fits_whatever_was_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
