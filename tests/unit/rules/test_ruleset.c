#include "rules/ruleset.h"

#include "base/arena.h"
#include "tests/support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A folder with the rule files of one test. */
struct folder {
	struct arena arena;
	char *path;
	const char *files[8]; /* what was written, NULL-ended */
	size_t count;
};

static int make_folder(void **state)
{
	struct folder *folder = calloc(1, sizeof(*folder));
	char path[] = "/tmp/ruleset-XXXXXX";
	if (!folder || !mkdtemp(path))
		return -1;
	folder->path = arena_strdup(&folder->arena, path);
	*state = folder;
	return 0;
}

static int remove_folder(void **state)
{
	struct folder *folder = *state;
	for (size_t i = 0; i < folder->count; i++)
		unlink(folder->files[i]);
	rmdir(folder->path);
	arena_clear(&folder->arena);
	free(folder);
	return 0;
}

static void write_file(
	struct folder *folder, const char *name, const char *text)
{
	const char *path =
		arena_printf(&folder->arena, "%s/%s", folder->path, name);
	FILE *out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
	folder->files[folder->count++] = path;
}

#define RULE(id, more)          \
	"  - id: " id "\n"      \
	"    title: T\n"        \
	"    severity: low\n"   \
	"    confidence: low\n" \
	"    why: W\n"          \
	"    path: ['*.p']\n"   \
	"    examples: { match: [{ path: x }], nomatch: [{ path: y }] }\n" more

#define HEAD "version: 1\nrules:\n"

static struct ruleset *load(struct folder *folder,
	const struct ruleset_opts *given, struct err *err)
{
	struct ruleset_opts opts = *given;
	opts.files = folder->files;
	struct ruleset *ruleset = NULL;
	int rc = ruleset_new(&ruleset, &opts, err);
	assert_int_equal(rc, err->code);
	return ruleset;
}

/* Loads the files of the folder without the built-in rules. */
static struct ruleset *load_files(struct folder *folder)
{
	const struct ruleset_opts opts = { .no_builtin = true };
	struct err err = { 0 };
	struct ruleset *ruleset = load(folder, &opts, &err);
	if (!ruleset)
		fail_msg("%s", err.msg);
	return ruleset;
}

static void assert_refused(struct folder *folder,
	const struct ruleset_opts *opts, const char *message)
{
	struct err err = { 0 };
	CLEANUP(ruleset_freep)
	struct ruleset *ruleset = load(folder, opts, &err);
	assert_null(ruleset);
	/* Messages start with the name of the file, in a folder of ours. */
	size_t len = strlen(folder->path);
	bool in_folder = !strncmp(err.msg, folder->path, len);
	assert_string_equal(err.msg + (in_folder ? len + 1 : 0), message);
}

static void the_builtin_rules_are_there_and_sorted(void **state)
{
	(void)state;
	const struct ruleset_opts opts = { 0 };
	CLEANUP(ruleset_freep) struct ruleset *ruleset = NULL;
	struct err err = { 0 };
	assert_ok(ruleset_new(&ruleset, &opts, &err), &err);
	assert_int_equal(ruleset_count(ruleset), builtin_rule_count);
	for (size_t i = 1; i < ruleset_count(ruleset); i++)
		assert_true(strcmp(ruleset_get(ruleset, i - 1)->id,
				    ruleset_get(ruleset, i)->id) < 0);
	assert_int_equal(strlen(ruleset_digest(ruleset)), 64);
}

static void extend_adds_to_the_end_of_lists(void **state)
{
	struct folder *folder = *state;
	write_file(folder, "a.yml", HEAD RULE("a", "    except: ['1']\n"));
	write_file(folder, "b.yml",
		HEAD "  - extend: a\n    path: '*.q'\n    except: ['2', '3']\n"
		     "    references: r\n"
		     "    examples: { match: [{ path: z }] }\n");
	CLEANUP(ruleset_freep) struct ruleset *ruleset = load_files(folder);
	const struct rule *rule = ruleset_find(ruleset, "a");
	assert_string_equal(rule->paths[0], "*.p");
	assert_string_equal(rule->paths[1], "*.q");
	assert_null(rule->paths[2]);
	assert_string_equal(rule->except_paths[2], "3");
	assert_null(rule->except_paths[3]);
	assert_string_equal(rule->references[0], "r");
	assert_int_equal(rule->example_count, 3);
	assert_string_equal(rule->examples[2].path, "z");
	assert_string_equal(rule->examples[2].file, folder->files[1]);
}

static void override_replaces_the_given_keys_alone(void **state)
{
	struct folder *folder = *state;
	write_file(folder, "b.yml",
		HEAD "  - override: a\n    severity: high\n    path: '*.q'\n"
		     "    remedy: { advice: B }\n");
	write_file(folder, "a.yml",
		HEAD RULE("a", "    remedy: { advice: A, untrack: true }\n"));
	CLEANUP(ruleset_freep) struct ruleset *ruleset = load_files(folder);
	const struct rule *rule = ruleset_find(ruleset, "a");
	assert_int_equal(rule->severity, SEVERITY_HIGH);
	assert_int_equal(rule->confidence, CONFIDENCE_LOW);
	assert_string_equal(rule->paths[0], "*.q");
	assert_null(rule->paths[1]);
	assert_string_equal(rule->advice, "B");
	assert_true(rule->untrack);
}

static void builtin_rules_can_be_changed(void **state)
{
	struct folder *folder = *state;
	const char *id = builtin_rules[0].id;
	write_file(folder, "a.yml",
		arena_printf(&folder->arena,
			HEAD "  - override: %s\n    title: Mine\n", id));
	const struct ruleset_opts opts = { 0 };
	struct err err = { 0 };
	CLEANUP(ruleset_freep)
	struct ruleset *ruleset = load(folder, &opts, &err);
	assert_non_null(ruleset);
	assert_string_equal(ruleset_find(ruleset, id)->title, "Mine");
	assert_string_not_equal(builtin_rules[0].title, "Mine");
}

static void disable_takes_ids_and_globs(void **state)
{
	struct folder *folder = *state;
	write_file(folder, "a.yml",
		HEAD RULE("a-x", "") RULE("a-y", "") RULE("b", "")
			RULE("c", "") "disable: [a-*, nothing-like-it-*, b]\n");
	CLEANUP(ruleset_freep) struct ruleset *ruleset = load_files(folder);
	assert_int_equal(ruleset_count(ruleset), 1);
	assert_string_equal(ruleset_get(ruleset, 0)->id, "c");
}

static void select_and_disable_of_the_options_meet(void **state)
{
	struct folder *folder = *state;
	write_file(folder, "a.yml",
		HEAD RULE("a-x", "") RULE("a-y", "") RULE("b", ""));
	const char *const select[] = { "a-*", "b", NULL };
	const char *const disable[] = { "?-x", "b", NULL };
	const struct ruleset_opts opts = {
		.no_builtin = true,
		.select = select,
		.disable = disable,
	};
	struct err err = { 0 };
	CLEANUP(ruleset_freep)
	struct ruleset *ruleset = load(folder, &opts, &err);
	assert_non_null(ruleset);
	assert_int_equal(ruleset_count(ruleset), 1);
	assert_string_equal(ruleset_get(ruleset, 0)->id, "a-y");
}

static void session_directories_become_globs(void **state)
{
	struct folder *folder = *state;
	write_file(folder, "a.yml", HEAD RULE("session-directory", ""));
	const char *const names[] = { "temp", "./a/b/", "/top", "x*[", NULL };
	const struct ruleset_opts opts = {
		.no_builtin = true,
		.session_dirs = names,
	};
	struct err err = { 0 };
	CLEANUP(ruleset_freep)
	struct ruleset *ruleset = load(folder, &opts, &err);
	assert_non_null(ruleset);
	const char *const *paths = ruleset_get(ruleset, 0)->paths;
	assert_string_equal(paths[0], "*.p");
	assert_string_equal(paths[1], "**/temp/**");
	assert_string_equal(paths[2], "**/a/b/**");
	assert_string_equal(paths[3], "/top/**");
	assert_string_equal(paths[4], "**/x\\*\\[/**");
	assert_null(paths[5]);
}

static void a_folder_means_its_yml_files(void **state)
{
	struct folder *folder = *state;
	write_file(folder, "b.yml", HEAD RULE("b", ""));
	write_file(folder, "a.yml", HEAD RULE("a", ""));
	write_file(folder, "a.txt", "not a rule file");
	write_file(folder, ".hidden.yml", "not a rule file");
	const char *const files[] = { folder->path, NULL };
	const struct ruleset_opts opts = {
		.no_builtin = true,
		.files = files,
	};
	CLEANUP(ruleset_freep) struct ruleset *ruleset = NULL;
	struct err err = { 0 };
	assert_ok(ruleset_new(&ruleset, &opts, &err), &err);
	assert_int_equal(ruleset_count(ruleset), 2);
}

/* What two files, or one, and options are refused for. */
struct refusal {
	const char *name;
	const char *a, *b; /* a.yml, b.yml; b may be NULL */
	const char *select, *disable, *session_dir;
	const char *message;
};

static const struct refusal refusals[] = {
	{ "an id of another file", HEAD RULE("a", ""), HEAD RULE("a", ""), NULL,
		NULL, NULL, NULL },
	{ "a change of no rule", HEAD RULE("abcd", ""),
		HEAD "  - extend: abdc\n    path: x\n", NULL, NULL, NULL,
		"b.yml:3:13: unknown rule 'abdc'; did you mean 'abcd'?" },
	{ "extend of a value", HEAD RULE("a", ""),
		HEAD "  - extend: a\n    severity: low\n", NULL, NULL, NULL,
		"b.yml:4:5: extend cannot change 'severity': use override" },
	{ "extend of keywords that are not there", HEAD RULE("a", ""),
		HEAD "  - extend: a\n    keywords: x\n", NULL, NULL, NULL,
		"b.yml:4:5: rule 'a' has no 'keywords' to add to: use "
		"override" },
	{ "an override that leaves half a rule", HEAD RULE("a", ""),
		HEAD "  - override: a\n    entropy: 3\n", NULL, NULL, NULL,
		"b.yml:3:5: rule 'a': 'entropy' needs 'pattern'" },
	{ "disable of no rule", HEAD RULE("abcd", "") "disable: [x-*, abce]\n",
		NULL, NULL, NULL, NULL,
		"a.yml:10:16: unknown rule 'abce'; did you mean 'abcd'?" },
	{ "--select of no rule", HEAD RULE("abcd", ""), NULL, "abcx", NULL,
		NULL, "--select 'abcx': no such rule; did you mean 'abcd'?" },
	{ "--select of a glob that fits none", HEAD RULE("a", ""), NULL, "x-*",
		NULL, NULL, "--select 'x-*': no such rule" },
	{ "--disable of no rule", HEAD RULE("abcd", ""), NULL, NULL, "abce",
		NULL, "--disable 'abce': no such rule; did you mean 'abcd'?" },
	{ "--disable of every rule", HEAD RULE("a", ""), NULL, NULL, "*", NULL,
		"no rule is left to look for" },
	{ "a session directory outside", HEAD RULE("session-directory", ""),
		NULL, NULL, NULL, "../x",
		"'../x' is no name of a session directory" },
};

static void a_ruleset_is_refused(void **state)
{
	const struct refusal *row = *state;
	void *folder_state = NULL;
	assert_int_equal(make_folder(&folder_state), 0);
	struct folder *folder = folder_state;
	write_file(folder, "a.yml", row->a);
	if (row->b)
		write_file(folder, "b.yml", row->b);
	const char *const select[] = { row->select, NULL };
	const char *const disable[] = { row->disable, NULL };
	const char *const session_dirs[] = { row->session_dir, NULL };
	const struct ruleset_opts opts = {
		.no_builtin = true,
		.select = select,
		.disable = disable,
		.session_dirs = session_dirs,
	};
	const char *message = row->message;
	if (!message)
		message = arena_printf(&folder->arena,
			"b.yml:3:9: id 'a' is taken in %s:3; override changes "
			"a rule that exists",
			folder->files[0]);
	assert_refused(folder, &opts, message);
	remove_folder(&folder_state);
}

static void a_builtin_id_cannot_be_taken(void **state)
{
	struct folder *folder = *state;
	const char *id = builtin_rules[0].id;
	write_file(folder, "a.yml",
		arena_printf(&folder->arena, HEAD RULE("%s", ""), id));
	const struct ruleset_opts opts = { 0 };
	struct err err = { 0 };
	CLEANUP(ruleset_freep)
	struct ruleset *ruleset = load(folder, &opts, &err);
	assert_null(ruleset);
	assert_int_equal(err.code, ERR_PARSE);
	assert_non_null(strstr(err.msg,
		arena_printf(&folder->arena,
			"a.yml:3:9: id '%s' is taken in rules.d/", id)));
}

static char *digest_of(struct folder *folder, bool backwards)
{
	if (backwards) {
		const char *first = folder->files[0];
		folder->files[0] = folder->files[1];
		folder->files[1] = first;
	}
	CLEANUP(ruleset_freep) struct ruleset *ruleset = load_files(folder);
	return arena_strdup(&folder->arena, ruleset_digest(ruleset));
}

static void the_digest_does_not_see_the_order_of_files(void **state)
{
	struct folder *folder = *state;
	write_file(folder, "a.yml",
		HEAD RULE("a", "") "  - extend: b\n    except: ['1']\n");
	write_file(folder, "b.yml",
		HEAD RULE("b", "") "  - extend: b\n    except: ['2']\n");
	const char *forwards = digest_of(folder, false);
	assert_string_equal(forwards, digest_of(folder, true));
}

/* A key of an override, and whether the digest changes with it. */
struct effect {
	const char *key;
	bool changes;
};

static const struct effect effects[] = {
	{ "title: Other", false },
	{ "why: Other", false },
	{ "remedy: { advice: Other }", false },
	{ "references: Other", false },
	{ "path: ['*.p', '*.p']", false },
	{ "severity: high", true },
	{ "confidence: high", true },
	{ "path: ['*.p', '*.q']", true },
	{ "except: x", true },
	{ "except_siblings: x", true },
	{ "name: x", true },
	{ "keywords: x", true },
	{ "pattern: x", true },
	{ "signature: '00'", true },
	{ "pattern: x\n    requires: digit", true },
	{ "pattern: x\n    unlike: words", true },
	{ "pattern: x\n    placeholders: true", true },
	{ "pattern: x\n    checksum: jwt", true },
	{ "pattern: x\n    with: { title: t, pattern: y, within: 2 }", true },
	{ "fallback: true", true },
	{ "role: signed-value", true },
	{ "grades: [{ when: { context: docs }, severity: info }]", true },
	{ "store: file", true },
};

static void the_digest_sees_what_matters(void **state)
{
	const struct effect *row = *state;
	void *folder_state = NULL;
	assert_int_equal(make_folder(&folder_state), 0);
	struct folder *folder = folder_state;
	write_file(folder, "a.yml", HEAD RULE("a", ""));
	const char *before = digest_of(folder, false);
	write_file(folder, "b.yml",
		arena_printf(&folder->arena, HEAD "  - override: a\n    %s\n",
			row->key));
	const char *after = digest_of(folder, false);
	if (row->changes)
		assert_string_not_equal(before, after);
	else
		assert_string_equal(before, after);
	remove_folder(&folder_state);
}

#define WITH_FOLDER(test) \
	cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

static int run_rows(void)
{
	struct CMUnitTest rows[ARRAY_SIZE(refusals) + ARRAY_SIZE(effects)];
	size_t count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++)
		rows[count++] = (struct CMUnitTest){
			.name = refusals[i].name,
			.test_func = a_ruleset_is_refused,
			.initial_state = (void *)(uintptr_t)&refusals[i],
		};
	for (size_t i = 0; i < ARRAY_SIZE(effects); i++)
		rows[count++] = (struct CMUnitTest){
			.name = effects[i].key,
			.test_func = the_digest_sees_what_matters,
			.initial_state = (void *)(uintptr_t)&effects[i],
		};
	return cmocka_run_group_tests(rows, NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_builtin_rules_are_there_and_sorted),
		WITH_FOLDER(extend_adds_to_the_end_of_lists),
		WITH_FOLDER(override_replaces_the_given_keys_alone),
		WITH_FOLDER(builtin_rules_can_be_changed),
		WITH_FOLDER(disable_takes_ids_and_globs),
		WITH_FOLDER(select_and_disable_of_the_options_meet),
		WITH_FOLDER(session_directories_become_globs),
		WITH_FOLDER(a_folder_means_its_yml_files),
		WITH_FOLDER(a_builtin_id_cannot_be_taken),
		WITH_FOLDER(the_digest_does_not_see_the_order_of_files),
	};
	return run_rows() + cmocka_run_group_tests(tests, NULL, NULL);
}
