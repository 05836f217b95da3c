/* What readers ask of a tree: paths of names, keys, arguments. */
#include "rules/settings/expr.h"

#include <string.h>

const struct expr *lazy_expr_get(struct lazy_expr *lazy)
{
	if (lazy->expr)
		return lazy->expr;
	struct expr_parser parser = {
		.tokens = lazy->tokens,
		.arena = lazy->arena,
		.at = lazy->at,
		.end = lazy->end,
		.nodes_left = lazy->nodes_left,
	};
	lazy->expr = expr_parse(&parser);
	return lazy->expr;
}

#define MAX_PARTS 8

const char *expr_path(struct arena *arena, const struct expr *expr)
{
	const char *parts[MAX_PARTS];
	size_t count = 0;
	while (expr->kind == EXPR_MEMBER && count + 1 < MAX_PARTS) {
		parts[count++] = expr->text;
		expr = expr->left;
	}
	if (expr->kind != EXPR_NAME)
		return NULL;
	char *path = arena_strdup(arena, expr->text);
	while (count)
		path = arena_printf(arena, "%s.%s", path, parts[--count]);
	return path;
}

const char *expr_last_name(const struct expr *expr)
{
	return expr->kind == EXPR_NAME || expr->kind == EXPR_MEMBER ? expr->text
								    : "";
}

const char *expr_key(const struct expr_item *item)
{
	if (!item->key)
		return NULL;
	return item->key->kind == EXPR_TEXT || item->key->kind == EXPR_NAME
		? item->key->text
		: NULL;
}

const struct expr_item *expr_argument_item(
	const struct expr *call, const char *keyword, int place)
{
	int at = 0;
	const struct expr_item *found = NULL;
	for (size_t i = 0; i < call->count; i++) {
		const struct expr_item *item = &call->items[i];
		const char *key = expr_key(item);
		if (key && keyword && !strcmp(key, keyword))
			return item;
		if (!item->key && at++ == place)
			found = item;
	}
	return found;
}

const struct expr *expr_argument(
	const struct expr *call, const char *keyword, int place)
{
	const struct expr_item *item = expr_argument_item(call, keyword, place);
	return item ? item->value : NULL;
}
