#include "remedy/ignore_text.h"

#include "base/buf.h"
#include "scanner/ignore_pattern.h"

#include <string.h>

bool ignore_text_is_folder(const char *text)
{
	size_t len = strlen(text);
	if (len < 3 || text[0] != '/' || text[len - 1] != '/')
		return false;
	for (const char *at = text; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		else if (strchr("*?[\n", *at))
			return false;
	}
	return true;
}

char *ignore_text_path(struct arena *arena, const char *text)
{
	size_t len = strlen(text);
	char *path = arena_alloc(arena, len + 1);
	size_t count = 0;
	for (size_t i = 1; i < len; i++) {
		if (text[i] == '\\')
			i++;
		path[count++] = text[i];
	}
	if (count && path[count - 1] == '/')
		path[--count] = '\0';
	return path;
}

const char *ignore_text_of_path(struct arena *arena, const char *path)
{
	CLEANUP(buf_clear) struct buf out;
	buf_init(&out, 0);
	if (buf_add_byte(&out, '/') < 0 ||
		ignore_pattern_add_path(&out, path, strlen(path)) < 0)
		return "";
	return arena_strdup(arena, out.bytes);
}

const char *ignore_text_any_depth(struct arena *arena, const char *text)
{
	size_t len = strlen(text) - 1;
	const char *slash = memrchr(text, '/', len);
	const char *name = slash + 1;
	bool special = *name == '#' || *name == '!';
	return arena_printf(arena, "%s%s", special ? "\\" : "", name);
}
