/* Settings as one text, so that a test can be a row of a table. */
#ifndef TESTS_SUPPORT_SETTINGS_H
#define TESTS_SUPPORT_SETTINGS_H

#include "base/buf.h"
#include "rules/settings/setting.h"
#include "rules/settings/setting_text.h"
#include "tests/support/test.h"

#include <stdlib.h>
#include <string.h>

/** "KEY:line value", the class in brackets behind it, `dev`, `lost` and `weak`
 * where it is so; one a line. */
static inline void settings_to_text(
	struct buf *out, const struct settings *settings)
{
	buf_init(out, 0);
	for (size_t i = 0; i < settings->count; i++) {
		const struct setting *setting = &settings->items[i];
		buf_printf(out, "%s%s:%zu ", i ? "\n" : "", setting->key,
			setting->line);
		setting_value_text(out, setting);
		if (setting->scope)
			buf_printf(out, " [%s]", setting->scope);
		buf_add_text(out, setting->development ? " dev" : "");
		buf_add_text(out, setting->overridden ? " lost" : "");
		buf_add_text(out, setting->weak ? " weak" : "");
	}
	if (!out->bytes)
		buf_add_text(out, "");
}

struct settings_row {
	const char *name;
	const char *path;
	const char *source;
	const char *expected;
};

/* The bytes are in a block of their very size, so that ASan sees a read past
 * the end. */
static inline void settings_are_read(void **state)
{
	const struct settings_row *row = *state;
	size_t len = strlen(row->source);
	unsigned char *bytes = malloc(len ? len : 1);
	assert_non_null(bytes);
	memcpy(bytes, row->source, len);
	struct settings settings;
	settings_read(&settings, row->path, bytes, len);
	struct buf text;
	settings_to_text(&text, &settings);
	assert_string_equal(text.bytes ? text.bytes : "", row->expected);
	for (size_t i = 0; i < settings.count; i++)
		assert_true(settings.items[i].start <= settings.items[i].end &&
			settings.items[i].end <= len);
	buf_clear(&text);
	settings_clear(&settings);
	free(bytes);
}

#define SETTINGS_MAX_TESTS 80

static inline int run_settings_rows(
	const char *name, const struct settings_row *rows, size_t count)
{
	struct CMUnitTest tests[SETTINGS_MAX_TESTS];
	if (count > SETTINGS_MAX_TESTS)
		return 1;
	for (size_t i = 0; i < count; i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].name,
			.test_func = settings_are_read,
			.initial_state = (void *)(uintptr_t)&rows[i],
		};
	return _cmocka_run_group_tests(name, tests, count, NULL, NULL);
}

#endif
