#include "rules/rule_reader.h"

#include "base/suggest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int reader_fail(const struct rule_reader *reader, const struct yaml_node *at,
	const char *format, ...)
{
	char text[384];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return err_set(reader->err, ERR_PARSE, "%s:%d:%d: %s", reader->file,
		at->line, at->column, text);
}

int reader_fail_unknown(const struct rule_reader *reader,
	const struct yaml_node *at, const char *what,
	const char *const *candidates)
{
	const char *shown = yaml_printable(reader->arena, at->text, at->len);
	const char *close = suggest(at->text, candidates);
	if (close)
		return reader_fail(reader, at,
			"unknown %s '%s'; did you mean '%s'?", what, shown,
			close);
	return reader_fail(reader, at, "unknown %s '%s'", what, shown);
}

int reader_expect_map(const struct rule_reader *reader,
	const struct yaml_node *node, const char *what)
{
	if (node->type == YAML_MAP)
		return 0;
	return reader_fail(reader, node, "%s must be a map", what);
}

int reader_expect_list(const struct rule_reader *reader,
	const struct yaml_node *node, const char *what)
{
	if (node->type == YAML_LIST && node->count)
		return 0;
	return reader_fail(reader, node, "%s must be a list with items", what);
}

int reader_text(const struct rule_reader *reader, const char **out,
	const struct yaml_node *node, const char *what)
{
	if (node->type != YAML_TEXT)
		return reader_fail(reader, node, "%s must be text", what);
	size_t len = node->len;
	while (node->block && len && node->text[len - 1] == '\n')
		len--;
	if (!len)
		return reader_fail(reader, node, "%s is empty", what);
	if (strlen(node->text) != node->len)
		return reader_fail(reader, node, "%s holds a NUL", what);
	*out = len == node->len ? node->text
				: arena_memdupz(reader->arena, node->text, len);
	return 0;
}

int reader_texts(const struct rule_reader *reader, const char *const **out,
	const struct yaml_node *node, const char *what, rule_check_text *check)
{
	const struct yaml_item alone = { .value = node };
	const struct yaml_item *items = &alone;
	size_t count = 1;
	if (node->type == YAML_LIST) {
		items = node->items;
		count = node->count;
	}
	if (node->type == YAML_MAP || !count)
		return reader_fail(
			reader, node, "%s must be text or a list", what);
	const char **texts =
		arena_array(reader->arena, count + 1, sizeof(*texts));
	for (size_t i = 0; i < count; i++) {
		const struct yaml_node *item = items[i].value;
		int rc = reader_text(reader, &texts[i], item, what);
		if (rc == 0 && check)
			rc = check(reader, item, texts[i]);
		if (rc < 0)
			return rc;
	}
	*out = texts;
	return 0;
}

static bool is_word(const struct yaml_node *node, const char *word)
{
	return node->type == YAML_TEXT && !strcmp(node->text, word);
}

int reader_bool(const struct rule_reader *reader, bool *out,
	const struct yaml_node *node, const char *what)
{
	if (!is_word(node, "true") && !is_word(node, "false"))
		return reader_fail(
			reader, node, "%s must be true or false", what);
	*out = is_word(node, "true");
	return 0;
}

/* Digits in front of `text`, as a number; false for none or too many. */
static bool take_digits(const char **text, size_t *out)
{
	size_t count = strspn(*text, "0123456789");
	if (!count || count > 9)
		return false;
	*out = 0;
	for (size_t i = 0; i < count; i++)
		*out = *out * 10 + (size_t)((*text)[i] - '0');
	*text += count;
	return true;
}

int reader_size(const struct rule_reader *reader, size_t *out,
	const struct yaml_node *node, const char *what, size_t max)
{
	const char *text = NULL;
	int rc = reader_text(reader, &text, node, what);
	if (rc < 0)
		return rc;
	if (!take_digits(&text, out) || *text || !*out || *out > max)
		return reader_fail(reader, node,
			"%s must be a number from 1 to %zu", what, max);
	return 0;
}

int reader_thousandths(const struct rule_reader *reader, size_t *out,
	const struct yaml_node *node, const char *what, size_t max)
{
	const char *text = "";
	int rc = reader_text(reader, &text, node, what);
	if (rc < 0)
		return rc;
	size_t whole = 0;
	bool valid = take_digits(&text, &whole);
	size_t places = 0;
	size_t fraction = 0;
	if (valid && *text == '.') {
		const char *start = ++text;
		valid = take_digits(&text, &fraction);
		places = (size_t)(text - start);
	}
	for (; places < 3; places++)
		fraction *= 10;
	*out = whole * 1000 + fraction;
	if (!valid || *text || places > 3 || !*out || *out > max * 1000)
		return reader_fail(reader, node,
			"%s must be a number over 0 and up to %zu, with at "
			"most three decimals",
			what, max);
	return 0;
}

int reader_expect_keys(const struct rule_reader *reader,
	const struct yaml_node *map, const char *const *keys)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_node *key = map->items[i].key;
		size_t k = 0;
		while (keys[k] && strcmp(keys[k], key->text) != 0)
			k++;
		if (!keys[k])
			return reader_fail_unknown(reader, key, "key", keys);
	}
	return 0;
}
