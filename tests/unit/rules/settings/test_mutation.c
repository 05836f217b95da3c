/*
 * Damaged source: every reader gets thousands of variants of what it reads.
 * What it says of them does not matter; that it ends, within its bounds and
 * without a fault that the sanitizers see, does.
 */
#include "tests/support/random.h"
#include "tests/support/settings.h"

#define VARIANTS  3000
#define MAX_ARENA ((size_t)16 << 20)
#define MAX_LEN   4096

struct seed {
	const char *path;
	const char *source;
};

static const struct seed seeds[] = {
	{ "a.py",
		"from flask import Flask\nclass C(B):\n  @property\n"
		"  def SESSION_TYPE(self):\n    return f'a' 'b'\n"
		"app.config.update(dict(SESSION_FILE_DIR=os.path.join("
		"os.path.dirname(__file__), '..'), SESSION_FILE_MODE=0o600))\n"
		"if app.debug: app.config['SECRET_KEY'] = b'\\x41'\n"
		"SESSION_CACHELIB = FileSystemCache('s', mode=1 if x else 2)\n"
		"PERMANENT_SESSION_LIFETIME = timedelta(days=1) * 2 ** 3\n" },
	{ "a.js",
		"const session = require('express-session'); /* c */\n"
		"app.use(session({ secret: `a${b}`, cookie: { maxAge: 1e3 * 60,"
		" secure: x ? !y : (z || 'w'), path: /[/\"]/ } })) // d\n" },
	{ "a.php",
		"<?php # c\nsession_start(['cookie_secure' => (bool) $x ?: 0]);"
		"ini_set('session.save_path', __DIR__ . '/s');" },
	{ "a.rb",
		"config.session_store :cookie_store, key: \"#{x}\", secure: a ?"
		" :b : :c,\n  expire_after: 30.minutes # d\n" },
	{ "a.json", "{\"SESSION_TYPE\": [1, {\"FLASK_A\": \"x\\u0041\"}]}" },
	{ ".env", "export FLASK_SESSION_TYPE='a' # b\nSESSION_LIFETIME=1\n" },
	{ "Dockerfile", "ENV FLASK_DEBUG \"1\"\nENV A=1 FLASK_DEBUG='x y'\n" },
	{ "a.yml",
		"framework:\n  session: # c\n    cookie_secure: 'x'\n"
		"e:\n - name: FLASK_DEBUG\n   value: \"1\"\n - FLASK_DEBUG=1" },
	{ "a.toml", "SESSION_TYPE = \"\"\"x\"\"\"\nSESSION_FILE_MODE=0o6_0" },
	{ "php.ini", "session.cookie_secure = \"Off\" ; x\n" },
};

static size_t change(struct random *random, char *text, size_t len)
{
	static const char bytes[] = "'\"()[]{}:=,.\\\n#/`$\0\xff"
				    "0x-*<|";
	size_t at = random_below(random, len + 1);
	switch (random_below(random, 4)) {
	case 0:
		if (at < len)
			text[at] = bytes[random_below(random, sizeof(bytes))];
		return len;
	case 1:
		return at;
	case 2: {
		size_t count = random_below(random, len - at + 1);
		memmove(text + at, text + at + count, len - at - count);
		return len - count;
	}
	default: {
		size_t count = random_below(random, len - at + 1);
		if (len + count > MAX_LEN)
			return len;
		memmove(text + at + count, text + at, len - at);
		return len + count;
	}
	}
}

static void read_exact(const char *path, const char *text, size_t len)
{
	unsigned char *bytes = malloc(len ? len : 1);
	assert_non_null(bytes);
	memcpy(bytes, text, len);
	struct settings settings;
	settings_read(&settings, path, bytes, len);
	struct buf line;
	settings_to_text(&line, &settings);
	for (size_t i = 0; i < settings.count; i++)
		assert_true(settings.items[i].start <= settings.items[i].end &&
			settings.items[i].end <= len);
	assert_true(settings.arena.total < MAX_ARENA);
	buf_clear(&line);
	settings_clear(&settings);
	free(bytes);
}

static void damaged_source_is_harmless(void **state)
{
	const struct seed *seed = *state;
	struct random random = { 88172645463325252U };
	char text[MAX_LEN];
	size_t len = strlen(seed->source);
	for (size_t i = 0; i < VARIANTS; i++) {
		memcpy(text, seed->source, len);
		size_t changed = len;
		for (size_t round = random_below(&random, 4) + 1; round;
			round--)
			changed = change(&random, text, changed);
		read_exact(seed->path, text, changed);
	}
}

static void fill(char *text, size_t size, const char *part)
{
	size_t len = strlen(part);
	for (size_t at = 0; at < size; at++)
		text[at] = part[at % len];
}

/* A megabyte of whatever makes a reader work most. */
static void long_source_is_bounded(void **state)
{
	static const char *const parts[] = { "(", "[{(", "a.", "1+", "-", "'a'",
		"not ", "x if y else ",
		"f(a=", "SESSION_TYPE=A=", "A=A+A\nSESSION_TYPE=A\n",
		"class C:\n", "\"\"\"", "{'a':" };
	static const char *const paths[] = { "a.py", "a.js", "a.php", "a.rb",
		"a.json", ".env", "a.yml", "a.toml", "php.ini" };
	size_t size = (size_t)1 << 20;
	char *text = malloc(size);
	assert_non_null(text);
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		fill(text, size, parts[i]);
		for (size_t p = 0; p < ARRAY_SIZE(paths); p++) {
			struct settings settings;
			settings_read(&settings, paths[p],
				(const unsigned char *)text, size);
			assert_true(settings.arena.total < (size_t)128 << 20);
			settings_clear(&settings);
		}
	}
	free(text);
}

int main(void)
{
	struct CMUnitTest tests[ARRAY_SIZE(seeds) + 1];
	for (size_t i = 0; i < ARRAY_SIZE(seeds); i++)
		tests[i] = (struct CMUnitTest){
			.name = seeds[i].path,
			.test_func = damaged_source_is_harmless,
			.initial_state = (void *)(uintptr_t)&seeds[i],
		};
	tests[ARRAY_SIZE(seeds)] =
		(struct CMUnitTest)cmocka_unit_test(long_source_is_bounded);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
