/*
 * Files of lines: variables of the environment (.env, Dockerfile, Procfile,
 * systemd units), YAML, TOML and INI. Each line is read by itself, so that
 * whatever else stands in such a file does not matter.
 */
#include "rules/settings/recorder.h"

#include "base/array.h"
#include "base/cleanup.h"
#include "rules/settings/eval.h"

#include <ctype.h>
#include <string.h>

#define MAX_NAME  128
#define MAX_VALUE 4096

/* A stretch of a line. */
struct span {
	const char *at, *end;
};

struct line {
	struct recorder *recorder;
	struct span text; /* without its end */
	size_t number;
};

typedef void take_line(struct line *line, void *ctx);

static void each_line(struct recorder *recorder, take_line *take, void *ctx)
{
	const char *at = (const char *)recorder->bytes;
	const char *end = at + recorder->len;
	for (size_t number = 1; at < end; number++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		if (!stop)
			stop = end;
		struct line line = { recorder, { at, stop }, number };
		if (line.text.end > at && line.text.end[-1] == '\r')
			line.text.end--;
		take(&line, ctx);
		at = stop + 1;
	}
}

static void skip_blanks(struct span *span)
{
	while (span->at < span->end && (*span->at == ' ' || *span->at == '\t'))
		span->at++;
}

static bool take_byte(struct span *span, char byte)
{
	if (span->at == span->end || *span->at != byte)
		return false;
	span->at++;
	return true;
}

static bool take_word(struct span *span, const char *word)
{
	size_t len = strlen(word);
	if ((size_t)(span->end - span->at) < len ||
		strncmp(span->at, word, len) != 0)
		return false;
	span->at += len;
	return true;
}

/* A name with letters, digits, `_` and the marks given; empty when none. */
static struct span take_name(struct span *span, const char *marks)
{
	struct span name = { span->at, span->at };
	while (name.end < span->end &&
		(isalnum((unsigned char)*name.end) || *name.end == '_' ||
			(*name.end && strchr(marks, *name.end))))
		name.end++;
	span->at = name.end;
	return name;
}

static char *copy(struct line *line, struct span span, size_t most)
{
	size_t len = (size_t)(span.end - span.at);
	return arena_memdupz(
		&line->recorder->out->arena, span.at, len < most ? len : most);
}

static void trim(struct span *span)
{
	skip_blanks(span);
	while (span->end > span->at && isspace((unsigned char)span->end[-1]))
		span->end--;
}

/* A value in quotes, or up to a blank (`one_word`) or to a comment. */
static struct span take_value(struct span *rest, bool one_word, char comment)
{
	skip_blanks(rest);
	struct span value = *rest;
	char quote = '\0';
	if (rest->at < rest->end)
		quote = *rest->at;
	if (quote == '"' || quote == '\'') {
		value.at++;
		const char *close =
			memchr(value.at, quote, (size_t)(value.end - value.at));
		value.end = close ? close : value.end;
		rest->at = close ? close + 1 : rest->end;
		return value;
	}
	const char *at = value.at;
	while (at < value.end &&
		!(one_word &&
			(isspace((unsigned char)*at) || *at == '"' ||
				*at == '\'')) &&
		!(*at == comment &&
			(at == value.at || isspace((unsigned char)at[-1]))))
		at++;
	value.end = rest->at = at;
	trim(&value);
	return value;
}

static struct found_setting found_at(
	struct line *line, struct span name, struct span value, int form)
{
	const char *start = (const char *)line->recorder->bytes;
	bool quoted = value.end < line->text.end && value.at > name.end &&
		strchr("\"'", value.at[-1]) && *value.end == value.at[-1];
	const char *text = copy(line, value, MAX_VALUE);
	value.at -= quoted;
	value.end += quoted;
	bool empty = value.at >= value.end;
	return (struct found_setting){
		.name = copy(line, name, MAX_NAME),
		.value.text = text,
		.start = (size_t)(name.at - start),
		.end = (size_t)((value.end > name.end ? value.end : name.end) -
			start),
		.value_start = empty ? 0 : (size_t)(value.at - start),
		.value_end = empty ? 0 : (size_t)(value.end - start),
		.line = line->number,
		.form = form,
	};
}

/* Environment: KEY=value, several of them on a line in all but .env files. */

static void take_variables(struct line *line, void *ctx)
{
	const bool *whole_line = ctx;
	struct span rest = line->text;
	skip_blanks(&rest);
	if (rest.at < rest.end && *rest.at == '#')
		return;
	bool old_form = take_word(&rest, "ENV ");
	if (!old_form && !take_word(&rest, "export "))
		take_word(&rest, "Environment=");
	while (rest.at < rest.end) {
		skip_blanks(&rest);
		while (rest.at < rest.end && strchr("\"'", *rest.at))
			rest.at++;
		struct span name = take_name(&rest, "");
		bool equals = take_byte(&rest, '=');
		bool blank = !equals && old_form && rest.at < rest.end &&
			*rest.at == ' ';
		if (name.at < name.end && (equals || blank)) {
			struct span value =
				take_value(&rest, !*whole_line && equals, '#');
			struct found_setting found =
				found_at(line, name, value, FORM_ENV);
			record_variable(line->recorder, &found);
		}
		if (*whole_line)
			return;
		old_form = false;
		while (rest.at < rest.end && !isspace((unsigned char)*rest.at))
			rest.at++;
	}
}

void env_read(struct recorder *recorder)
{
	const char *slash = strrchr(recorder->path, '/');
	const char *base = slash ? slash + 1 : recorder->path;
	bool whole_line = strstr(base, "env") != NULL;
	each_line(recorder, take_variables, &whole_line);
}

/* YAML: `KEY: value`, `- KEY=value`, and `name: KEY` with `value:` below. */

#define YAML_DEPTH 16

struct yaml_state {
	struct {
		size_t indent;
		char name[MAX_NAME];
	} open[YAML_DEPTH]; /* the keys that the line is below */
	size_t depth;
	struct span pending; /* a variable whose value comes next */
};

static bool yaml_path_is(
	const struct yaml_state *state, const char *const *names, size_t count)
{
	size_t first = state->depth > count ? state->depth - count : 0;
	if (state->depth < count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (strcmp(state->open[first + i].name, names[i]) != 0)
			return false;
	return true;
}

static void open_yaml_key(
	struct yaml_state *state, struct span name, size_t indent)
{
	if (state->depth == YAML_DEPTH)
		return;
	size_t len = (size_t)(name.end - name.at);
	len = len < MAX_NAME ? len : MAX_NAME - 1;
	memcpy(state->open[state->depth].name, name.at, len);
	state->open[state->depth].name[len] = '\0';
	state->open[state->depth++].indent = indent;
}

static bool span_is(struct span span, const char *text)
{
	size_t len = (size_t)(span.end - span.at);
	return len == strlen(text) && !memcmp(span.at, text, len);
}

/* framework: session: cookie_secure, also below when@prod: */
static void take_symfony(struct line *line, const struct yaml_state *state,
	struct found_setting *found)
{
	static const char *const path[] = { "framework", "session" };
	if (!yaml_path_is(state, path, ARRAY_SIZE(path)))
		return;
	const char *name = arena_printf(&line->recorder->out->arena,
		"framework.session.%s", found->name);
	found->spelled = found->name;
	found->name = name;
	found->value = value_of_word(found->value.text, true);
	found->development = state->depth > 2 &&
		settings_class_is_development(state->open[0].name);
	if (record(line->recorder, FRAMEWORK_SYMFONY, found))
		line->recorder->out->uses |= MAKES_APP;
}

static void take_yaml_pair(struct line *line, struct yaml_state *state,
	struct span name, struct span value)
{
	struct found_setting found = found_at(line, name, value, FORM_YAML);
	found.block = (unsigned)line->number; /* services are several */
	if (span_is(name, "value") && state->pending.at) {
		found.name = copy(line, state->pending, MAX_NAME);
		state->pending = (struct span){ 0 };
	} else if (span_is(name, "name")) {
		state->pending = value;
		return;
	}
	if (!strncmp(found.name, "FLASK_", 6) ||
		isupper((unsigned char)*found.name))
		record_variable(line->recorder, &found);
	else
		take_symfony(line, state, &found);
}

static void take_yaml_line(struct line *line, void *ctx)
{
	struct yaml_state *state = ctx;
	struct span rest = line->text;
	skip_blanks(&rest);
	bool item = take_word(&rest, "- ");
	skip_blanks(&rest);
	if (rest.at == rest.end || *rest.at == '#')
		return;
	size_t indent = (size_t)(rest.at - line->text.at);
	while (state->depth && state->open[state->depth - 1].indent >= indent)
		state->depth--;
	bool quoted = take_byte(&rest, '"') || take_byte(&rest, '\'');
	struct span name = take_name(&rest, "@.-");
	if (quoted && rest.at < rest.end && strchr("\"'", *rest.at))
		rest.at++;
	if (name.at == name.end)
		return;
	if (item && take_byte(&rest, '=')) {
		struct span value = take_value(&rest, false, '#');
		if (quoted && value.end > value.at &&
			strchr("\"'", value.end[-1]))
			value.end--;
		struct found_setting found =
			found_at(line, name, value, FORM_ENV);
		found.block = (unsigned)line->number;
		record_variable(line->recorder, &found);
		return;
	}
	if (!take_byte(&rest, ':'))
		return;
	struct span value = take_value(&rest, false, '#');
	if (value.at == value.end)
		open_yaml_key(state, name, indent);
	else
		take_yaml_pair(line, state, name, value);
}

void yaml_read(struct recorder *recorder)
{
	struct yaml_state state = { 0 };
	each_line(recorder, take_yaml_line, &state);
}

/* TOML: a value on one line is an expression of Python's, but for dates. */

static const struct lex_style toml_style = {
	.hash_comments = true,
	.triple_quotes = true,
};

static void eval_toml(
	struct line *line, struct span value, struct found_setting *found)
{
	struct recorder *recorder = line->recorder;
	CLEANUP(token_list_clear) struct token_list tokens;
	lex(&tokens, &toml_style, (const unsigned char *)value.at,
		(size_t)(value.end - value.at));
	struct expr_parser parser = {
		.tokens = &tokens,
		.arena = &recorder->out->arena,
		.end = tokens.count - 1,
		.nodes_left = &recorder->nodes_left,
	};
	const struct expr *expr = expr_parse(&parser);
	size_t start = (size_t)(value.at - (const char *)recorder->bytes);
	found->value = eval(&recorder->file, expr);
	found->value_start = start + expr->start;
	found->value_end = start + expr->end;
}

static void take_toml_line(struct line *line, void *ctx)
{
	(void)ctx;
	struct span rest = line->text;
	skip_blanks(&rest);
	struct span name = take_name(&rest, "");
	skip_blanks(&rest);
	if (name.at == name.end || !take_byte(&rest, '='))
		return;
	trim(&rest);
	struct found_setting found = found_at(line, name, rest, FORM_TOML);
	if (!strncmp(found.name, "FLASK_", 6)) {
		struct span value = take_value(&rest, false, '#');
		found.value.text = copy(line, value, MAX_VALUE);
		found.value_start = found.value_end = 0;
		record_variable(line->recorder, &found);
	} else if (strcmp(found.name, "DEBUG") != 0 &&
		isupper((unsigned char)*found.name) &&
		known_setting_find(FRAMEWORK_FLASK, found.name)) {
		eval_toml(line, rest, &found);
		record(line->recorder, FRAMEWORK_FLASK, &found);
	}
}

void toml_read(struct recorder *recorder)
{
	each_line(recorder, take_toml_line, NULL);
}

/* INI: session.cookie_secure = Off; in .htaccess php_flag and php_value. */

static void take_ini_line(struct line *line, void *ctx)
{
	(void)ctx;
	struct span rest = line->text;
	skip_blanks(&rest);
	bool htaccess = take_word(&rest, "php_flag ") ||
		take_word(&rest, "php_value ") ||
		take_word(&rest, "php_admin_value ") ||
		take_word(&rest, "php_admin_flag ");
	skip_blanks(&rest);
	struct span name = take_name(&rest, ".");
	skip_blanks(&rest);
	if (name.at == name.end || (!htaccess && !take_byte(&rest, '=')))
		return;
	struct span value = take_value(&rest, false, ';');
	struct found_setting found = found_at(line, name, value, FORM_INI);
	if (!strncmp(found.name, "FLASK_", 6)) {
		record_variable(line->recorder, &found);
		return;
	}
	found.value = value_of_word(found.value.text, true);
	record(line->recorder, FRAMEWORK_PHP, &found);
}

void ini_read(struct recorder *recorder)
{
	each_line(recorder, take_ini_line, NULL);
}
