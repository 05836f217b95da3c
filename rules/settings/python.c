/*
 * The Python reader: one logical line after the other, with the blocks that it
 * stands in. Understands assignments to names, items and attributes, classes,
 * properties, and (python_calls.c) calls.
 */
#include "rules/settings/python.h"

#include "base/array.h"
#include "base/cleanup.h"

#include <string.h>

static const struct lex_style style = {
	.hash_comments = true,
	.triple_quotes = true,
	.newlines = true,
};

static const struct token *token_at(const struct python *python, size_t at)
{
	return &python->tokens.items[at];
}

static bool is_name(const struct python *python, size_t at, const char *name)
{
	return token_is_name(&python->tokens, token_at(python, at), name);
}

static char *copy_of(const struct python *python, size_t at)
{
	return token_copy(&python->recorder->out->arena, &python->tokens,
		token_at(python, at));
}

struct lazy_expr python_expr(struct python *python, size_t at, size_t end)
{
	return (struct lazy_expr){
		.tokens = &python->tokens,
		.arena = &python->recorder->out->arena,
		.nodes_left = &python->recorder->nodes_left,
		.at = at,
		.end = end,
	};
}

/* The innermost class or function, or NULL for the module. */
static const struct python_block *scope_of(const struct python *python)
{
	for (size_t i = python->depth; i-- > 0;)
		if (python->blocks[i].kind != BLOCK_BRANCH)
			return &python->blocks[i];
	return NULL;
}

/* if DEBUG:, if app.debug:, if env == 'development':, but not if not … */
static bool is_for_development(
	const struct python *python, const struct python_block *block)
{
	bool speaks = false;
	for (size_t at = block->from; at < block->end; at++) {
		const struct token *token = token_at(python, at);
		if (is_name(python, at, "not") ||
			token_is_op(token, OP2('!', '=')))
			return false;
		if (token->kind == TOKEN_NAME || token->kind == TOKEN_TEXT)
			speaks = speaks ||
				settings_class_is_development(
					copy_of(python, at));
	}
	return speaks;
}

static void add_one(struct python *python, const struct found_setting *found)
{
	const struct python_block *scope = scope_of(python);
	struct found_setting whole = *found;
	whole.block = scope ? scope->number : 0;
	whole.indent = python->indent;
	if (scope && scope->kind == BLOCK_CLASS) {
		whole.scope = scope->name;
		whole.development = settings_class_is_development(scope->name);
	}
	for (size_t i = 0; i < python->depth; i++)
		if (is_for_development(python, &python->blocks[i]))
			whole.development = true;
	int framework = known_setting_find(FRAMEWORK_FLASK, whole.name)
		? FRAMEWORK_FLASK
		: FRAMEWORK_DJANGO;
	record(python->recorder, framework, &whole);
}

/* An argument of FileSystemCache(…) as the setting that it stands for. */
static void add_argument(struct python *python, const struct expr *call,
	const char *keyword, int place, const char *name)
{
	const struct expr_item *item = expr_argument_item(call, keyword, place);
	if (!item)
		return;
	const struct expr *value = item->value;
	const struct expr *first = item->key ? item->key : value;
	add_one(python,
		&(struct found_setting){
			.name = name,
			.spelled = keyword,
			.target = expr_last_name(call->left),
			.value = eval(&python->recorder->file, value),
			.start = first->start,
			.end = value->end,
			.value_start = value->start,
			.value_end = value->end,
			.line = first->line,
			.form = FORM_KEYWORD,
		});
}

/* cachelib's FileSystemCache(cache_dir, threshold, default_timeout, mode), and
 * Flask-Session's FileSystemSessionInterface, whose first argument up to 0.6
 * was cache_dir, from 0.7 on the application. */
static void add_store(struct python *python, const struct expr *value)
{
	if (value->kind == EXPR_NAME)
		value = eval_name(&python->recorder->file, value->text);
	if (!value || value->kind != EXPR_CALL)
		return;
	const char *callee = expr_last_name(value->left);
	if (!strcmp(callee, "FileSystemCache")) {
		add_argument(python, value, "cache_dir", 0, "SESSION_FILE_DIR");
		add_argument(python, value, "threshold", 1,
			"SESSION_FILE_THRESHOLD");
		add_argument(python, value, "mode", 3, "SESSION_FILE_MODE");
	} else if (!strcmp(callee, "FileSystemSessionInterface")) {
		const struct expr *first = expr_argument(value, NULL, 0);
		bool old = first && first->kind != EXPR_NAME;
		add_argument(python, value, "cache_dir", old ? 0 : -1,
			"SESSION_FILE_DIR");
		add_argument(python, value, "threshold", old ? 1 : -1,
			"SESSION_FILE_THRESHOLD");
		add_argument(python, value, "mode", old ? 2 : -1,
			"SESSION_FILE_MODE");
		add_argument(python, value, "key_prefix", old ? 3 : -1,
			"SESSION_KEY_PREFIX");
	}
}

void python_record(struct python *python, struct found_setting *found,
	struct lazy_expr *lazy)
{
	if (!strcmp(found->name, "SESSION_CACHELIB")) {
		python->recorder->out->uses |= USES_FLASK_SESSION;
		add_store(python, lazy_expr_get(lazy));
		return;
	}
	if (!known_setting_find(FRAMEWORK_FLASK, found->name) &&
		!known_setting_find(FRAMEWORK_DJANGO, found->name))
		return;
	const struct expr *value = lazy_expr_get(lazy);
	found->value = eval(&python->recorder->file, value);
	found->value_start = value->start;
	found->value_end = value->end;
	if (value->end > found->end)
		found->end = value->end;
	add_one(python, found);
}

static void note_module(struct python *python, const char *module)
{
	static const struct {
		const char *name;
		unsigned use;
	} modules[] = {
		{ "flask_session", USES_FLASK | USES_FLASK_SESSION },
		{ "flask", USES_FLASK },
		{ "quart", USES_FLASK },
		{ "django", USES_DJANGO },
	};
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++)
		if (!strcmp(module, modules[i].name))
			python->recorder->out->uses |= modules[i].use;
}

/* from config import Config: where settings may come from. */
static void note_source(struct python *python, size_t at)
{
	if (token_at(python, at)->kind != TOKEN_NAME)
		return;
	const char *name = copy_of(python, at);
	if (strstr(name, "config") || strstr(name, "settings"))
		record_source(python->recorder, name, false);
}

/* from flask import Flask; import flask, os */
static void take_import(struct python *python, size_t from, size_t end)
{
	bool all = is_name(python, from, "import");
	for (size_t at = from + 1; at < end; at++) {
		bool starts = at == from + 1 ||
			token_is_op(token_at(python, at - 1), ',');
		if (token_at(python, at)->kind == TOKEN_NAME && starts)
			note_module(python, copy_of(python, at));
		note_source(python, at);
		if (!all && is_name(python, at, "import"))
			return;
	}
}

/* A token that no bracket holds: the next one at this level. */
static size_t step(const struct python *python, size_t at)
{
	const struct token *token = token_at(python, at);
	return (token->match > at ? token->match : at) + 1;
}

/* The place of an operator outside of brackets, or `end`. */
static size_t find_op(
	const struct python *python, size_t from, size_t end, uint16_t op)
{
	while (from < end && !token_is_op(token_at(python, from), op))
		from = step(python, from);
	return from < end ? from : end;
}

/* pydantic fills SESSION_X from session_x. */
static char *upper_case(struct python *python, const char *name)
{
	char *upper = arena_strdup(&python->recorder->out->arena, name);
	for (char *at = upper; *at; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	return upper;
}

/* Names of settings are in upper case, but for pydantic's. */
static bool may_be_setting(const struct python *python,
	const struct python_block *scope, const struct token *name)
{
	unsigned char first = python->recorder->bytes[name->start];
	if (scope && scope->kind == BLOCK_FUNCTION)
		return false;
	return (first >= 'A' && first <= 'Z') ||
		(scope && scope->has_settings_base);
}

static void assign_name(
	struct python *python, size_t at, struct lazy_expr *value)
{
	const struct python_block *scope = scope_of(python);
	const struct token *token = token_at(python, at);
	eval_assign(&python->recorder->file,
		python->recorder->bytes + token->start,
		token->end - token->start, value);
	if (!may_be_setting(python, scope, token))
		return;
	const char *name = copy_of(python, at);
	struct found_setting found = {
		.name = scope && scope->has_settings_base
			? upper_case(python, name)
			: name,
		.spelled = name,
		.start = token->start,
		.end = token->end,
		.line = token->line,
		.form = FORM_NAME,
	};
	python_record(python, &found, value);
}

/* The text of tokens from..end, without what stands between them. */
static char *text_between(const struct python *python, size_t from, size_t end)
{
	return arena_memdupz(&python->recorder->out->arena,
		python->recorder->bytes + token_at(python, from)->start,
		token_at(python, end - 1)->end - token_at(python, from)->start);
}

#define MAX_TARGET 64 /* bytes of "current_app.config" */

/* x['KEY'] = value; `bracket` is the token of the last opening one. */
static void assign_item(struct python *python, size_t from, size_t bracket,
	struct lazy_expr *lazy)
{
	const struct token *key = token_at(python, bracket + 1);
	size_t len = 0;
	const char *name = token_text(
		&len, &python->recorder->out->arena, &python->tokens, key);
	const struct token *first = token_at(python, from);
	const struct token *last = token_at(python, bracket - 1);
	if (!name || last->end - first->start > MAX_TARGET)
		return;
	struct found_setting found = {
		.name = name,
		.target = text_between(python, from, bracket),
		.start = first->start,
		.end = key->end + 1,
		.line = first->line,
		.form = FORM_ITEM,
	};
	if (!strcmp(found.target, "os.environ") ||
		!strcmp(found.target, "environ")) {
		const struct expr *value = lazy_expr_get(lazy);
		found.value = eval(&python->recorder->file, value);
		found.end = value->end > found.end ? value->end : found.end;
		if (found.value.type == SETTING_TEXT &&
			!strncmp(name, "FLASK_", 6))
			record_variable(python->recorder, &found);
		return;
	}
	if (token_is_name(&python->tokens, last, "config"))
		python->recorder->out->uses |= USES_FLASK;
	python_record(python, &found, lazy);
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text);
	size_t end_len = strlen(end);
	return len >= end_len && !strcmp(text + len - end_len, end);
}

/* Objects whose attributes are settings go by such names. */
static bool is_application(const struct python *python, const char *name)
{
	const char *app = python->recorder->out->app;
	return (app && !strcmp(app, name)) || ends_with(name, "app") ||
		ends_with(name, "application") || ends_with(name, "server");
}

/* app.secret_key = value */
static void assign_attribute(
	struct python *python, size_t from, size_t end, struct lazy_expr *value)
{
	const struct token *first = token_at(python, from);
	const char *name = copy_of(python, end - 1);
	if (!is_application(python, copy_of(python, end - 3)) ||
		token_at(python, end - 1)->end - first->start > MAX_TARGET)
		return;
	if (!strcmp(name, "session_interface")) {
		python->recorder->out->uses |= USES_FLASK;
		add_store(python, lazy_expr_get(value));
		return;
	}
	const struct known_setting *known =
		known_setting_find(FRAMEWORK_FLASK, name);
	if (!known || !known->alias || strcmp(known->alias, name) != 0)
		return;
	python_record(python,
		&(struct found_setting){
			.name = name,
			.target = text_between(python, from, end - 2),
			.start = first->start,
			.end = token_at(python, end - 1)->end,
			.line = first->line,
			.form = FORM_ATTRIBUTE,
		},
		value);
}

/* app = Flask(…) */
static void note_application(
	struct python *python, size_t at, const struct lazy_expr *value)
{
	if (is_name(python, value->at, "Flask") &&
		token_is_op(token_at(python, value->at + 1), '('))
		python->recorder->out->app = copy_of(python, at);
}

/* One target of an assignment, the tokens from..end. */
static void assign(
	struct python *python, size_t from, size_t end, struct lazy_expr *value)
{
	size_t colon = find_op(python, from, end, ':');
	if (colon < end)
		end = colon; /* an annotation */
	if (from >= end)
		return;
	const struct token *last = token_at(python, end - 1);
	size_t open = token_is_op(last, ']') ? last->match : 0;
	if (end - from == 1 && last->kind == TOKEN_NAME) {
		note_application(python, from, value);
		assign_name(python, from, value);
	} else if (open > from && open + 3 == end &&
		token_at(python, open + 1)->kind == TOKEN_TEXT) {
		assign_item(python, from, open, value);
	} else if (end - from >= 3 && last->kind == TOKEN_NAME &&
		token_is_op(token_at(python, end - 2), '.') &&
		token_at(python, end - 3)->kind == TOKEN_NAME) {
		assign_attribute(python, from, end, value);
	}
}

/* a = b = value; calls in it are looked at in any case. */
static void take_statement(struct python *python, size_t from, size_t end)
{
	size_t equals = find_op(python, from, end, '=');
	size_t last = equals;
	while (last < end) {
		size_t next = find_op(python, last + 1, end, '=');
		if (next == end)
			break;
		last = next;
	}
	struct lazy_expr value = python_expr(python, last + 1, end);
	bool assigns = last < end;
	while (assigns && from < last) {
		assign(python, from, equals, &value);
		from = equals + 1;
		equals = find_op(python, from, last + 1, '=');
	}
	python_calls(python, assigns ? last + 1 : from, end);
}

/* A block that is too deep is not kept: its lines count as its parent's. */
static void push_block(struct python *python, struct python_block block)
{
	if (python->depth < PYTHON_MAX_BLOCKS)
		python->blocks[python->depth++] = block;
}

/* The last names of class Config(a.Base, Other, metaclass=…). */
static const char *const *read_bases(
	struct python *python, size_t open, bool *has_settings_base)
{
	size_t close = token_at(python, open)->match;
	struct arena *arena = &python->recorder->out->arena;
	const char **bases = arena_array(arena, 9, sizeof(*bases));
	size_t count = 0;
	for (size_t at = open + 1; at < close && count < 8; at++) {
		bool ends = at + 1 == close ||
			token_is_op(token_at(python, at + 1), ',');
		if (!ends || token_at(python, at)->kind != TOKEN_NAME)
			continue;
		bases[count] = copy_of(python, at);
		if (ends_with(bases[count], "Settings"))
			*has_settings_base = true;
		count++;
	}
	return bases;
}

static void open_class(struct python *python, size_t name)
{
	struct python_block block = {
		.kind = BLOCK_CLASS,
		.indent = python->indent,
		.name = copy_of(python, name),
		.number = ++python->number,
	};
	static const char *const none[] = { NULL };
	const char *const *bases = none;
	if (token_is_op(token_at(python, name + 1), '(') &&
		token_at(python, name + 1)->match)
		bases = read_bases(python, name + 1, &block.has_settings_base);
	record_class(python->recorder, block.name, bases);
	push_block(python, block);
}

static bool is_one_of(
	const struct python *python, size_t at, const char *const *words)
{
	for (; *words; words++)
		if (is_name(python, at, *words))
			return true;
	return false;
}

/* True when the line opens a block, which it then has. */
static bool take_block(struct python *python, size_t from, size_t end)
{
	static const char *const branches[] = { "if", "elif", "else", "for",
		"while", "try", "except", "finally", "with", "match", "case",
		NULL };
	if (is_name(python, from, "async"))
		from++;
	if (is_name(python, from, "class")) {
		open_class(python, from + 1);
		return true;
	}
	struct python_block block = { .indent = python->indent };
	if (is_name(python, from, "def")) {
		block.kind = BLOCK_FUNCTION;
		block.name = copy_of(python, from + 1);
		block.number = ++python->number;
	} else if (is_one_of(python, from, branches)) {
		block.kind = BLOCK_BRANCH;
		block.from = from + 1;
		block.end = find_op(python, from, end, ':');
	} else {
		return false;
	}
	push_block(python, block);
	return true;
}

/* @property def SESSION_COOKIE_SECURE(self): return False */
static void take_return(struct python *python, size_t from, size_t end)
{
	const struct python_block *function = scope_of(python);
	if (!function || function->kind != BLOCK_FUNCTION ||
		python->depth < 2 ||
		strchr("abcdefghijklmnopqrstuvwxyz_", *function->name))
		return;
	size_t outer = python->depth - 1;
	while (outer && &python->blocks[outer] != function)
		outer--;
	if (!outer || python->blocks[outer - 1].kind != BLOCK_CLASS)
		return;
	const struct python_block *owner = &python->blocks[outer - 1];
	const struct token *token = token_at(python, from);
	struct found_setting found = {
		.name = function->name,
		.start = token->start,
		.end = token->end,
		.line = token->line,
		.form = FORM_NAME,
	};
	size_t depth = python->depth;
	size_t indent = python->indent;
	python->depth = outer; /* it belongs to the class */
	python->indent = owner->indent;
	struct lazy_expr value = python_expr(python, from + 1, end);
	python_record(python, &found, &value);
	python->depth = depth;
	python->indent = indent;
}

static void take_part(struct python *python, size_t from, size_t end)
{
	if (from >= end)
		return;
	if (is_name(python, from, "import") || is_name(python, from, "from")) {
		take_import(python, from, end);
	} else if (is_name(python, from, "return")) {
		take_return(python, from, end);
		python_calls(python, from + 1, end);
	} else {
		take_statement(python, from, end);
	}
}

/* Statements between semicolons. */
static void take_parts(struct python *python, size_t from, size_t end)
{
	while (from < end) {
		size_t next = find_op(python, from, end, ';');
		take_part(python, from, next);
		from = next + 1;
	}
}

static void take_line(struct python *python, size_t from, size_t end)
{
	python->indent = token_column(&python->tokens, token_at(python, from));
	while (python->depth &&
		python->blocks[python->depth - 1].indent >= python->indent)
		python->depth--;
	if (!take_block(python, from, end)) {
		take_parts(python, from, end);
		return;
	}
	/* what stands on the line of an `if` belongs to it */
	size_t colon = find_op(python, from, end, ':');
	if (python->depth &&
		python->blocks[python->depth - 1].kind == BLOCK_BRANCH)
		python_calls(python, from, colon); /* with, for, if */
	python->indent += colon + 1 < end;
	take_parts(python, colon + 1, end);
}

static void python_clear(struct python *python)
{
	token_list_clear(&python->tokens);
}

void python_read(struct recorder *recorder)
{
	CLEANUP(python_clear) struct python python = { .recorder = recorder };
	lex(&python.tokens, &style, recorder->bytes, recorder->len);
	recorder->out->truncated |= python.tokens.truncated;
	size_t from = 0;
	for (size_t at = 0; at + 1 < python.tokens.count; at++) {
		if (python.tokens.items[at].kind != TOKEN_NEWLINE)
			continue;
		if (from < at)
			take_line(&python, from, at);
		from = at + 1;
	}
	python_settle_framework(recorder);
}
