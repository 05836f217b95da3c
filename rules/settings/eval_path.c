#include "rules/settings/eval_path.h"

#include "rules/settings/eval.h"

#include <string.h>

#define MAX_PATH_TEXT 4096

struct setting_value path_at(int base, const char *text)
{
	return (struct setting_value){
		.type = SETTING_PATH, .base = base, .text = text
	};
}

struct setting_value path_of_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	return path_at(PATH_FILE, slash ? slash + 1 : path);
}

void value_make_path(struct setting_value *value)
{
	if (value->type != SETTING_TEXT)
		return;
	value->type = SETTING_PATH;
	value->base = PATH_WORKING;
	if (value->text[0] == '/' || value->text[0] == '\\' ||
		(value->text[0] && value->text[1] == ':'))
		value->base = PATH_ABSOLUTE;
	else if (value->text[0] == '~')
		value->base = PATH_HOME;
	if (value->base == PATH_HOME)
		value->text += strspn(value->text, "~/");
}

/* True when nothing is left that can be taken off. */
static bool ends_above(const char *text)
{
	size_t len = strlen(text);
	return !len || !strcmp(text, ".") ||
		(len >= 2 && !strcmp(text + len - 2, ".."));
}

struct setting_value path_up(
	struct arena *arena, const struct setting_value *path)
{
	struct setting_value out = *path;
	value_make_path(&out);
	if (out.type != SETTING_PATH)
		return value_unresolved("a path that cannot be told");
	size_t len = strlen(out.text);
	while (len > 1 && out.text[len - 1] == '/')
		len--;
	const char *text = arena_memdupz(arena, out.text, len);
	const char *slash = strrchr(text, '/');
	if (ends_above(text) && out.base != PATH_ABSOLUTE)
		out.text = *text && len < MAX_PATH_TEXT
			? arena_printf(arena, "%s/..", text)
			: "..";
	else if (!slash)
		out.text = "";
	else
		out.text = arena_memdupz(arena, text,
			slash == text ? 1 : (size_t)(slash - text));
	return out;
}

struct setting_value path_join(struct arena *arena,
	const struct setting_value *a, const struct setting_value *b)
{
	struct setting_value first = *a;
	struct setting_value second = *b;
	value_make_path(&first);
	value_make_path(&second);
	if (first.type != SETTING_PATH || second.type != SETTING_PATH)
		return value_unresolved("a path that cannot be told");
	if (second.base != PATH_WORKING)
		return second;
	size_t len = strlen(first.text);
	if (len + strlen(second.text) > MAX_PATH_TEXT)
		return value_unresolved("a long path");
	bool slash = len && first.text[len - 1] != '/';
	first.text = arena_printf(
		arena, "%s%s%s", first.text, slash ? "/" : "", second.text);
	if (!first.variable)
		first.variable = second.variable;
	return first;
}
