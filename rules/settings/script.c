#include "rules/settings/script.h"

#include "rules/settings/eval.h"

#include <string.h>

void script_init(struct script *script, struct recorder *recorder,
	const struct lex_style *style)
{
	*script = (struct script){ .recorder = recorder };
	lex(&script->tokens, style, recorder->bytes, recorder->len);
	recorder->out->truncated |= script->tokens.truncated;
}

void script_clear(struct script *script)
{
	token_list_clear(&script->tokens);
}

bool script_calls(const struct script *script, size_t at, const char *name)
{
	return token_is_name(
		       &script->tokens, &script->tokens.items[at], name) &&
		token_is_op(&script->tokens.items[at + 1], '(');
}

const struct expr *script_expr(struct script *script, size_t at)
{
	struct expr_parser parser = {
		.tokens = &script->tokens,
		.arena = &script->recorder->out->arena,
		.at = at,
		.end = script->tokens.count - 1,
		.nodes_left = &script->recorder->nodes_left,
	};
	return expr_parse(&parser);
}

void script_assignment(struct script *script, size_t at)
{
	const struct token *name = &script->tokens.items[at];
	if (name->kind != TOKEN_NAME || !token_is_op(name + 1, '=') ||
		(at && token_is_op(name - 1, '.')))
		return;
	const struct lazy_expr value = {
		.tokens = &script->tokens,
		.arena = &script->recorder->out->arena,
		.nodes_left = &script->recorder->nodes_left,
		.at = at + 2,
		.end = script->tokens.count - 1,
	};
	eval_assign(&script->recorder->file,
		script->recorder->bytes + name->start, name->end - name->start,
		&value);
}

const struct expr *script_map(
	struct script *script, const struct expr *argument)
{
	if (argument && argument->kind == EXPR_NAME)
		argument = eval_name(&script->recorder->file, argument->text);
	return argument && argument->kind == EXPR_MAP ? argument : NULL;
}

bool script_record(struct script *script, int framework, const char *name,
	const struct expr_item *item, int form)
{
	const char *key = expr_key(item);
	if (!key)
		return false;
	return record(script->recorder, framework,
		&(struct found_setting){
			.name = name ? name : key,
			.spelled = key,
			.value = eval(&script->recorder->file, item->value),
			.start = item->key->start,
			.end = item->value->end > item->key->start
				? item->value->end
				: item->key->end,
			.value_start = item->value->start,
			.value_end = item->value->end,
			.line = item->key->line,
			.form = form,
			.block = script->block,
		});
}
