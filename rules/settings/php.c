/*
 * PHP: ini_set('session.…'), session_start([…]), session_set_cookie_params(),
 * and Laravel's config/session.php.
 */
#include "rules/settings/script.h"

#include "base/array.h"
#include "base/cleanup.h"

#include <string.h>

static const struct lex_style style = {
	.hash_comments = true,
	.slash_comments = true,
	.text_spans = true,
	.dollar_names = true,
	.dot_joins = true,
};

/* php.net/session.configuration: the words that ini files take */
static struct setting_value ini_value(struct setting_value value)
{
	if (value.type != SETTING_TEXT)
		return value;
	struct setting_value word = value_of_word(value.text, true);
	return word.type == SETTING_TEXT ? value : word;
}

static void record_php(struct script *script, const char *name,
	const char *spelled, const struct expr *place, const struct expr *value)
{
	/* what is no entry of an array is corrected by a call of ini_set() */
	bool entry = spelled && strcmp(spelled, name) != 0;
	record(script->recorder, FRAMEWORK_PHP,
		&(struct found_setting){
			.name = name,
			.spelled = spelled,
			.value =
				ini_value(eval(&script->recorder->file, value)),
			.start = place->start,
			.end = value->end > place->start ? value->end
							 : place->end,
			.line = place->line,
			.form = entry ? FORM_PAIR : FORM_CALL,
		});
}

static void take_ini_set(struct script *script, const struct expr *call)
{
	const struct expr *name = expr_argument(call, NULL, 0);
	const struct expr *value = expr_argument(call, NULL, 1);
	if (name && value && name->kind == EXPR_TEXT)
		record_php(script, name->text, name->text, call, value);
}

/* ['cookie_secure' => true] of session_start(); with `prefix` session.cookie_
 * ['secure' => true] of session_set_cookie_params() */
static void take_array(
	struct script *script, const struct expr *map, const char *prefix)
{
	for (size_t i = 0; map && i < map->count; i++) {
		const char *key = expr_key(&map->items[i]);
		if (key)
			record_php(script,
				arena_printf(&script->recorder->out->arena,
					"%s%s", prefix, key),
				key, map->items[i].key, map->items[i].value);
	}
}

static void take_start(struct script *script, const struct expr *call)
{
	script->recorder->out->uses |= MAKES_APP;
	take_array(script, script_map(script, expr_argument(call, NULL, 0)),
		"session.");
}

/* session_set_cookie_params(lifetime, path, domain, secure, httponly) */
static void take_params(struct script *script, const struct expr *call)
{
	static const struct {
		int place;
		const char *name;
	} places[] = {
		{ 0, "session.cookie_lifetime" },
		{ 3, "session.cookie_secure" },
		{ 4, "session.cookie_httponly" },
	};
	const struct expr *map =
		script_map(script, expr_argument(call, NULL, 0));
	take_array(script, map, "session.cookie_");
	for (size_t i = 0; !map && i < ARRAY_SIZE(places); i++) {
		const struct expr *value =
			expr_argument(call, NULL, places[i].place);
		if (value)
			record_php(script, places[i].name, NULL, value, value);
	}
}

static const struct {
	const char *name;
	void (*take)(struct script *script, const struct expr *call);
} calls[] = {
	{ "ini_set", take_ini_set },
	{ "session_start", take_start },
	{ "session_set_cookie_params", take_params },
};

static void take_call(struct script *script, size_t at)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		if (!script_calls(script, at, calls[i].name))
			continue;
		const struct expr *call = script_expr(script, at);
		if (call->kind == EXPR_CALL)
			calls[i].take(script, call);
	}
}

static bool is_laravel_file(const char *path)
{
	static const char end[] = "config/session.php";
	size_t len = strlen(path);
	return len >= sizeof(end) - 1 &&
		!strcmp(path + len - (sizeof(end) - 1), end);
}

static void take_laravel(struct script *script, size_t at)
{
	if (!token_is_name(
		    &script->tokens, &script->tokens.items[at], "return"))
		return;
	const struct expr *map = script_expr(script, at + 1);
	for (size_t i = 0; map->kind == EXPR_MAP && i < map->count; i++)
		if (script_record(script, FRAMEWORK_LARAVEL, NULL,
			    &map->items[i], FORM_PAIR))
			script->recorder->out->uses |= MAKES_APP;
}

void php_read(struct recorder *recorder)
{
	CLEANUP(script_clear) struct script script;
	bool laravel = is_laravel_file(recorder->path);
	script_init(&script, recorder, &style);
	for (size_t at = 0; at + 2 < script.tokens.count; at++) {
		if (laravel)
			take_laravel(&script, at);
		else
			take_call(&script, at);
	}
}
