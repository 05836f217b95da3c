#include "rules/settings/setting_path.h"

#include <string.h>

#define MAX_TREE_PATH 4096

const char *path_folder(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	return arena_memdupz(arena, path, slash ? (size_t)(slash - path) : 0);
}

/* Takes the last component off; false when there is none. */
static bool drop_last(char *path)
{
	if (!*path)
		return false;
	char *slash = strrchr(path, '/');
	*(slash ? slash : path) = '\0';
	return true;
}

/* Appends the components of `text` to `path`, which has room for them. */
static bool append(char *path, const char *text)
{
	while (*text) {
		size_t len = strcspn(text, "/");
		size_t end = strlen(path);
		if (len == 2 && !strncmp(text, "..", 2)) {
			if (!drop_last(path))
				return false;
		} else if (len && !(len == 1 && *text == '.')) {
			if (end)
				path[end++] = '/';
			memcpy(path + end, text, len);
			path[end + len] = '\0';
		}
		text += len;
		text += *text == '/';
	}
	return true;
}

const char *setting_tree_path(struct arena *arena,
	const struct setting_value *value, const char *folder)
{
	if (value->type != SETTING_PATH ||
		(value->base != PATH_FILE && value->base != PATH_WORKING &&
			value->base != PATH_INSTANCE))
		return NULL;
	size_t room = strlen(folder) + strlen(value->text) + 16;
	if (room > MAX_TREE_PATH)
		return NULL;
	char *path = arena_alloc(arena, room);
	bool inside = append(path, folder);
	if (inside && value->base == PATH_INSTANCE)
		inside = append(path, "instance");
	return inside && append(path, value->text) ? path : NULL;
}
