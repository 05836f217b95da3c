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
	struct arena *arena, const char *name, const char *path)
{
	for (const char *at = path; *at;) {
		size_t len = strcspn(at, "/");
		char *component = arena_memdupz(arena, at, len);
		if (fnmatch(name, component, 0) == 0)
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
