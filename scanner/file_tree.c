#include "scanner/file_tree.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>

#define MAX_DEPTH 64

struct name_list {
	char **items;
	size_t count, capacity;
};

static void push_name(struct name_list *list, char *name)
{
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = name;
}

static size_t depth_of(const char *name)
{
	size_t depth = 0;
	for (; *name; name++)
		depth += *name == '/';
	return depth;
}

static void read_folder(struct name_list *folders, const char *root,
	const char *folder,
	void (*sink)(const char *name, const char *path, void *ctx), void *ctx)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s/%s", root, folder);
	DIR *dir = opendir(path.bytes);
	if (!dir && errno != ENOENT)
		sink(folder, path.bytes, ctx);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		CLEANUP(buf_clear) struct buf name;
		buf_init(&name, 0);
		buf_printf(&name, "%s/%s", folder, entry->d_name);
		buf_reset(&path);
		buf_printf(&path, "%s/%s", root, name.bytes);
		struct stat st;
		bool is_folder =
			lstat(path.bytes, &st) == 0 && S_ISDIR(st.st_mode);
		if (is_folder && depth_of(name.bytes) < MAX_DEPTH)
			push_name(folders, buf_steal(&name));
		else
			sink(name.bytes, path.bytes, ctx);
	}
	if (dir)
		closedir(dir);
}

void file_tree_each(const char *root, const char *folder,
	void (*sink)(const char *name, const char *path, void *ctx), void *ctx)
{
	struct name_list folders = { 0 };
	push_name(&folders, xstrdup(folder));
	while (folders.count) {
		CLEANUP(freep) char *next = folders.items[--folders.count];
		read_folder(&folders, root, next, sink, ctx);
	}
	free(folders.items);
}
