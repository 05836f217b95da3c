/* Calls of Python that set something: app.config.update(…), from_mapping(…),
 * setdefault(…), from_object(…), Flask(…). */
#include "rules/settings/python.h"

#include "base/array.h"

#include <string.h>

/* One pair of a mapping as a setting. */
static void take_pair(struct python *python, const struct expr_item *item,
	int form, const char *target)
{
	const char *name = expr_key(item);
	if (!name)
		return;
	struct found_setting found = {
		.name = name,
		.target = target,
		.start = item->key->start,
		.end = item->value->end,
		.line = item->key->line,
		.form = form,
	};
	struct lazy_expr value = { .expr = item->value };
	python_record(python, &found, &value);
}

/* What a call was given: KEY=v, {'KEY': v}, dict(KEY=v), or a name for one of
 * them. Bounded: a name stands for what it was assigned, not for a name. */
static void take_mapping(
	struct python *python, const struct expr *call, const char *target)
{
	for (size_t i = 0; i < call->count; i++) {
		const struct expr *value = call->items[i].value;
		if (call->items[i].key) {
			take_pair(
				python, &call->items[i], FORM_KEYWORD, target);
			continue;
		}
		if (value->kind == EXPR_NAME)
			value = eval_name(&python->recorder->file, value->text);
		if (!value)
			continue;
		bool is_dict = value->kind == EXPR_CALL &&
			!strcmp(expr_last_name(value->left), "dict");
		if (value->kind != EXPR_MAP && !is_dict)
			continue;
		for (size_t j = 0; j < value->count; j++)
			take_pair(python, &value->items[j],
				is_dict ? FORM_KEYWORD : FORM_PAIR, target);
	}
}

static void take_update(struct python *python, const struct expr *call)
{
	python->recorder->out->uses |= USES_FLASK;
	take_mapping(python, call,
		expr_path(&python->recorder->out->arena, call->left->left));
}

static void take_setdefault(struct python *python, const struct expr *call)
{
	const struct expr *key = expr_argument(call, NULL, 0);
	const struct expr *value = expr_argument(call, NULL, 1);
	if (!key || !value || key->kind != EXPR_TEXT)
		return;
	python->recorder->out->uses |= USES_FLASK;
	python_record(python,
		&(struct found_setting){
			.name = key->text,
			.target = expr_path(&python->recorder->out->arena,
				call->left->left),
			.start = call->start,
			.end = call->end,
			.line = call->line,
			.form = FORM_ITEM,
			.is_default = true,
		},
		&(struct lazy_expr){ .expr = value });
}

/* from_object('config.Production'), from_object(config.Production) */
static void take_object(struct python *python, const struct expr *call)
{
	const struct expr *first = expr_argument(call, NULL, 0);
	python->recorder->out->uses |= USES_FLASK;
	if (!first)
		return;
	const char *name = first->kind == EXPR_TEXT
		? first->text
		: expr_path(&python->recorder->out->arena, first);
	if (name && strcmp(name, "__name__") != 0)
		record_source(python->recorder, name, false);
}

static void take_file(struct python *python, const struct expr *call)
{
	const struct expr *first = expr_argument(call, NULL, 0);
	python->recorder->out->uses |= USES_FLASK;
	if (!first)
		return;
	struct setting_value value = eval(&python->recorder->file, first);
	if (value.type == SETTING_TEXT || value.type == SETTING_PATH)
		record_source(python->recorder, value.text, true);
}

static void take_flask(struct python *python, const struct expr *call)
{
	(void)call;
	python->recorder->out->uses |= USES_FLASK | MAKES_APP;
}

static const struct {
	const char *name;
	bool of_config; /* a method, of something whose name speaks of it */
	void (*take)(struct python *python, const struct expr *call);
} calls[] = {
	{ "update", true, take_update },
	{ "from_mapping", true, take_update },
	{ "setdefault", true, take_setdefault },
	{ "from_object", true, take_object },
	{ "from_pyfile", true, take_file },
	{ "from_file", true, take_file },
	{ "from_json", true, take_file },
	{ "Flask", false, take_flask },
};

/* True for a name such as config, app_config, settings. */
static bool speaks_of_config(const struct python *python, size_t at)
{
	const struct token *token = &python->tokens.items[at];
	const unsigned char *name = python->recorder->bytes + token->start;
	size_t len = token->end - token->start;
	return token->kind == TOKEN_NAME &&
		(memmem(name, len, "conf", 4) ||
			memmem(name, len, "settings", 8));
}

/* True for the `update` of config.update( … and app.config.update( … */
static bool is_of_config(const struct python *python, size_t at, size_t from)
{
	return at >= from + 2 &&
		token_is_op(&python->tokens.items[at - 1], '.') &&
		speaks_of_config(python, at - 2);
}

/* The first token of the chain of names that ends at `at`. */
static size_t chain_start(const struct python *python, size_t at, size_t from)
{
	while (at >= from + 2 &&
		token_is_op(&python->tokens.items[at - 1], '.') &&
		python->tokens.items[at - 2].kind == TOKEN_NAME)
		at -= 2;
	return at;
}

static void take_call(struct python *python, size_t at, size_t from, size_t end)
{
	for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
		if (!token_is_name(&python->tokens, &python->tokens.items[at],
			    calls[i].name))
			continue;
		if (calls[i].of_config && !is_of_config(python, at, from))
			continue;
		struct lazy_expr lazy =
			python_expr(python, chain_start(python, at, from), end);
		const struct expr *call = lazy_expr_get(&lazy);
		if (call->kind == EXPR_CALL)
			calls[i].take(python, call);
	}
}

/* config |= {…} */
static void take_merge(
	struct python *python, size_t at, size_t from, size_t end)
{
	if (at == from || !speaks_of_config(python, at - 1))
		return;
	struct lazy_expr lazy = python_expr(python, at + 1, end);
	const struct expr *map = lazy_expr_get(&lazy);
	for (size_t i = 0; map->kind == EXPR_MAP && i < map->count; i++)
		take_pair(python, &map->items[i], FORM_PAIR, NULL);
}

void python_calls(struct python *python, size_t from, size_t end)
{
	for (size_t at = from; at < end; at++) {
		const struct token *token = &python->tokens.items[at];
		if (token->kind == TOKEN_NAME && at + 1 < end &&
			token_is_op(&python->tokens.items[at + 1], '('))
			take_call(python, at, from, end);
		else if (token_is_op(token, OP2('|', '=')))
			take_merge(python, at, from, end);
	}
}
