#include "rules/path_glob.h"
#include "rules/path_set.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXTS(...)                \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

static const struct rule rules[] = {
	{ .id = "env", .paths = TEXTS(".env", "*.env") },
	{ .id = "session",
		.paths = TEXTS("**/flask_session/*"),
		.except_paths = TEXTS("*.py", "/keep/") },
	{ .id = "hex", .name = "[0-9a-f]{32}" },
	{ .id = "php", .paths = TEXTS("sess_*"), .name = "sess_[a-z0-9]{26}" },
	{ .id = "content", .keywords = TEXTS("x") },
	{ .id = "pem", .paths = TEXTS("*.p[ek]m", "a/**/key") },
	{ .id = "any", .name = "(?i)secrets?" },
};

struct row {
	const char *path;
	const char *ids; /* each followed by a blank */
};

static const struct row rows[] = {
	{ ".env", "env " },
	{ "app/prod.env", "env " },
	{ "app/.env/x", "" },
	{ "flask_session/2029240f6d1128be89ddc32729463129", "session hex " },
	{ "a/flask_session/x", "session " },
	{ "a/flask_session/x.py", "" },
	{ "keep/flask_session/x", "" },
	{ "b/keep/flask_session/x", "session " },
	{ "a/flask_session", "" },
	{ "2029240f6d1128be89ddc32729463129", "hex " },
	{ "2029240f6d1128be89ddc32729463129\n", "" },
	{ "2029240f6d1128be89ddc3272946312", "" },
	{ "sess_0123456789abcdefghijklmno", "" },
	{ "sess_0123456789abcdefghijklmnop", "php " },
	{ "tmp/sess_0123456789abcdefghijklmnop", "php " },
	{ "sess_", "" },
	{ "k.pem", "pem " },
	{ "a/b/key", "pem " },
	{ "b/key", "" },
	{ "Secrets", "any " },
	{ "secret", "any " },
	{ "", "" },
	{ "flask_session/", "" },
	{ "flask_session/flask_session/flask_session/x", "session " },
};

/* The ids of the rules that accept a path. */
struct answer {
	const struct rule *const *rules;
	char ids[512];
	size_t last;
};

static void add_id(size_t rule_index, void *ctx)
{
	struct answer *answer = ctx;
	if (answer->ids[0])
		assert_true(rule_index > answer->last);
	answer->last = rule_index;
	size_t len = strlen(answer->ids);
	snprintf(answer->ids + len, sizeof(answer->ids) - len, "%s ",
		answer->rules[rule_index]->id);
}

static void row_holds(void **state)
{
	const struct row *row = *state;
	const struct rule *list[ARRAY_SIZE(rules)];
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		list[i] = &rules[i];
	struct err err = { 0 };
	CLEANUP(path_set_freep) struct path_set *set = NULL;
	CLEANUP(path_matcher_freep) struct path_matcher *matcher = NULL;
	assert_ok(path_set_new(&set, list, ARRAY_SIZE(rules), &err), &err);
	assert_ok(path_matcher_new(&matcher, set, &err), &err);
	struct answer answer = { .rules = list };
	assert_true(path_matcher_ask(
		matcher, row->path, strlen(row->path), add_id, &answer));
	assert_string_equal(answer.ids, row->ids);
}

static void a_bad_glob_is_named_with_its_rule(void **state)
{
	(void)state;
	const struct rule bad = { .id = "bad", .paths = TEXTS("a", "[") };
	const struct rule *list[] = { &bad };
	struct err err = { 0 };
	struct path_set *set = NULL;
	assert_err(path_set_new(&set, list, 1, &err), ERR_PARSE, &err);
	assert_non_null(strstr(err.msg, "rule bad"));
}

static void a_bad_name_is_named_with_its_rule(void **state)
{
	(void)state;
	const struct rule bad = { .id = "bad", .name = "(" };
	const struct rule *list[] = { &bad };
	struct err err = { 0 };
	struct path_set *set = NULL;
	assert_err(path_set_new(&set, list, 1, &err), ERR_PARSE, &err);
	assert_non_null(strstr(err.msg, "rule bad"));
}

static void an_exploding_name_is_told(void **state)
{
	(void)state;
	const struct rule bad = { .id = "bad", .name = "(?:a+)+[bc]d" };
	const struct rule *list[] = { &bad };
	struct err err = { 0 };
	CLEANUP(path_set_freep) struct path_set *set = NULL;
	CLEANUP(path_matcher_freep) struct path_matcher *matcher = NULL;
	assert_ok(path_set_new(&set, list, 1, &err), &err);
	assert_ok(path_matcher_new(&matcher, set, &err), &err);
	struct answer answer = { .rules = list };
	const char *path = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-d";
	assert_false(
		path_matcher_ask(matcher, path, strlen(path), add_id, &answer));
	assert_string_equal(answer.ids, "");
	assert_true(path_matcher_ask(matcher, "ad", 2, add_id, &answer));
}

/* Each of 4,000 components is a key, and leads to globs that fail late. */
static void a_path_that_repeats_a_key_takes_bounded_time(void **state)
{
	(void)state;
	static const char *const globs[] = { "**/flask_session/*/**/*a*b",
		"**/x/flask_session/**/*.py", NULL };
	static struct rule all[200];
	const struct rule *list[ARRAY_SIZE(all)];
	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		all[i] = (struct rule){ .id = "r", .paths = globs };
		list[i] = &all[i];
	}
	struct err err = { 0 };
	CLEANUP(path_set_freep) struct path_set *set = NULL;
	CLEANUP(path_matcher_freep) struct path_matcher *matcher = NULL;
	assert_ok(path_set_new(&set, list, ARRAY_SIZE(all), &err), &err);
	assert_ok(path_matcher_new(&matcher, set, &err), &err);
	static char path[14 * 4000 + 2];
	for (size_t i = 0; i < 4000; i++)
		memcpy(path + 14 * i, "flask_session/", 14);
	path[14 * 4000] = 'x';
	struct answer answer = { .rules = list };
	assert_true(
		path_matcher_ask(matcher, path, strlen(path), add_id, &answer));
	assert_string_equal(answer.ids, "");
}

enum { RULES = 60, GLOBS = 4 };

/* Random globs, one to four a rule. */
struct random_rules {
	char texts[RULES][GLOBS][64];
	const char *paths[RULES][GLOBS + 1];
	struct rule rules[RULES];
	const struct rule *list[RULES];
};

static void make_glob(struct random *random, char *out)
{
	static const char *const pieces[] = { "a", "bb", "c.d", ".x", "*", "?",
		"/", "/**/", "[ab]", "sess", "_" };
	struct err err;
	struct path_glob *glob = NULL;
	do {
		out[0] = '\0';
		if (!random_below(random, 3))
			strcat(out, random_below(random, 2) ? "/" : "**/");
		size_t count = 1 + random_below(random, 4);
		for (size_t i = 0; i < count; i++)
			strcat(out,
				pieces[random_below(
					random, ARRAY_SIZE(pieces))]);
	} while (path_glob_new(&glob, out, &err) < 0);
	path_glob_free(glob);
}

static void make_rules(struct random *random, struct random_rules *out)
{
	for (size_t i = 0; i < RULES; i++) {
		size_t count = 1 + random_below(random, GLOBS);
		for (size_t j = 0; j < count; j++) {
			make_glob(random, out->texts[i][j]);
			out->paths[i][j] = out->texts[i][j];
		}
		out->rules[i] =
			(struct rule){ .id = "r", .paths = out->paths[i] };
		out->list[i] = &out->rules[i];
	}
}

static void mark(size_t rule_index, void *ctx)
{
	bool *marks = ctx;
	marks[rule_index] = true;
}

static bool accepts_plainly(const char *const *globs, const char *path)
{
	for (size_t i = 0; globs[i]; i++) {
		struct err err = { 0 };
		CLEANUP(path_glob_freep) struct path_glob *glob = NULL;
		assert_ok(path_glob_new(&glob, globs[i], &err), &err);
		if (path_glob_match(glob, path, strlen(path)))
			return true;
	}
	return false;
}

static void make_path(struct random *random, char *out)
{
	static const char *const names[] = { "a", "bb", "c.d", "b.x", "sess_a",
		"abb", ".x", "c.c.d", "_", "a_bb.x" };
	size_t count = 1 + random_below(random, 5);
	out[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		strcat(out, i ? "/" : "");
		strcat(out, names[random_below(random, ARRAY_SIZE(names))]);
	}
}

static void agrees_with_globs_tried_one_by_one(void **state)
{
	(void)state;
	struct random random = { 5 };
	size_t accepted = 0;
	for (int round = 0; round < 25; round++) {
		struct random_rules all = { 0 };
		make_rules(&random, &all);
		struct err err = { 0 };
		CLEANUP(path_set_freep) struct path_set *set = NULL;
		CLEANUP(path_matcher_freep) struct path_matcher *m = NULL;
		assert_ok(path_set_new(&set, all.list, RULES, &err), &err);
		assert_ok(path_matcher_new(&m, set, &err), &err);
		for (int i = 0; i < 30; i++) {
			char path[128];
			bool marks[RULES] = { false };
			make_path(&random, path);
			assert_true(path_matcher_ask(
				m, path, strlen(path), mark, marks));
			for (size_t r = 0; r < RULES; r++) {
				bool plain =
					accepts_plainly(all.paths[r], path);
				if (marks[r] != plain)
					fail_msg("'%s' on '%s'",
						all.texts[r][0], path);
				accepted += plain;
			}
		}
	}
	assert_true(accepted > 1000);
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(rows) + 5];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){ rows[i].path, row_holds, NULL,
			NULL, (void *)(uintptr_t)&rows[i] };
	const struct CMUnitTest others[] = {
		cmocka_unit_test(a_bad_glob_is_named_with_its_rule),
		cmocka_unit_test(a_bad_name_is_named_with_its_rule),
		cmocka_unit_test(an_exploding_name_is_told),
		cmocka_unit_test(a_path_that_repeats_a_key_takes_bounded_time),
		cmocka_unit_test(agrees_with_globs_tried_one_by_one),
	};
	memcpy(tests + ARRAY_SIZE(rows), others, sizeof(others));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
