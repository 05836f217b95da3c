#include "base/alloc.h"
#include "rules/path_glob.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	const char *glob;
	const char *path;
	bool match;
};

static const struct row rows[] = {
	/* no slash: the last component at any depth */
	{ "*.pem", "key.pem", true },
	{ "*.pem", "a/b/key.pem", true },
	{ "*.pem", "key.pem/readme", false },
	{ "*.pem", "key.pem.txt", false },
	{ ".env", "app/.env", true },
	{ ".env", "app/x.env", false },
	{ "*", "a/b", true },
	{ "**", "a/b", true },
	{ "a?c", "abc", true },
	{ "a?c", "ac", false },
	/* a leading or inner slash: from the root */
	{ "/key", "key", true },
	{ "/key", "a/key", false },
	{ "a/key", "a/key", true },
	{ "a/key", "b/a/key", false },
	{ "/a/key", "a/key", true },
	{ "a/*", "a/b", true },
	{ "a/*", "a/b/c", false },
	{ "a?b", "a/b", false },
	{ "foo*bar", "foo/bar", false },
	/* a trailing slash: what lies below */
	{ "logs/", "logs/a", true },
	{ "logs/", "x/logs/a/b", true },
	{ "logs/", "logs", false },
	{ "logs/", "x/logs", false },
	{ "/logs/", "logs/a", true },
	{ "/logs/", "x/logs/a", false },
	{ "x/logs/", "x/logs/a/b", true },
	{ "x/logs/", "y/x/logs/a", false },
	{ "*_session/", "flask_session/f", true },
	{ "**/", "a/b", true },
	{ "**/", "a", false },
	/* leading, trailing and inner double stars */
	{ "**/foo", "foo", true },
	{ "**/foo", "a/b/foo", true },
	{ "**/foo", "a/b/foo/c", false },
	{ "**/foo/*", "foo/a", true },
	{ "**/foo/*", "x/foo/a", true },
	{ "**/foo/*", "x/foo/y/a", false },
	{ "**/foo/bar", "foo/x/bar", false },
	{ "**/foo/bar", "foo/x/foo/bar", true },
	{ "abc/**", "abc/x", true },
	{ "abc/**", "abc/x/y", true },
	{ "abc/**", "abc", false },
	{ "abc/**", "x/abc/y", false },
	{ "/**", "a/b", true },
	{ "a/**/b", "a/b", true },
	{ "a/**/b", "a/x/b", true },
	{ "a/**/b", "a/x/y/b", true },
	{ "a/**/b", "a/x/y/b/c", false },
	{ "a/**/b", "ab", false },
	{ "a/**/**/b", "a/b", true },
	{ "**/a/**/b/**/c", "x/a/b/b/a/c", true },
	{ "**/a/**/b/**/c", "x/a/c/b", false },
	/* other stars in a row are one */
	{ "a**b", "axxb", true },
	{ "a**b", "ax/b", false },
	{ "x/a**", "x/ab/c", false },
	/* brackets */
	{ "[abc]", "b", true },
	{ "[abc]", "d", false },
	{ "[a-c]x", "bx", true },
	{ "[!a-c]x", "bx", false },
	{ "[^a-c]x", "dx", true },
	{ "[]]", "]", true },
	{ "[!]]", "]", false },
	{ "[]-]", "-", true },
	{ "[a-]", "-", true },
	{ "[--0]", ".", true },
	{ "[\\]]", "]", true },
	{ "[\\\\]", "\\", true },
	{ "[z-a]", "m", false },
	{ "[[:digit:]]", "7", true },
	{ "[[:digit:]]", "a", false },
	{ "[[:xdigit:]_]", "_", true },
	{ "[![:space:]]", " ", false },
	{ "[[:upper:]]", "a", false },
	{ "[[:cntrl:]]", "\x01", true },
	{ "[[:punct:]]", "~", true },
	{ "[[:alpha:]-z]", "-", true },
	{ "[[]x", "[x", true },
	{ "[[:]x", ":x", true },
	{ "a[!x]b", "a/b", false },
	{ "[\x80-\xff]", "\xc3", true },
	{ "?", "\xc3\xa4", false },
	/* escapes */
	{ "\\*", "*", true },
	{ "\\*", "a", false },
	{ "\\!important", "!important", true },
	{ "#x", "#x", true },
	{ "a\\b", "ab", true },
	{ "\\[a]", "[a]", true },
	/* no dot is special */
	{ "*", ".hidden", true },
	{ "*/x", ".git/x", true },
	/* what is no path of an entry */
	{ "*", "", false },
	{ "a/**", "a/", false },
	{ "*", "a/", false },
	{ "a/*/b", "a//b", true },
};

static void row_holds(void **state)
{
	const struct row *row = *state;
	struct err err = { 0 };
	CLEANUP(path_glob_freep) struct path_glob *glob = NULL;
	assert_ok(path_glob_new(&glob, row->glob, &err), &err);
	if (path_glob_match(glob, row->path, strlen(row->path)) != row->match)
		fail_msg("'%s' on '%s'", row->glob, row->path);
}

static void refuses_what_is_no_glob(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "/", "//", "a//b", "a//", "!a",
		"[a", "[", "[]", "[!]", "[[:foo:]]", "a\\", "a\\/b", "[a/b]",
		"x[\\" };
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct err err = { 0 };
		struct path_glob *glob = NULL;
		if (path_glob_new(&glob, bad[i], &err) != ERR_PARSE)
			fail_msg("'%s' was taken", bad[i]);
		assert_null(glob);
	}
}

/* Where gitignore(5) and fnmatch(3) mean the same: rooted globs without a
 * double star. libc leaves open how it takes some odd brackets, so these are
 * written whole. */
static void agrees_with_fnmatch_on_rooted_globs(void **state)
{
	(void)state;
	static const char *const pieces[] = { "a", "b", "-", "*", "?", "/",
		"[ab]", "[!a]", "[a-c]", "[[:alpha:]]", "\\*", "[]x]", "ab" };
	struct random random = { 1 };
	int agreed[2] = { 0 };
	for (int round = 0; round < 60000; round++) {
		char glob[64] = "/", path[16];
		size_t count = 1 + random_below(&random, 6);
		for (size_t i = 0; i < count; i++)
			strcat(glob,
				pieces[random_below(
					&random, ARRAY_SIZE(pieces))]);
		random_text(&random, path, 1 + random_below(&random, 7),
			"aabbc/-*x]");
		size_t len = strlen(glob);
		if (strstr(glob, "**") || strstr(glob, "//") ||
			glob[len - 1] == '/' || path[strlen(path) - 1] == '/')
			continue;
		struct err err = { 0 };
		CLEANUP(path_glob_freep) struct path_glob *compiled = NULL;
		assert_ok(path_glob_new(&compiled, glob, &err), &err);
		bool expected = !fnmatch(glob + 1, path, FNM_PATHNAME);
		bool got = path_glob_match(compiled, path, strlen(path));
		if (got != expected)
			fail_msg("'%s' on '%s': %d", glob, path, got);
		agreed[got]++;
	}
	assert_true(agreed[0] > 1000);
	assert_true(agreed[1] > 1000);
}

/* What it would take to try every share of every star is never over. */
static void hostile_paths_take_bounded_time(void **state)
{
	(void)state;
	static const char *const globs[] = {
		"*a*a*a*a*a*a*a*a*a*a*a*a*a*b",
		"**/*a*/**/*a*/**/*a*/**/*a*/**/*a*/**/b",
		"**/a/**/a/**/a/**/a/**/a/**/a/**/a/b",
		"a*/",
	};
	size_t len = 64 * 1024;
	CLEANUP(freep) char *name = xmalloc(len);
	CLEANUP(freep) char *deep = xmalloc(len);
	memset(name, 'a', len);
	for (size_t i = 0; i < len; i++)
		deep[i] = i % 2 ? '/' : 'a';
	deep[len - 1] = 'a';
	for (size_t i = 0; i < ARRAY_SIZE(globs); i++) {
		struct err err = { 0 };
		CLEANUP(path_glob_freep) struct path_glob *glob = NULL;
		assert_ok(path_glob_new(&glob, globs[i], &err), &err);
		assert_false(path_glob_match(glob, name, len));
		assert_int_equal(path_glob_match(glob, deep, len), i == 3);
	}
}

struct key_row {
	const char *glob;
	enum glob_key_kind kind;
	const char *key;
};

static void names_the_most_selective_key(void **state)
{
	(void)state;
	static const struct key_row keys[] = {
		{ ".env", GLOB_KEY_NAME, ".env" },
		{ "a/**/id_rsa", GLOB_KEY_NAME, "id_rsa" },
		{ "\\*x", GLOB_KEY_NAME, "*x" },
		{ "**/flask_session/*", GLOB_KEY_DIRECTORY, "flask_session" },
		{ "a/bcd/**", GLOB_KEY_DIRECTORY, "bcd" },
		{ "sessions/", GLOB_KEY_DIRECTORY, "sessions" },
		{ "*.pem", GLOB_KEY_EXTENSION, "pem" },
		{ "x*.tar.gz", GLOB_KEY_EXTENSION, "gz" },
		{ "sess_*", GLOB_KEY_PREFIX, "sess_" },
		{ "*.p[ek]m", GLOB_KEY_PIECE, ".p" },
		{ "*cookie*", GLOB_KEY_PIECE, "cookie" },
		{ "*abc*/**/?de[fg]hijk*lm*", GLOB_KEY_PIECE, "hijk" },
		{ "**/*[Ss]ession*/*", GLOB_KEY_PIECE, "ession" },
		{ "*a\\*b*", GLOB_KEY_PIECE, "a*b" },
		{ "?*/[ab]*", GLOB_KEY_NONE, "" },
		{ "*", GLOB_KEY_NONE, "" },
		{ "*/", GLOB_KEY_NONE, "" },
	};
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		struct err err = { 0 };
		CLEANUP(path_glob_freep) struct path_glob *glob = NULL;
		assert_ok(path_glob_new(&glob, keys[i].glob, &err), &err);
		struct glob_key key = path_glob_key(glob);
		if (key.kind != keys[i].kind ||
			key.len != strlen(keys[i].key) ||
			memcmp(key.bytes, keys[i].key, key.len))
			fail_msg("'%s'", keys[i].glob);
	}
}

int main(void)
{
	static struct CMUnitTest tests[ARRAY_SIZE(rows) + 4];
	static char names[ARRAY_SIZE(rows)][64];
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		snprintf(names[i], sizeof(names[i]), "'%s' on '%s'",
			rows[i].glob, rows[i].path);
		/* cmocka hands the row through, it does not write to it */
		tests[i] = (struct CMUnitTest){ names[i], row_holds, NULL, NULL,
			(void *)(uintptr_t)&rows[i] };
	}
	const struct CMUnitTest others[] = {
		cmocka_unit_test(refuses_what_is_no_glob),
		cmocka_unit_test(agrees_with_fnmatch_on_rooted_globs),
		cmocka_unit_test(hostile_paths_take_bounded_time),
		cmocka_unit_test(names_the_most_selective_key),
	};
	memcpy(tests + ARRAY_SIZE(rows), others, sizeof(others));
	return cmocka_run_group_tests(tests, NULL, NULL);
}
