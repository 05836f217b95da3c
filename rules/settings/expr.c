#include "rules/settings/expr.h"

#include "base/array.h"
#include "base/buf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const struct expr unknown_expr = { .kind = EXPR_UNKNOWN };

static const struct token *next(const struct expr_parser *parser)
{
	size_t last = parser->tokens->count - 1;
	return &parser->tokens
			->items[parser->at < parser->end ? parser->at : last];
}

static bool at_op(const struct expr_parser *parser, uint16_t op)
{
	return token_is_op(next(parser), op);
}

static bool at_name(const struct expr_parser *parser, const char *name)
{
	return token_is_name(parser->tokens, next(parser), name);
}

static bool take_op(struct expr_parser *parser, uint16_t op)
{
	if (!at_op(parser, op))
		return false;
	parser->at++;
	return true;
}

/* Where the token before the present one ends. */
static size_t last_end(const struct expr_parser *parser)
{
	return parser->at ? parser->tokens->items[parser->at - 1].end : 0;
}

static struct expr *new_at(struct expr_parser *parser, enum expr_kind kind,
	size_t start, size_t line)
{
	struct expr *expr = arena_alloc(parser->arena, sizeof(*expr));
	*parser->nodes_left -= *parser->nodes_left > 0;
	expr->kind = (uint8_t)kind;
	expr->start = start;
	expr->end = last_end(parser);
	expr->line = line;
	return expr;
}

/* A node that starts where `left` does and ends with the last token. */
static struct expr *new_behind(struct expr_parser *parser, enum expr_kind kind,
	const struct expr *left)
{
	struct expr *expr = new_at(parser, kind, left->start, left->line);
	expr->left = left;
	return expr;
}

/* Digits of a base, underscores between them; false when other bytes are
 * there or the number does not fit. */
static bool parse_digits(int64_t *out, const char *digits, int base)
{
	int64_t number = 0;
	bool any = false;
	for (; *digits; digits++) {
		if (*digits == '_')
			continue;
		const char *found = strchr("0123456789abcdef", *digits | 0x20);
		if (!found)
			return false;
		int digit = (int)(found - "0123456789abcdef") % 16;
		if (digit >= base || number > (INT64_MAX - digit) / base)
			return false;
		number = number * base + digit;
		any = true;
	}
	*out = number;
	return any;
}

/* A literal's base by its start, and where its digits begin. A leading zero
 * is octal in PHP, in Python 2 and in what JavaScript calls sloppy. */
static int base_of(const char **digits)
{
	const char *text = *digits;
	if (text[0] != '0' || !text[1])
		return 10;
	*digits = text + 2;
	switch (text[1] | 0x20) {
	case 'x':
		return 16;
	case 'o':
		return 8;
	case 'b':
		return 2;
	default:
		*digits = text + 1;
		return strspn(text, "01234567_") == strlen(text) ? 8 : 10;
	}
}

static const struct expr *parse_number(struct expr_parser *parser)
{
	const struct token *token = next(parser);
	const char *digits = token_copy(parser->arena, parser->tokens, token);
	parser->at++;
	struct expr *expr = new_at(parser, EXPR_INT, token->start, token->line);
	const char *text = digits;
	int base = base_of(&text);
	expr->octal = base == 8;
	if (parse_digits(&expr->number, text, base))
		return expr;
	char *end = NULL;
	errno = 0;
	expr->real = strtod(digits, &end);
	expr->kind = *end || errno ? EXPR_UNKNOWN : EXPR_REAL;
	return expr;
}

/* Adds the text at the parser and steps over it; false when it cannot be
 * known. */
static bool take_text(struct expr_parser *parser, struct buf *text)
{
	size_t len = 0;
	const char *part =
		token_text(&len, parser->arena, parser->tokens, next(parser));
	parser->at++;
	return part && buf_add(text, part, len) == 0;
}

/* Texts that stand side by side are one (Python). */
static const struct expr *parse_text(struct expr_parser *parser)
{
	const struct token *token = next(parser);
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, LEX_MAX_BYTES);
	bool known = take_text(parser, &text);
	while (parser->tokens->style->triple_quotes &&
		next(parser)->kind == TOKEN_TEXT)
		known = take_text(parser, &text) && known;
	struct expr *expr = new_at(parser, known ? EXPR_TEXT : EXPR_UNKNOWN,
		token->start, token->line);
	expr->len = text.len;
	expr->text = arena_memdupz(
		parser->arena, text.bytes ? text.bytes : "", text.len);
	return expr;
}

/* A constant in the spellings of all languages, or a name. */
static const struct expr *parse_name(struct expr_parser *parser)
{
	static const struct {
		const char *word;
		enum expr_kind kind;
		int64_t number;
	} constants[] = {
		{ "True", EXPR_BOOL, 1 },
		{ "true", EXPR_BOOL, 1 },
		{ "TRUE", EXPR_BOOL, 1 },
		{ "False", EXPR_BOOL, 0 },
		{ "false", EXPR_BOOL, 0 },
		{ "FALSE", EXPR_BOOL, 0 },
		{ "None", EXPR_NULL, 0 },
		{ "null", EXPR_NULL, 0 },
		{ "NULL", EXPR_NULL, 0 },
		{ "nil", EXPR_NULL, 0 },
		{ "undefined", EXPR_NULL, 0 },
	};
	const struct token *token = next(parser);
	parser->at++;
	struct expr *expr =
		new_at(parser, EXPR_NAME, token->start, token->line);
	expr->text = token_copy(parser->arena, parser->tokens, token);
	expr->len = token->end - token->start;
	for (size_t i = 0; i < ARRAY_SIZE(constants); i++)
		if (!strcmp(expr->text, constants[i].word)) {
			expr->kind = (uint8_t)constants[i].kind;
			expr->number = constants[i].number;
		}
	return expr;
}

struct item_list {
	struct expr_item *items;
	size_t count, capacity;
};

static bool at_pair_mark(const struct expr_parser *parser)
{
	return at_op(parser, '=') || at_op(parser, ':') ||
		at_op(parser, OP2('=', '>'));
}

/* One argument or entry; the stars of *args and the dots of ...rest are
 * passed over. */
static void parse_item(struct expr_parser *parser, struct item_list *list)
{
	while (at_op(parser, '*') || at_op(parser, OP2('*', '*')) ||
		at_op(parser, '.') || at_op(parser, '&'))
		parser->at++;
	struct expr_item item = { .value = expr_parse(parser) };
	if (at_pair_mark(parser)) {
		parser->at++;
		item.key = item.value;
		item.value = expr_parse(parser);
	}
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = item;
}

/* Behind the next comma of this bracket, or at `closing`. */
static void skip_to_comma(struct expr_parser *parser, size_t closing)
{
	while (parser->at < closing && !at_op(parser, ',')) {
		const struct token *token = next(parser);
		bool opens =
			token->match > parser->at && token->match < closing;
		parser->at = (opens ? token->match : parser->at) + 1;
	}
	take_op(parser, ',');
}

static bool has_keys(const struct expr *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].key)
			return true;
	return false;
}

/* Items up to the bracket that matches the one at the parser. */
static void parse_items(struct expr_parser *parser, struct expr *into)
{
	size_t opening = parser->at;
	size_t closing = parser->tokens->items[opening].match;
	bool closed = closing > opening && closing < parser->end;
	if (!closed)
		closing = parser->end;
	size_t outer_end = parser->end;
	parser->end = closing;
	parser->at++;
	struct item_list list = { 0 };
	while (parser->at < closing && *parser->nodes_left) {
		parse_item(parser, &list);
		skip_to_comma(parser, closing);
	}
	parser->end = outer_end;
	parser->at = closed ? closing + 1 : closing;
	struct expr_item *items =
		arena_array(parser->arena, list.count + 1, sizeof(*items));
	if (list.count)
		memcpy(items, list.items, list.count * sizeof(*items));
	free(list.items);
	into->items = items;
	into->count = list.count;
	into->end = last_end(parser);
	if (into->kind == EXPR_LIST && has_keys(into))
		into->kind = EXPR_MAP;
}

static bool had_comma(const struct expr_parser *parser)
{
	return token_is_op(&parser->tokens->items[parser->at - 2], ',');
}

/* Parentheses: one value inside is that value, unless a comma is behind. */
static const struct expr *parse_bracket(struct expr_parser *parser)
{
	const struct token *token = next(parser);
	struct expr *expr =
		new_at(parser, token->op == '{' ? EXPR_MAP : EXPR_LIST,
			token->start, token->line);
	parse_items(parser, expr);
	bool grouping = token->op == '(' && expr->count == 1 &&
		!expr->items[0].key && !had_comma(parser);
	return grouping ? expr->items[0].value : expr;
}

/* Words that stand in front of a value and change nothing about it here. */
static bool at_filler(const struct expr_parser *parser)
{
	static const char *const words[] = { "new", "await", "return",
		"lambda" };
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (at_name(parser, words[i]))
			return true;
	return false;
}

/* (int) and its like, in PHP. */
static bool at_cast(const struct expr_parser *parser)
{
	static const char *const words[] = { "int", "bool", "string", "float" };
	const struct token *tokens = parser->tokens->items;
	if (!parser->tokens->style->dot_joins || !at_op(parser, '(') ||
		tokens[parser->at].match != parser->at + 2)
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (token_is_name(
			    parser->tokens, &tokens[parser->at + 1], words[i]))
			return true;
	return false;
}

static const struct expr *parse_primary(struct expr_parser *parser)
{
	while (at_filler(parser))
		parser->at++;
	while (at_cast(parser))
		parser->at += 3;
	const struct token *token = next(parser);
	switch (token->kind) {
	case TOKEN_NUMBER:
		return parse_number(parser);
	case TOKEN_TEXT:
		return parse_text(parser);
	case TOKEN_NAME:
		return parse_name(parser);
	default:
		break;
	}
	if (token_is_op(token, '(') || token_is_op(token, '[') ||
		token_is_op(token, '{'))
		return parse_bracket(parser);
	return &unknown_expr;
}

static bool at_member(const struct expr_parser *parser)
{
	const struct lex_style *style = parser->tokens->style;
	return (at_op(parser, '.') && !style->dot_joins) ||
		at_op(parser, OP2('?', '.')) || at_op(parser, OP2('-', '>')) ||
		at_op(parser, OP2(':', ':'));
}

static const struct expr *parse_member(
	struct expr_parser *parser, const struct expr *left)
{
	parser->at++;
	if (next(parser)->kind != TOKEN_NAME)
		return new_behind(parser, EXPR_UNKNOWN, left);
	const char *text =
		token_copy(parser->arena, parser->tokens, next(parser));
	parser->at++;
	struct expr *expr = new_behind(parser, EXPR_MEMBER, left);
	expr->text = text;
	expr->len = strlen(text);
	return expr;
}

static const struct expr *parse_subscript(
	struct expr_parser *parser, const struct expr *left)
{
	struct expr inside = { .kind = EXPR_CALL };
	parse_items(parser, &inside);
	struct expr *expr = new_behind(parser, EXPR_ITEM, left);
	expr->right = inside.count ? inside.items[0].value : &unknown_expr;
	return expr;
}

static const struct expr *parse_call(
	struct expr_parser *parser, const struct expr *left)
{
	struct expr *expr = new_behind(parser, EXPR_CALL, left);
	parse_items(parser, expr);
	return expr;
}

static const struct expr *parse_postfix(struct expr_parser *parser)
{
	const struct expr *expr = parse_primary(parser);
	while (expr->kind != EXPR_UNKNOWN && *parser->nodes_left) {
		if (at_op(parser, '('))
			expr = parse_call(parser, expr);
		else if (at_op(parser, '['))
			expr = parse_subscript(parser, expr);
		else if (at_member(parser))
			expr = parse_member(parser, expr);
		else
			break;
	}
	return expr;
}

static const struct expr *parse_unary(struct expr_parser *parser)
{
	const struct token *token = next(parser);
	uint16_t op = 0;
	if (token_is_op(token, '-') || token_is_op(token, '+') ||
		token_is_op(token, '~'))
		op = token->op;
	else if (token_is_op(token, '!') || at_name(parser, "not"))
		op = OP_NOT;
	if (!op)
		return parse_postfix(parser);
	if (parser->depth >= EXPR_MAX_DEPTH)
		return &unknown_expr;
	parser->depth++;
	parser->at++;
	const struct expr *operand = parse_unary(parser);
	parser->depth--;
	struct expr *expr =
		new_at(parser, EXPR_UNARY, token->start, token->line);
	expr->op = op;
	expr->left = operand;
	return expr;
}

/* Binary operators, loosest first; one row may have several. */
static const struct {
	uint16_t token_op;
	const char *word;
	uint16_t op;
	unsigned level;
} binaries[] = {
	{ OP2('|', '|'), "or", OP_OR, 1 },
	{ OP2('?', '?'), NULL, OP_OR, 1 },
	{ OP2('?', ':'), NULL, OP_OR, 1 },
	{ OP2('&', '&'), "and", OP_AND, 2 },
	{ OP2('=', '='), "is", OP2('=', '='), 3 },
	{ OP2('!', '='), NULL, OP2('!', '='), 3 },
	{ 0, "in", OP_IN, 3 },
	{ OP2('<', '='), NULL, OP2('<', '='), 3 },
	{ OP2('>', '='), NULL, OP2('>', '='), 3 },
	{ '<', NULL, '<', 3 },
	{ '>', NULL, '>', 3 },
	{ '|', NULL, '|', 4 },
	{ '^', NULL, '^', 5 },
	{ '&', NULL, '&', 6 },
	{ OP2('<', '<'), NULL, OP2('<', '<'), 7 },
	{ OP2('>', '>'), NULL, OP2('>', '>'), 7 },
	{ '+', NULL, '+', 8 },
	{ '-', NULL, '-', 8 },
	{ '.', NULL, OP_JOIN, 8 }, /* PHP; a member access is taken before */
	{ '*', NULL, '*', 9 },
	{ '/', NULL, '/', 9 },
	{ '%', NULL, '%', 9 },
	{ OP2('/', '/'), NULL, OP2('/', '/'), 9 },
	{ OP2('*', '*'), NULL, OP2('*', '*'), 10 },
};

/* The row of the operator at the parser, or ARRAY_SIZE(binaries). */
static size_t binary_at(const struct expr_parser *parser)
{
	const struct token *token = next(parser);
	for (size_t i = 0; i < ARRAY_SIZE(binaries); i++) {
		if (token->kind == TOKEN_OP && token->op &&
			token->op == binaries[i].token_op)
			return i;
		if (binaries[i].word && at_name(parser, binaries[i].word))
			return i;
	}
	return ARRAY_SIZE(binaries);
}

static const struct expr *parse_binary(
	struct expr_parser *parser, unsigned level)
{
	const struct expr *left = parse_unary(parser);
	for (;;) {
		size_t row = binary_at(parser);
		if (row == ARRAY_SIZE(binaries) ||
			binaries[row].level < level ||
			parser->depth >= EXPR_MAX_DEPTH || !*parser->nodes_left)
			return left;
		parser->at++;
		/* === and !== are == and != here */
		if (binaries[row].level == 3)
			take_op(parser, '=');
		parser->depth++;
		const struct expr *right =
			parse_binary(parser, binaries[row].level + 1);
		parser->depth--;
		struct expr *expr = new_behind(parser, EXPR_BINARY, left);
		expr->op = binaries[row].op;
		expr->right = right;
		left = expr;
	}
}

/* `left if condition else right`; `left` is read. */
static const struct expr *parse_if_else(
	struct expr_parser *parser, const struct expr *left)
{
	parser->at++;
	const struct expr *condition = parse_binary(parser, 1);
	const struct expr *right = &unknown_expr;
	if (at_name(parser, "else")) {
		parser->at++;
		right = expr_parse(parser);
	}
	struct expr *expr = new_behind(parser, EXPR_CHOICE, left);
	expr->condition = condition;
	expr->right = right;
	return expr;
}

/* `condition ? left : right`; the condition is read. */
static const struct expr *parse_ternary(
	struct expr_parser *parser, const struct expr *condition)
{
	parser->at++;
	const struct expr *left = expr_parse(parser);
	const struct expr *right = &unknown_expr;
	if (take_op(parser, ':'))
		right = expr_parse(parser);
	struct expr *expr = new_behind(parser, EXPR_CHOICE, condition);
	expr->condition = condition;
	expr->left = left;
	expr->right = right;
	return expr;
}

const struct expr *expr_parse(struct expr_parser *parser)
{
	if (parser->depth >= EXPR_MAX_DEPTH || !*parser->nodes_left)
		return &unknown_expr;
	parser->depth++;
	const struct expr *expr = parse_binary(parser, 1);
	if (at_op(parser, '?'))
		expr = parse_ternary(parser, expr);
	else if (parser->tokens->style->triple_quotes && at_name(parser, "if"))
		expr = parse_if_else(parser, expr);
	parser->depth--;
	return expr;
}
