/* What a refused commit or push reads: one screen, and fitting commands. */
#include "base/cleanup.h"
#include "report/human_blocked.h"
#include "tests/support/test.h"
#include "tests/unit/report/samples.h"

#include <stdlib.h>
#include <string.h>

#define SCREEN_LINES 24
#define HEAD         "1a2b3c4d5e6f708192a3b4c5d6e7f80912345678" /* of samples */
#define OTHER        "ffffffffffffffffffffffffffffffffffffffff"

/** What stands in the way; a bit each. */
enum kind {
	STORE = 1 << 0,
	SECRET = 1 << 1,
	COMMIT = 1 << 2,
	TAG = 1 << 3,
	ROOT = 1 << 4,  /* the first commit brought it */
	LATER = 1 << 5, /* another commit brought the secret */
	MANY = 1 << 6,
};

static const struct commit_info root = {
	.oid = HEAD,
	.author = "Ada Example",
	.is_root = true,
};

static const struct commit_info later = {
	.oid = OTHER,
	.author = "Ada Example",
	.time = INT64_C(1) << 32,
};

static struct finding *add(struct scan_result *result, unsigned kinds,
	const struct rule *rule, const char *path, const char *store)
{
	struct finding *finding = sample_finding(result, rule, path, store);
	if (kinds & ROOT)
		finding->exposure.first = &root;
	if (!store) {
		finding->region = (struct region){ 1, 1, 1, 9, 0, 8 };
		memset(finding->secret_id, path[0], 32);
	}
	return finding;
}

static void make(struct scan_result *result, unsigned kinds)
{
	*result = (struct scan_result){ .sources = PLACE_HISTORY };
	if (kinds & STORE)
		add(result, kinds, &sample_session_rule, "a/store/s1",
			"a/store");
	for (int i = 0; kinds & MANY && i < 40; i++) {
		char path[300];
		memset(path, 'x', sizeof(path));
		snprintf(path + 250, sizeof(path) - 250, "%d/s1", i);
		char store[300];
		memcpy(store, path, sizeof(store));
		*strrchr(store, '/') = '\0';
		add(result, kinds, &sample_session_rule, path, store);
	}
	if (kinds & SECRET) {
		struct finding *finding =
			add(result, kinds, &sample_key_rule, "config.py", NULL);
		if (kinds & LATER)
			finding->exposure.first = &later;
	}
	if (kinds & COMMIT)
		add(result, kinds, &sample_key_rule, COMMIT_MESSAGE_PATH, NULL)
			->places = PLACE_MESSAGE;
	if (kinds & TAG) {
		struct finding *finding = add(result, kinds, &sample_key_rule,
			TAG_MESSAGE_PATH, NULL);
		finding->places = PLACE_MESSAGE;
		finding->exposure = (struct exposure){ 0 };
	}
	scan_result_sort(result);
}

struct row {
	const char *name;
	unsigned kinds;
	enum blocked what;
	const char *head;
	const char *has[3], *has_not[4];
};

static const struct row rows[] = {
	{ "commit_with_all", STORE | SECRET, BLOCKED_COMMIT, NULL,
		{ "git rm -r -f -q --cached -- a/store\n",
			"git add -- config.py\n", "baseline --staged" },
		{ "rebase", "amend" } },
	{ "push_of_an_older_commit", STORE | SECRET, BLOCKED_PUSH, OTHER,
		{ "git rebase -i -r 1a2b3c4d5e~   # 'edit' for 1a2b3c4d5e\n",
			"--amend --no-edit && git rebase --continue\n",
			"baseline --reason" },
		{ "--root", "--messages", "tag" } },
	{ "push_of_the_first_commit", STORE | ROOT, BLOCKED_PUSH, OTHER,
		{ "git rebase -i -r --root   # 'edit' for 1a2b3c4d5e\n" },
		{ "~", "git add --" } },
	{ "push_of_the_last_commit", STORE | SECRET, BLOCKED_PUSH, HEAD,
		{ "Take it out of the last commit",
			"git commit --amend --no-edit\n" },
		{ "rebase" } },
	{ "push_of_several_commits", STORE | SECRET | LATER, BLOCKED_PUSH, HEAD,
		{ "rebase -i -r 1a2b3c4d5e~   # 'edit' for the commits above\n",
			"commit ffffffffff" },
		{ "--root" } },
	{ "push_of_a_message", COMMIT, BLOCKED_PUSH, OTHER,
		{ "the message of commit cccccccccc",
			"# 'reword' for 1a2b3c4d5e\n",
			"baseline --messages --reason" },
		{ "COMMIT_EDITMSG", "git rm", "git add -- ",
			"hygiene:allow" } },
	{ "push_of_the_last_message", COMMIT, BLOCKED_PUSH, HEAD,
		{ "git commit --amend   # with another message\n" },
		{ "rebase", "--no-edit" } },
	{ "push_of_a_tag", TAG, BLOCKED_PUSH, HEAD,
		{ "the message of tag cccccccccc",
			"git tag -f -a <tag> '<tag>^{}'\n" },
		{ "rebase", "amend", "TAG_EDITMSG" } },
	{ "push_of_everything", STORE | SECRET | COMMIT | TAG | LATER,
		BLOCKED_PUSH, OTHER, { "and 1 more" }, { NULL } },
	{ "push_of_many", MANY | SECRET | COMMIT, BLOCKED_PUSH, OTHER,
		{ "and 39 more" }, { NULL } },
	{ "commit_of_many", MANY | SECRET, BLOCKED_COMMIT, NULL,
		{ "and 38 more" }, { NULL } },
	{ "server", STORE | SECRET | COMMIT, BLOCKED_RECEIVE, NULL,
		{ "Nothing of the push was kept", "rebase" },
		{ "baseline", "GIT_HYGIENE" } },
	{ "message", COMMIT, BLOCKED_MESSAGE, NULL,
		{ "the message", "git commit -e -F" },
		{ "baseline", "rebase" } },
};

static char *print(const struct row *row, bool below_top)
{
	struct scan_result result;
	make(&result, row->kinds);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	const struct blocked_opts blocked = {
		.what = row->what,
		.head = row->head,
		.below_top = below_top,
	};
	const struct report_opts opts = { .utf8 = true, .width = 80 };
	human_blocked(out, &result, &blocked, &opts);
	fclose(out);
	scan_result_clear(&result);
	return text;
}

static void row_fits_one_screen_and_says(void **state)
{
	const struct row *row = *state;
	CLEANUP(freep) char *text = print(row, true);
	size_t lines = 0;
	for (const char *at = text; *at; at++)
		lines += *at == '\n';
	assert_in_range(lines, 1, SCREEN_LINES);
	for (size_t i = 0; i < ARRAY_SIZE(row->has) && row->has[i]; i++)
		if (!strstr(text, row->has[i]))
			fail_msg("no '%s' in:\n%s", row->has[i], text);
	for (size_t i = 0; i < ARRAY_SIZE(row->has_not) && row->has_not[i]; i++)
		if (strstr(text, row->has_not[i]))
			fail_msg("'%s' in:\n%s", row->has_not[i], text);
}

static void paths_count_from_the_top(void **state)
{
	(void)state;
	static const char words[] =
		"Paths count from the top: cd \"$(git rev-parse --show-toplevel)";
	CLEANUP(freep) char *below = print(&rows[0], true);
	CLEANUP(freep) char *top = print(&rows[0], false);
	assert_non_null(strstr(below, words));
	assert_null(strstr(top, words));
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(rows) + 1];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = row_fits_one_screen_and_says,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	tests[ARRAY_SIZE(rows)] =
		(struct CMUnitTest)cmocka_unit_test(paths_count_from_the_top);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
