#include "rules/rule_checks.h"

#include "base/utf8.h"
#include "rules/pattern.h"

#include <stdint.h>
#include <string.h>

#define PATTERN_MAX ((size_t)8 * 1024)
#define ID_MAX      64

int check_prose(const struct rule_reader *reader, const struct yaml_node *node,
	const char *text)
{
	size_t len = strlen(text);
	for (size_t at = 0; at < len;) {
		uint32_t code = 0;
		size_t step = utf8_decode(
			&code, (const unsigned char *)text + at, len - at);
		if (!step || (code != '\n' && utf8_is_unsafe(code)))
			return reader_fail(reader, node,
				"holds a character that may not be shown");
		at += step;
	}
	return 0;
}

int check_line(const struct rule_reader *reader, const struct yaml_node *node,
	const char *text)
{
	if (strchr(text, '\n'))
		return reader_fail(reader, node, "must be one line");
	return check_prose(reader, node, text);
}

int check_id(const struct rule_reader *reader, const struct yaml_node *node,
	const char *text)
{
	size_t len = strlen(text);
	if (strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") != len ||
		text[0] == '-' || text[len - 1] == '-')
		return reader_fail(reader, node,
			"id '%s' may have a-z, 0-9 and inner '-' alone",
			yaml_printable(reader->arena, text, len));
	if (len > ID_MAX)
		return reader_fail(
			reader, node, "id is longer than %d bytes", ID_MAX);
	return 0;
}

/* End of a bracket expression that opens at `text`, or NULL. As in
 * gitignore(5): a ']' that comes first stands for itself. */
static const char *skip_brackets(const char *text)
{
	text++;
	if (*text == '!' || *text == '^')
		text++;
	const char *first = text;
	for (; *text && (*text != ']' || text == first); text++) {
		const char *class_end = NULL;
		if (text[0] == '[' && text[1] == ':')
			class_end = strstr(text + 2, ":]");
		if (class_end)
			text = class_end + 1;
		else if (text[0] == '\\' && text[1])
			text++;
	}
	return *text ? text : NULL;
}

int check_glob(const struct rule_reader *reader, const struct yaml_node *node,
	const char *text)
{
	if (text[0] == '!')
		return reader_fail(reader, node,
			"a glob may not start with '!': use 'except'");
	if (!strcmp(text, "/"))
		return reader_fail(reader, node, "glob '/' matches nothing");
	for (const char *at = text; *at; at++) {
		if (*at == '\\' && !*++at)
			return reader_fail(
				reader, node, "glob ends with a backslash");
		if (*at == '[' && at > text && at[-1] == '\\')
			continue;
		if (*at == '[' && !(at = skip_brackets(at)))
			return reader_fail(
				reader, node, "glob has '[' without ']'");
	}
	return 0;
}

int check_component(const struct rule_reader *reader,
	const struct yaml_node *node, const char *text)
{
	if (strchr(text, '/'))
		return reader_fail(reader, node, "a name may not hold a slash");
	return 0;
}

/* Where the byte of a pattern stands in the file, as far as that is plain. */
static struct yaml_node place_in(
	const struct yaml_node *node, const char *text, size_t offset)
{
	struct yaml_node place = *node;
	if (!node->text_column)
		return place;
	place.column = node->text_column;
	for (size_t i = 0; i < offset && text[i]; i++)
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			place.column++;
	return place;
}

int check_regex(const struct rule_reader *reader, const struct yaml_node *node,
	const char *text)
{
	if (strlen(text) > PATTERN_MAX)
		return reader_fail(reader, node,
			"pattern is longer than %zu bytes", PATTERN_MAX);
	struct err why = { 0 };
	size_t offset = 0;
	if (pattern_check(text, false, &why, &offset) == 0)
		return 0;
	struct yaml_node place = place_in(node, text, offset);
	return reader_fail(reader, &place, "bad pattern: %s", why.msg);
}

int check_number(const struct rule_reader *reader, const struct yaml_node *node,
	const char *text)
{
	if (strspn(text, "0123456789") != strlen(text))
		return reader_fail(reader, node, "must be a number");
	return 0;
}

int check_gitignore(const struct rule_reader *reader,
	const struct yaml_node *node, const char *text)
{
	for (const char *at = strchr(text, '{'); at; at = strchr(at, '{')) {
		size_t len = strncmp(at, "{store}", 7) == 0 ? 7
			: strncmp(at, "{path}", 6) == 0     ? 6
			: strncmp(at, "{name}", 6) == 0     ? 6
							    : 0;
		if (!len)
			return reader_fail(reader, node,
				"only {store}, {path} and {name} are filled "
				"in");
		at += len;
	}
	int rc = check_line(reader, node, text);
	return rc < 0 ? rc : check_glob(reader, node, text);
}
