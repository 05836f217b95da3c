#include "rules/settings/eval.h"

#include "rules/settings/eval_calls.h"
#include "rules/settings/eval_path.h"

#include <math.h>
#include <string.h>

struct setting_value value_unresolved(const char *why)
{
	return (struct setting_value){ .type = SETTING_UNRESOLVED,
		.text = why };
}

struct setting_value value_text_of(const char *text)
{
	return (struct setting_value){ .type = SETTING_TEXT, .text = text };
}

static struct setting_value value_bool_of(bool number)
{
	return (struct setting_value){ .type = SETTING_BOOL, .number = number };
}

struct setting_value value_int_of(int64_t number)
{
	return (struct setting_value){ .type = SETTING_INT, .number = number };
}

static struct lazy_expr **find_name(
	struct eval_file *file, const void *name, size_t len)
{
	for (size_t i = 0; i < file->name_count; i++)
		if (file->names[i].len == len &&
			!memcmp(file->names[i].name, name, len))
			return &file->names[i].value;
	return NULL;
}

void eval_assign(struct eval_file *file, const void *name, size_t len,
	const struct lazy_expr *value)
{
	struct lazy_expr **found = find_name(file, name, len);
	if (!found && file->name_count == EVAL_MAX_NAMES)
		return;
	if (!found) {
		struct eval_name *next = &file->names[file->name_count++];
		*next = (struct eval_name){ .name = name, .len = len };
		found = &next->value;
	}
	*found = arena_alloc(file->arena, sizeof(**found));
	**found = *value;
}

const struct expr *eval_name(struct eval_file *file, const char *name)
{
	struct lazy_expr **found = find_name(file, name, strlen(name));
	return found ? lazy_expr_get(*found) : NULL;
}

int value_truth(const struct setting_value *value)
{
	switch (value->type) {
	case SETTING_NONE:
		return 0;
	case SETTING_BOOL:
	case SETTING_INT:
	case SETTING_DURATION:
	case SETTING_LIST:
		return value->number != 0;
	case SETTING_TEXT:
		return value->text[0] != '\0';
	case SETTING_PATH:
		return 1;
	default:
		return -1;
	}
}

static bool is_number(const struct setting_value *value)
{
	return value->type == SETTING_INT || value->type == SETTING_BOOL ||
		value->type == SETTING_DURATION;
}

static bool same_value(
	const struct setting_value *a, const struct setting_value *b)
{
	if (is_number(a) && is_number(b))
		return a->number == b->number;
	if (a->type != b->type)
		return false;
	return a->type == SETTING_NONE ||
		(a->text && b->text && !strcmp(a->text, b->text));
}

/* Shifts and powers whose result is out of range are refused. */
static bool power(int64_t *out, int64_t base, int64_t exponent)
{
	int64_t result = 1;
	if (exponent < 0 || exponent > 62)
		return false;
	while (exponent-- > 0)
		if (__builtin_mul_overflow(result, base, &result))
			return false;
	*out = result;
	return true;
}

/* Python rounds a division down. */
static bool divide(int64_t *out, uint16_t op, int64_t a, int64_t b)
{
	if (b <= 0 || a < 0)
		return false;
	*out = op == '%' ? a % b : a / b;
	return true;
}

static bool arithmetic(int64_t *out, uint16_t op, int64_t a, int64_t b)
{
	switch (op) {
	case '+':
		return !__builtin_add_overflow(a, b, out);
	case '-':
		return !__builtin_sub_overflow(a, b, out);
	case '*':
		return !__builtin_mul_overflow(a, b, out);
	case '|':
		*out = a | b;
		return true;
	case '&':
		*out = a & b;
		return true;
	case '^':
		*out = a ^ b;
		return true;
	case OP2('<', '<'):
		return a >= 0 && b >= 0 && b < 62 && a <= INT64_MAX >> b &&
			(*out = a << b, true);
	case OP2('*', '*'):
		return power(out, a, b);
	default:
		return divide(out, op, a, b);
	}
}

static struct setting_value calculate(uint16_t op,
	const struct setting_value *a, const struct setting_value *b)
{
	struct setting_value out = { .type = SETTING_INT,
		.octal = a->octal || b->octal };
	if (a->type == SETTING_DURATION || b->type == SETTING_DURATION)
		out.type = SETTING_DURATION;
	if (!arithmetic(&out.number, op, a->number, b->number))
		return value_unresolved("an amount that cannot be told");
	return out;
}

static struct setting_value concatenate(const struct eval *eval,
	const struct setting_value *a, const struct setting_value *b)
{
	struct setting_value out = *a;
	if (strlen(a->text) + strlen(b->text) > EVAL_MAX_TEXT)
		return value_unresolved("a long text");
	out.text = arena_printf(eval->file->arena, "%s%s", a->text, b->text);
	return out;
}

static bool has_text(const struct setting_value *value)
{
	return value->type == SETTING_TEXT || value->type == SETTING_PATH;
}

/* A condition that the environment decides is told apart from others. */
static struct setting_value unknown_of(
	const struct eval *eval, const struct setting_value *value)
{
	if (!value->variable)
		return value_unresolved("an expression");
	struct setting_value out =
		value_unresolved(arena_printf(eval->file->arena,
			"the environment decides (%s)", value->variable));
	out.variable = value->variable;
	return out;
}

/* `a or b`: where a comes from the environment, b is what holds without. */
static struct setting_value either(struct eval *eval, const struct expr *expr)
{
	struct setting_value left = eval_expr(eval, expr->left);
	int truth = value_truth(&left);
	if (truth == 1)
		return left;
	if (truth < 0 && !left.variable)
		return unknown_of(eval, &left);
	struct setting_value right = eval_expr(eval, expr->right);
	if (!right.variable)
		right.variable = left.variable;
	return right;
}

static struct setting_value both(struct eval *eval, const struct expr *expr)
{
	struct setting_value left = eval_expr(eval, expr->left);
	int truth = value_truth(&left);
	if (truth < 0)
		return unknown_of(eval, &left);
	return truth ? eval_expr(eval, expr->right) : left;
}

static struct setting_value is_in(struct eval *eval, const struct expr *expr)
{
	struct setting_value left = eval_expr(eval, expr->left);
	if (left.type == SETTING_UNRESOLVED || expr->right->kind != EXPR_LIST)
		return unknown_of(eval, &left);
	struct setting_value out = value_bool_of(false);
	out.variable = left.variable;
	for (size_t i = 0; i < expr->right->count; i++) {
		struct setting_value item =
			eval_expr(eval, expr->right->items[i].value);
		if (same_value(&left, &item))
			out.number = 1;
	}
	return out;
}

/* A product with a fraction: 0.5 * 3600. */
static bool real_of(
	double *out, const struct expr *expr, const struct setting_value *value)
{
	if (expr->kind == EXPR_REAL)
		*out = expr->real;
	else if (is_number(value))
		*out = (double)value->number;
	else
		return false;
	return true;
}

static struct setting_value binary(struct eval *eval, const struct expr *expr)
{
	struct setting_value a = eval_expr(eval, expr->left);
	struct setting_value b = eval_expr(eval, expr->right);
	struct setting_value out;
	bool compares = expr->op == OP2('=', '=') || expr->op == OP2('!', '=');
	double x;
	double y;
	if (a.type == SETTING_PATH && expr->op == '/')
		out = path_join(eval->file->arena, &a, &b);
	else if (is_number(&a) && is_number(&b) && !compares)
		out = calculate(expr->op, &a, &b);
	else if ((expr->op == '+' || expr->op == OP_JOIN) && has_text(&a) &&
		has_text(&b))
		out = concatenate(eval, &a, &b);
	else if (expr->op == '*' && real_of(&x, expr->left, &a) &&
		real_of(&y, expr->right, &b) && fabs(x * y) < 1e15)
		out = value_int_of((int64_t)(x * y));
	else if (a.type != SETTING_UNRESOLVED && b.type != SETTING_UNRESOLVED &&
		compares)
		out = value_bool_of(
			same_value(&a, &b) == (expr->op == OP2('=', '=')));
	else
		return unknown_of(eval, a.variable ? &a : &b);
	out.variable = a.variable ? a.variable : b.variable;
	return out;
}

static struct setting_value unary(struct eval *eval, const struct expr *expr)
{
	struct setting_value value = eval_expr(eval, expr->left);
	int truth = value_truth(&value);
	if (expr->op == OP_NOT && truth >= 0) {
		struct setting_value out = value_bool_of(!truth);
		out.variable = value.variable;
		return out;
	}
	if (expr->op == '-' && value.type == SETTING_INT &&
		value.number > INT64_MIN) {
		value.number = -value.number;
		return value;
	}
	if (expr->op == '+' && value.type == SETTING_INT)
		return value;
	return unknown_of(eval, &value);
}

static struct setting_value choice(struct eval *eval, const struct expr *expr)
{
	struct setting_value condition = eval_expr(eval, expr->condition);
	int truth = value_truth(&condition);
	if (truth >= 0 && !condition.variable)
		return eval_expr(eval, truth ? expr->left : expr->right);
	struct setting_value left = eval_expr(eval, expr->left);
	struct setting_value right = eval_expr(eval, expr->right);
	if (left.type != SETTING_UNRESOLVED && same_value(&left, &right))
		return left;
	return condition.variable ? unknown_of(eval, &condition)
				  : value_unresolved("a condition decides");
}

static struct setting_value name(struct eval *eval, const struct expr *expr)
{
	const struct expr *assigned = eval_name(eval->file, expr->text);
	if (assigned && assigned != expr)
		return eval_expr(eval, assigned);
	if (!strcmp(expr->text, "__file__") || !strcmp(expr->text, "__FILE__"))
		return path_of_file(eval->file->path);
	if (!strcmp(expr->text, "__dirname") ||
		!strcmp(expr->text, "__DIR__") ||
		!strcmp(expr->text, "__dir__"))
		return path_at(PATH_FILE, "");
	return value_unresolved(arena_printf(eval->file->arena,
		"the value of %.*s", EVAL_SHOWN, expr->text));
}

static struct setting_value integer(const struct expr *expr)
{
	struct setting_value out = value_int_of(expr->number);
	out.octal = expr->octal;
	return out;
}

static struct setting_value eval_kind(
	struct eval *eval, const struct expr *expr)
{
	switch ((enum expr_kind)expr->kind) {
	case EXPR_NULL:
		return (struct setting_value){ .type = SETTING_NONE };
	case EXPR_BOOL:
		return value_bool_of(expr->number);
	case EXPR_INT:
		return integer(expr);
	case EXPR_TEXT:
		return value_text_of(expr->text);
	case EXPR_NAME:
		return name(eval, expr);
	case EXPR_MEMBER:
		return eval_member(eval, expr);
	case EXPR_ITEM:
		return eval_item(eval, expr);
	case EXPR_CALL:
		return eval_call(eval, expr);
	case EXPR_LIST:
	case EXPR_MAP:
		return (struct setting_value){ .type = SETTING_LIST,
			.number = (int64_t)expr->count };
	case EXPR_UNARY:
		return unary(eval, expr);
	case EXPR_BINARY:
		if (expr->op == OP_OR)
			return either(eval, expr);
		if (expr->op == OP_AND)
			return both(eval, expr);
		return expr->op == OP_IN ? is_in(eval, expr)
					 : binary(eval, expr);
	case EXPR_CHOICE:
		return choice(eval, expr);
	case EXPR_REAL:
		if (fabs(expr->real) < 1e15 &&
			expr->real == (double)(int64_t)expr->real)
			return value_int_of((int64_t)expr->real);
		return value_unresolved("a fraction");
	case EXPR_UNKNOWN:
		break;
	}
	return value_unresolved("an expression");
}

struct setting_value eval_expr(struct eval *eval, const struct expr *expr)
{
	if (eval->depth >= EVAL_MAX_DEPTH || !eval->steps_left)
		return value_unresolved("a long expression");
	eval->depth++;
	eval->steps_left--;
	struct setting_value out = eval_kind(eval, expr);
	eval->depth--;
	return out;
}

struct setting_value eval(struct eval_file *file, const struct expr *expr)
{
	struct eval state = { .file = file, .steps_left = EVAL_MAX_STEPS };
	return eval_expr(&state, expr);
}
