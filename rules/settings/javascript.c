/*
 * JavaScript and TypeScript: the options of express-session and
 * cookie-session; and JSON, whose texts are JavaScript's.
 */
#include "rules/settings/script.h"

#include "base/array.h"
#include "base/cleanup.h"

#include <string.h>

static const struct lex_style style = {
	.slash_comments = true,
	.backquotes = true,
	.dollar_names = true,
};

/* cookie-session has the cookie's options beside its own. */
static const char *cookie_option(struct arena *arena, const char *key)
{
	static const char *const options[] = { "secure", "httpOnly", "sameSite",
		"maxAge", "domain" };
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (!strcmp(key, options[i]))
			return arena_printf(arena, "cookie.%s", key);
	return !strcmp(key, "keys") ? "secret" : key;
}

static void take_cookie(struct script *script, const struct expr *map)
{
	for (size_t i = 0; map && i < map->count; i++) {
		const char *key = expr_key(&map->items[i]);
		if (key)
			script_record(script, FRAMEWORK_EXPRESS,
				cookie_option(
					&script->recorder->out->arena, key),
				&map->items[i], FORM_PAIR);
	}
}

/* session({ secret: …, cookie: { secure: true } }) */
static void take_options(
	struct script *script, const struct expr *options, bool is_cookie)
{
	script->recorder->out->uses |= USES_EXPRESS_SESSION | MAKES_APP;
	script->block++;
	if (is_cookie) {
		take_cookie(script, options);
		return;
	}
	for (size_t i = 0; i < options->count; i++) {
		const struct expr_item *item = &options->items[i];
		const char *key = expr_key(item);
		if (key && !strcmp(key, "cookie"))
			take_cookie(script, script_map(script, item->value));
		else
			script_record(script, FRAMEWORK_EXPRESS, NULL, item,
				FORM_PAIR);
	}
}

/* const session = require('express-session'), import session from '…': the
 * names under which a module is called. */
struct callees {
	const char *session; /* or NULL */
	const char *cookie;
};

static const char *module_of(const struct script *script, size_t at)
{
	size_t len;
	const struct token *token = &script->tokens.items[at];
	return token->kind == TOKEN_TEXT
		? token_text(&len, &script->recorder->out->arena,
			  &script->tokens, token)
		: NULL;
}

/* The name that the module of the text at `at` is given. */
static const char *name_of(const struct script *script, size_t at)
{
	const struct token *tokens = script->tokens.items;
	struct arena *arena = &script->recorder->out->arena;
	bool required = at >= 4 && token_is_op(&tokens[at - 1], '(') &&
		token_is_name(&script->tokens, &tokens[at - 2], "require") &&
		token_is_op(&tokens[at - 3], '=');
	if (required && tokens[at - 4].kind == TOKEN_NAME)
		return token_copy(arena, &script->tokens, &tokens[at - 4]);
	bool imported = at >= 2 &&
		token_is_name(&script->tokens, &tokens[at - 1], "from");
	if (imported && tokens[at - 2].kind == TOKEN_NAME)
		return token_copy(arena, &script->tokens, &tokens[at - 2]);
	return NULL;
}

static void note_module(
	struct callees *callees, const struct script *script, size_t at)
{
	const char *module = module_of(script, at);
	if (module && !strcmp(module, "express-session"))
		callees->session = name_of(script, at);
	else if (module && !strcmp(module, "cookie-session"))
		callees->cookie = name_of(script, at);
}

static void take_call(
	struct script *script, const struct callees *callees, size_t at)
{
	bool session =
		callees->session && script_calls(script, at, callees->session);
	bool cookie = (callees->cookie &&
			      script_calls(script, at, callees->cookie)) ||
		script_calls(script, at, "cookieSession");
	session = session || script_calls(script, at, "expressSession");
	if (!session && !cookie)
		return;
	const struct expr *call = script_expr(script, at);
	if (call->kind != EXPR_CALL)
		return;
	const struct expr *options =
		script_map(script, expr_argument(call, NULL, 0));
	if (options)
		take_options(script, options, cookie);
}

void javascript_read(struct recorder *recorder)
{
	CLEANUP(script_clear) struct script script;
	struct callees callees = { 0 };
	script_init(&script, recorder, &style);
	for (size_t at = 0; at + 2 < script.tokens.count; at++) {
		note_module(&callees, &script, at);
		script_assignment(&script, at);
		take_call(&script, &callees, at);
	}
}

#define JSON_DEPTH 6

/* At the top a key of Flask's (from_file()); variables at any depth, as
 * editors and hosts keep them. */
static void take_object(
	struct script *script, const struct expr *map, unsigned depth)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct expr_item *item = &map->items[i];
		const char *key = expr_key(item);
		if (!key)
			continue;
		if (item->value->kind == EXPR_MAP && depth < JSON_DEPTH)
			take_object(script, item->value, depth + 1);
		else if (!strncmp(key, "FLASK_", 6) &&
			item->value->kind == EXPR_TEXT)
			record_variable(script->recorder,
				&(struct found_setting){
					.name = key,
					.value.text = item->value->text,
					.start = item->key->start,
					.end = item->value->end,
					.line = item->key->line,
					.form = FORM_JSON,
				});
		else if (!depth && *key >= 'A' && *key <= 'Z')
			script_record(
				script, FRAMEWORK_FLASK, NULL, item, FORM_JSON);
	}
}

void json_read(struct recorder *recorder)
{
	CLEANUP(script_clear) struct script script;
	script_init(&script, recorder, &style);
	const struct expr *root = script_expr(&script, 0);
	if (root->kind == EXPR_MAP)
		take_object(&script, root, 0);
}
