#include "rules/settings/recorder.h"

#include "base/array.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Numbers in other units become seconds. */
static void apply_unit(
	struct setting_value *value, const struct known_setting *known)
{
	if (known->unit == UNIT_PATH)
		value_make_path(value);
	if (value->type != SETTING_INT)
		return;
	if (known->unit == UNIT_MILLISECONDS) {
		value->type = SETTING_DURATION;
		value->number /= 1000;
	} else if (known->unit == UNIT_MINUTES) {
		value->type = SETTING_DURATION;
		if (__builtin_mul_overflow(value->number, 60, &value->number))
			value->number = INT64_MAX;
	}
}

bool record(struct recorder *recorder, int framework,
	const struct found_setting *found)
{
	const struct known_setting *known =
		known_setting_find(framework, found->name);
	struct settings *out = recorder->out;
	if (!known)
		return false;
	if (out->count >= SETTINGS_MAX) {
		out->truncated = true;
		return false;
	}
	const char *spelled = found->spelled ? found->spelled : found->name;
	ARRAY_GROW(out->items, out->count, out->capacity);
	struct setting *setting = &out->items[out->count++];
	*setting = (struct setting){
		.framework = framework,
		.key = known->key,
		.spelled = arena_strdup(&out->arena, spelled),
		.target = arena_strdup(&out->arena, found->target),
		.value = found->value,
		.start = found->start,
		/* a value that is missing ends nowhere */
		.end = found->end > found->start ? found->end : found->start,
		.value_start = found->value_start,
		.value_end = found->value_end,
		.line = found->line,
		.form = found->form,
		.scope = found->scope,
		.is_default = found->is_default,
		.development = found->development || recorder->development,
		.block = found->block,
		.indent = found->indent,
	};
	apply_unit(&setting->value, known);
	return true;
}

static bool parse_number(struct setting_value *out, const char *text)
{
	char *end = NULL;
	errno = 0;
	long long number = strtoll(text, &end, 10);
	bool valid = !errno && *text && !*end &&
		(*text == '-' || (*text >= '0' && *text <= '9'));
	*out = value_int_of(number);
	return valid;
}

struct setting_value value_of_word(const char *text, bool loose)
{
	static const struct {
		const char *word;
		int type;
		int64_t number;
		bool json;
	} words[] = {
		{ "true", SETTING_BOOL, 1, true },
		{ "false", SETTING_BOOL, 0, true },
		{ "null", SETTING_NONE, 0, true },
		{ "yes", SETTING_BOOL, 1, false },
		{ "no", SETTING_BOOL, 0, false },
		{ "on", SETTING_BOOL, 1, false },
		{ "off", SETTING_BOOL, 0, false },
		{ "none", SETTING_NONE, 0, false },
		{ "~", SETTING_NONE, 0, false },
	};
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		bool same = loose
			? !strcasecmp(text, words[i].word)
			: !strcmp(text, words[i].word) && words[i].json;
		if (same)
			return (struct setting_value){ .type = words[i].type,
				.number = words[i].number };
	}
	struct setting_value number;
	if (parse_number(&number, text))
		return number;
	if (strstr(text, "${") || strstr(text, "$("))
		return value_unresolved("the environment");
	return value_text_of(text);
}

/* Flask.config.from_prefixed_env() reads values with json.loads() and keeps
 * what that refuses as text: flask/config.py. A bare name is read by the
 * application itself, in whatever way. */
bool record_variable(struct recorder *recorder, struct found_setting *found)
{
	static const char prefix[] = "FLASK_";
	const char *text = found->value.text;
	found->spelled = found->name;
	if (!strncmp(found->name, prefix, sizeof(prefix) - 1)) {
		found->name += sizeof(prefix) - 1;
		found->value = value_of_word(text, false);
		return record(recorder, FRAMEWORK_FLASK, found);
	}
	found->value = value_of_word(text, true);
	const struct known_setting *laravel =
		known_setting_find(FRAMEWORK_LARAVEL, found->name);
	if (laravel && !strcmp(laravel->key, found->name))
		return record(recorder, FRAMEWORK_LARAVEL, found);
	const struct known_setting *flask =
		known_setting_find(FRAMEWORK_FLASK, found->name);
	/* DEBUG is everybody's name */
	if (!flask || strcmp(flask->key, found->name) != 0 ||
		!strcmp(flask->key, "DEBUG"))
		return false;
	return record(recorder, FRAMEWORK_FLASK, found);
}

void record_source(struct recorder *recorder, const char *name, bool is_file)
{
	struct settings *out = recorder->out;
	if (out->source_count >= SETTINGS_MAX)
		return;
	ARRAY_GROW(out->sources, out->source_count, out->source_capacity);
	out->sources[out->source_count++] =
		(struct setting_source){ name, is_file };
}

void record_class(
	struct recorder *recorder, const char *name, const char *const *bases)
{
	struct settings *out = recorder->out;
	if (out->class_count >= SETTINGS_MAX)
		return;
	ARRAY_GROW(out->classes, out->class_count, out->class_capacity);
	out->classes[out->class_count++] =
		(struct setting_class){ name, bases };
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

static bool same_place(const struct setting *a, const struct setting *b)
{
	return a->key == b->key && a->block == b->block &&
		a->development == b->development &&
		same_text(a->scope, b->scope);
}

/* The later one wins if it is reached whenever the earlier is; a default
 * loses to both. */
static void weigh(struct setting *earlier, struct setting *later)
{
	if (later->is_default && earlier->indent <= later->indent)
		later->overridden = true;
	else if (!later->is_default && later->indent <= earlier->indent)
		earlier->overridden = true;
}

static bool inherits_from(const struct setting_class *class, const char *name)
{
	for (const char *const *base = class->bases; *base; base++)
		if (!strcmp(*base, name))
			return true;
	return false;
}

static bool class_sets(
	const struct settings *settings, const char *class, const char *key)
{
	for (size_t i = 0; i < settings->count; i++)
		if (settings->items[i].scope && settings->items[i].key == key &&
			!strcmp(settings->items[i].scope, class))
			return true;
	return false;
}

/* True when every class for production that inherits the setting sets it
 * anew, and there is one: nothing but development gets the inherited value. */
static bool is_replaced(
	const struct settings *settings, const struct setting *setting)
{
	bool any = false;
	for (size_t i = 0; setting->scope && i < settings->class_count; i++) {
		const struct setting_class *class = &settings->classes[i];
		if (!inherits_from(class, setting->scope) ||
			settings_class_is_development(class->name))
			continue;
		if (!class_sets(settings, class->name, setting->key))
			return false;
		any = true;
	}
	return any;
}

void record_end(struct recorder *recorder)
{
	struct settings *out = recorder->out;
	for (size_t i = 0; i < out->count; i++)
		if (is_replaced(out, &out->items[i]))
			out->items[i].development = true;
	for (size_t i = 0; i < out->count; i++)
		for (size_t j = i + 1; j < out->count; j++)
			if (same_place(&out->items[i], &out->items[j]))
				weigh(&out->items[i], &out->items[j]);
}
