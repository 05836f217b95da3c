#include "scanner/store.h"

#include <fnmatch.h>
#include <string.h>

static const char *folder_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? arena_memdupz(arena, path, (size_t)(slash - path))
		     : NULL;
}

static const char *up_to_component(
	struct arena *arena, const char *pattern, const char *path)
{
	for (const char *at = path; *at;) {
		size_t len = strcspn(at, "/");
		const char *name = arena_memdupz(arena, at, len);
		if (fnmatch(pattern, name, 0) == 0)
			return arena_memdupz(
				arena, path, (size_t)(at + len - path));
		at += len + (at[len] == '/');
	}
	return NULL;
}

const char *store_of(struct arena *arena, const char *store, const char *path)
{
	if (!store || !strcmp(store, "none") || !*path)
		return NULL;
	if (!strcmp(store, "directory"))
		return folder_of(arena, path);
	if (!strcmp(store, "file"))
		return arena_strdup(arena, path);
	return up_to_component(arena, store, path);
}
