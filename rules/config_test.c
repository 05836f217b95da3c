#include "rules/config_test.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "rules/placeholder.h"
#include "rules/settings/setting_path.h"
#include "rules/settings/setting_text.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

bool config_is_about(
	const struct rule_config *config, const struct setting *setting)
{
	if (setting->framework != config->framework)
		return false;
	for (size_t i = 0; config->keys[i]; i++)
		if (!strcmp(config->keys[i], setting->key))
			return true;
	return false;
}

static bool is_number(const struct setting_value *value)
{
	return value->type == SETTING_INT || value->type == SETTING_DURATION;
}

/* 0 is as good as false, 1 as true. */
static bool is_word(const struct setting_value *value, const char *word)
{
	if (!strcmp(word, "none"))
		return value->type == SETTING_NONE;
	bool number = is_number(value);
	if (!number && value->type != SETTING_BOOL)
		return false;
	if (!strcmp(word, "false"))
		return value->number == 0;
	if (!strcmp(word, "true"))
		return value->number == 1;
	return number && value->number == strtoll(word, NULL, 10);
}

static bool is_any(const struct setting_value *value, const char *const *words)
{
	for (; words && *words; words++)
		if (is_word(value, *words))
			return true;
	return false;
}

/* Values are short: file names and words of the file, cut by its reader. */
static bool fits_any(const char *text, const char *const *globs)
{
	for (; *globs; globs++)
		if (!fnmatch(*globs, text, FNM_CASEFOLD))
			return true;
	return false;
}

/* A word that stands for a value still to be filled in. */
static bool is_placeholder(const char *text)
{
	static const char *const globs[] = { "", "<*>", "*${*}*", "{{*}}",
		"%*%", "...", "your[-_ ]*", "*placeholder*", "x[x]*x", NULL };
	return fits_any(text, globs) ||
		placeholder_is_replacement(
			(const unsigned char *)text, strlen(text));
}

static bool mode_is_beyond(const struct setting_value *value, int mode)
{
	return value->type == SETTING_INT && mode >= 0 &&
		(value->number & ~(int64_t)mode) != 0;
}

static bool is_inside(const struct setting_value *value, const char *path)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	if (value->type != SETTING_PATH || value->base == PATH_INSTANCE)
		return false;
	const char *folder =
		value->base == PATH_FILE ? path_folder(&arena, path) : "";
	return setting_tree_path(&arena, value, folder) != NULL;
}

bool config_holds(const struct rule_config *config,
	const struct setting *setting, const char *path)
{
	const struct setting_value *value = &setting->value;
	bool text = value->type == SETTING_TEXT;
	if (is_any(value, config->is))
		return true;
	if (text && config->text && fits_any(value->text, config->text))
		return true;
	if (text && config->not_text &&
		!fits_any(value->text, config->not_text))
		return true;
	if (text && config->literal && !is_placeholder(value->text))
		return true;
	if (is_number(value) && config->has_above &&
		value->number > config->above)
		return true;
	if (is_number(value) && config->has_below &&
		value->number < config->below)
		return true;
	return mode_is_beyond(value, config->mode) ||
		(config->inside_tree && is_inside(value, path));
}

/* Evidence is UTF-8 without characters that could upset a terminal. */
static char *clean(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text);
	size_t len = strlen(copy);
	for (size_t at = 0; at < len;) {
		uint32_t code = 0;
		size_t step = utf8_decode(
			&code, (const unsigned char *)copy + at, len - at);
		if (!step || utf8_is_unsafe(code))
			memset(copy + at, '?', step ? step : 1);
		at += step ? step : 1;
	}
	return copy;
}

const struct evidence *config_evidence(
	struct arena *arena, const struct setting *setting)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	setting_value_text(&text, setting);
	struct evidence *evidence = arena_alloc(arena, sizeof(*evidence));
	*evidence = (struct evidence){
		.decoder = "settings",
		.kind = "setting",
		.setting = setting->key,
		.value = clean(arena, text.bytes),
		.development = setting->development,
		.id = ID_UNKNOWN,
		.expiry = EXPIRY_UNKNOWN,
	};
	return evidence;
}
