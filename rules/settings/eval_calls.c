#include "rules/settings/eval_calls.h"

#include "base/array.h"
#include "rules/settings/eval_path.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef struct setting_value eval_function(
	struct eval *eval, const struct expr *call);

static bool is_one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (!strcmp(word, *words))
			return true;
	return false;
}

/* The object of a method call: `x` of x.strip(); else the first argument. */
static struct setting_value subject(struct eval *eval, const struct expr *call)
{
	const struct expr *first = expr_argument(call, NULL, 0);
	if (first)
		return eval_expr(eval, first);
	if (call->left->kind == EXPR_MEMBER)
		return eval_expr(eval, call->left->left);
	return value_unresolved("an expression");
}

/* datetime.timedelta(days, seconds, microseconds, milliseconds, minutes,
 * hours, weeks): docs.python.org/3/library/datetime.html#timedelta-objects */
static struct setting_value timedelta(
	struct eval *eval, const struct expr *call)
{
	static const struct {
		const char *name;
		double seconds;
	} units[] = {
		{ "days", 86400 },
		{ "seconds", 1 },
		{ "microseconds", 1e-6 },
		{ "milliseconds", 1e-3 },
		{ "minutes", 60 },
		{ "hours", 3600 },
		{ "weeks", 604800 },
	};
	double seconds = 0;
	const char *variable = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		const struct expr *argument =
			expr_argument(call, units[i].name, (int)i);
		if (!argument)
			continue;
		struct setting_value value = eval_expr(eval, argument);
		if (value.type != SETTING_INT && argument->kind != EXPR_REAL)
			return value_unresolved(
				"a timedelta of an amount that cannot be told");
		double amount = argument->kind == EXPR_REAL
			? argument->real
			: (double)value.number;
		seconds += amount * units[i].seconds;
		variable = variable ? variable : value.variable;
	}
	if (!(fabs(seconds) < 1e15))
		return value_unresolved("a very long time");
	return (struct setting_value){ .type = SETTING_DURATION,
		.number = (int64_t)seconds,
		.variable = variable };
}

/* os.path.join(a, b, …), a.joinpath(b), Path(a, b), path.join(a, b) */
static struct setting_value join(struct eval *eval, const struct expr *call)
{
	struct setting_value out = path_at(PATH_WORKING, "");
	bool method = call->left->kind == EXPR_MEMBER &&
		(!strcmp(call->left->text, "joinpath") ||
			call->left->left->kind == EXPR_TEXT);
	if (method)
		out = eval_expr(eval, call->left->left);
	if (out.type != SETTING_PATH)
		return value_unresolved("an expression");
	for (size_t i = 0; i < call->count; i++) {
		struct setting_value part =
			eval_expr(eval, call->items[i].value);
		if (part.type == SETTING_UNRESOLVED)
			return part;
		out = path_join(eval->file->arena, &out, &part);
	}
	return out;
}

static struct setting_value dirname(struct eval *eval, const struct expr *call)
{
	struct setting_value value = subject(eval, call);
	if (value.type == SETTING_UNRESOLVED)
		return value;
	return path_up(eval->file->arena, &value);
}

static struct setting_value to_path(struct eval *eval, const struct expr *call)
{
	struct setting_value value = subject(eval, call);
	value_make_path(&value);
	return value;
}

static struct setting_value working(struct eval *eval, const struct expr *call)
{
	struct setting_value value = path_at(PATH_WORKING, "");
	const struct expr *first = expr_argument(call, NULL, 0);
	if (!first)
		return value;
	struct setting_value below = eval_expr(eval, first);
	return path_join(eval->file->arena, &value, &below);
}

/* Laravel: storage_path('app') */
static struct setting_value storage(struct eval *eval, const struct expr *call)
{
	struct setting_value value = path_at(PATH_WORKING, "storage");
	struct setting_value below = subject(eval, call);
	return path_join(eval->file->arena, &value, &below);
}

static struct setting_value temporary(
	struct eval *eval, const struct expr *call)
{
	(void)eval;
	(void)call;
	return path_at(PATH_TEMPORARY, "");
}

static struct setting_value random_value(
	struct eval *eval, const struct expr *call)
{
	(void)eval;
	(void)call;
	return value_unresolved("a random value, made at each start");
}

static bool reads_as_true(const char *text)
{
	static const char *const words[] = { "true", "1", "yes", "on", "y", "t",
		NULL };
	for (size_t i = 0; words[i]; i++)
		if (!strcasecmp(text, words[i]))
			return true;
	return false;
}

/* A text as the boolean that its reader makes of it: env.bool(), strtobool().
 */
static void parse_bool(struct setting_value *value)
{
	if (value->type != SETTING_TEXT)
		return;
	value->number = reads_as_true(value->text);
	value->type = SETTING_BOOL;
}

static void parse_int(struct setting_value *value)
{
	if (value->type != SETTING_TEXT)
		return;
	char *end = NULL;
	errno = 0;
	long long number = strtoll(value->text, &end, 10);
	if (errno || !*value->text || *end)
		return;
	value->number = number;
	value->type = SETTING_INT;
}

static struct setting_value to_int(struct eval *eval, const struct expr *call)
{
	struct setting_value value = subject(eval, call);
	const struct expr *base = expr_argument(call, "base", 1);
	if (base && base->number == 8 && value.type == SETTING_TEXT) {
		value.number = strtoll(value.text, NULL, 8);
		value.type = SETTING_INT;
		value.octal = true;
	}
	parse_int(&value);
	return value;
}

/* bool('False') is True. */
static struct setting_value to_bool(struct eval *eval, const struct expr *call)
{
	struct setting_value value = subject(eval, call);
	int truth = value_truth(&value);
	if (truth < 0)
		return value;
	value.type = SETTING_BOOL;
	value.number = truth;
	return value;
}

static struct setting_value as_bool(struct eval *eval, const struct expr *call)
{
	struct setting_value value = subject(eval, call);
	parse_bool(&value);
	return value;
}

static struct setting_value same(struct eval *eval, const struct expr *call)
{
	return subject(eval, call);
}

/* x.lower(): of a text */
static struct setting_value lower(struct eval *eval, const struct expr *call)
{
	struct setting_value value = subject(eval, call);
	if (value.type != SETTING_TEXT)
		return value;
	char *text = arena_strdup(eval->file->arena, value.text);
	for (char *at = text; *at; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at | 0x20);
	value.text = text;
	return value;
}

static struct setting_value from_environment(
	struct eval *eval, const char *variable)
{
	struct setting_value value =
		value_unresolved(arena_printf(eval->file->arena,
			"the environment (%.*s)", EVAL_SHOWN, variable));
	value.variable = variable;
	return value;
}

/* os.environ.get('X', d), getenv, env('X', d), env.bool('X', default=d),
 * config('X', cast=bool, default=d), ENV.fetch('X', d) */
static struct setting_value environment(
	struct eval *eval, const struct expr *call)
{
	const struct expr *first = expr_argument(call, NULL, 0);
	if (!first || first->kind != EXPR_TEXT)
		return value_unresolved("an expression");
	const struct expr *fallback = expr_argument(call, "default", 1);
	if (!fallback)
		return from_environment(eval, first->text);
	struct setting_value value = eval_expr(eval, fallback);
	value.variable = first->text;
	const struct expr *cast = expr_argument(call, "cast", -1);
	const char *to =
		cast ? expr_last_name(cast) : expr_last_name(call->left);
	if (!strcmp(to, "bool"))
		parse_bool(&value);
	else if (!strcmp(to, "int"))
		parse_int(&value);
	return value;
}

static const struct {
	const char *const *names; /* last names */
	eval_function *function;
} functions[] = {
	{ (const char *const[]){ "timedelta", NULL }, timedelta },
	{ (const char *const[]){ "join", "joinpath", "Path", "PurePath", NULL },
		join },
	{ (const char *const[]){ "dirname", NULL }, dirname },
	{ (const char *const[]){ "abspath", "realpath", "normpath", "resolve",
		  "absolute", "expanduser", "fspath", NULL },
		to_path },
	{ (const char *const[]){ "getcwd", "cwd", "base_path", NULL },
		working },
	{ (const char *const[]){ "storage_path", NULL }, storage },
	{ (const char *const[]){ "gettempdir", "mkdtemp", "mkstemp", "tmpdir",
		  "sys_get_temp_dir", NULL },
		temporary },
	{ (const char *const[]){ "urandom", "token_hex", "token_bytes",
		  "token_urlsafe", "uuid4", "uuid1", "randomBytes",
		  "random_bytes", "randomUUID", NULL },
		random_value },
	{ (const char *const[]){ "int", "parseInt", "Number", "float", NULL },
		to_int },
	{ (const char *const[]){ "bool", "Boolean", NULL }, to_bool },
	{ (const char *const[]){ "strtobool", "str2bool", "str_to_bool", NULL },
		as_bool },
	{ (const char *const[]){
		  "str", "String", "strip", "encode", "decode", NULL },
		same },
	{ (const char *const[]){ "lower", "toLowerCase", "downcase", NULL },
		lower },
	{ (const char *const[]){ "getenv", "env", "config", "get_env", NULL },
		environment },
};

/* The paths under which an environment's get and fetch go by. */
static bool is_environment(const char *path)
{
	static const char *const paths[] = { "os.environ.get", "environ.get",
		"ENV.fetch", "env.bool", "env.str", "env.int", "env.get",
		"env.float", "env.list", "env.path", "$_ENV.get", NULL };
	return is_one_of(path, paths);
}

struct setting_value eval_call(struct eval *eval, const struct expr *call)
{
	const char *path = expr_path(eval->file->arena, call->left);
	if (path && is_environment(path))
		return environment(eval, call);
	/* a method of a value that is a call itself still has a last name */
	const char *last = expr_last_name(call->left);
	if (!strcmp(last, "bool") && call->left->kind == EXPR_MEMBER)
		return environment(eval, call);
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++)
		if (is_one_of(last, functions[i].names))
			return functions[i].function(eval, call);
	return value_unresolved(arena_printf(eval->file->arena,
		"the result of %.*s()", EVAL_SHOWN, path ? path : last));
}

/* stat.S_IRUSR …: sys/stat.h of POSIX */
static bool mode_constant(int64_t *out, const char *name)
{
	static const struct {
		const char *name;
		int64_t mode;
	} modes[] = {
		{ "S_IRWXU", 0700 },
		{ "S_IRUSR", 0400 },
		{ "S_IWUSR", 0200 },
		{ "S_IXUSR", 0100 },
		{ "S_IRWXG", 070 },
		{ "S_IRGRP", 040 },
		{ "S_IWGRP", 020 },
		{ "S_IXGRP", 010 },
		{ "S_IRWXO", 07 },
		{ "S_IROTH", 04 },
		{ "S_IWOTH", 02 },
		{ "S_IXOTH", 01 },
	};
	for (size_t i = 0; i < ARRAY_SIZE(modes); i++)
		if (!strcmp(name, modes[i].name)) {
			*out = modes[i].mode;
			return true;
		}
	return false;
}

/* 30.minutes, 1.day: Active Support's durations. */
static bool duration_unit(int64_t *out, const char *name)
{
	static const struct {
		const char *name;
		int64_t seconds;
	} units[] = {
		{ "second", 1 },
		{ "minute", 60 },
		{ "hour", 3600 },
		{ "day", 86400 },
		{ "week", 604800 },
		{ "month", 2629746 },
		{ "year", 31556952 },
	};
	size_t len = strlen(name);
	len -= len && name[len - 1] == 's';
	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (len == strlen(units[i].name) &&
			!strncmp(name, units[i].name, len)) {
			*out = units[i].seconds;
			return true;
		}
	return false;
}

static struct setting_value ruby_duration(int64_t amount, int64_t unit)
{
	struct setting_value out = { .type = SETTING_DURATION };
	if (__builtin_mul_overflow(amount, unit, &out.number))
		return value_unresolved("a very long time");
	return out;
}

struct setting_value eval_member(struct eval *eval, const struct expr *expr)
{
	struct setting_value out = { .type = SETTING_INT, .octal = true };
	int64_t unit;
	if (mode_constant(&out.number, expr->text))
		return out;
	if (expr->left->kind == EXPR_INT && duration_unit(&unit, expr->text))
		return ruby_duration(expr->left->number, unit);
	if (!strcmp(expr->text, "root_path"))
		return path_at(PATH_FILE, "");
	if (!strcmp(expr->text, "instance_path"))
		return path_at(PATH_INSTANCE, "");
	if (!strcmp(expr->text, "parent")) {
		struct setting_value path = eval_expr(eval, expr->left);
		if (path.type == SETTING_PATH)
			return path_up(eval->file->arena, &path);
	}
	const char *path = expr_path(eval->file->arena, expr);
	if (path && !strcmp(path, "Rails.root"))
		return path_at(PATH_WORKING, "");
	if (path &&
		(!strncmp(path, "process.env.", 12) ||
			!strncmp(path, "import.meta.env.", 16)))
		return from_environment(eval, expr->text);
	return value_unresolved(arena_printf(eval->file->arena,
		"the value of %.*s", EVAL_SHOWN, path ? path : expr->text));
}

/* os.environ['X'], ENV['X'], $_ENV['X'], process.env['X']; p.parents[n] */
struct setting_value eval_item(struct eval *eval, const struct expr *expr)
{
	static const char *const environments[] = { "os.environ", "environ",
		"ENV", "$_ENV", "$_SERVER", "process.env", NULL };
	const char *path = expr_path(eval->file->arena, expr->left);
	if (path && is_one_of(path, environments) &&
		expr->right->kind == EXPR_TEXT)
		return from_environment(eval, expr->right->text);
	bool parents = expr->left->kind == EXPR_MEMBER &&
		!strcmp(expr->left->text, "parents") &&
		expr->right->kind == EXPR_INT && expr->right->number >= 0 &&
		expr->right->number < 16;
	if (!parents)
		return value_unresolved("an expression");
	struct setting_value out = eval_expr(eval, expr->left->left);
	for (int64_t i = 0; i <= expr->right->number; i++) {
		if (out.type != SETTING_PATH)
			return value_unresolved("an expression");
		out = path_up(eval->file->arena, &out);
	}
	return out;
}
