/*
 * Loose refs that hold neither an object id nor the name of another ref.
 * libgit2's iterator passes over them without a word; a scan that did the same
 * would call a branch clean that it never saw.
 */
#include "base/alloc.h"
#include "base/array.h"
#include "base/file.h"
#include "scanner/repo.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
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

static bool holds_a_ref(const char *path)
{
	struct buf text;
	struct err ignored;
	struct oid oid;
	buf_init(&text, 4096);
	bool good = file_read(&text, path, 0, &ignored) == 0 &&
		(!strncmp(text.len ? text.bytes : "", "ref: ", 5) ||
			(text.len >= OID_HEX_SIZE &&
				oid_from_hex(&oid, text.bytes)));
	buf_clear(&text);
	return good;
}

static size_t depth_of(const char *name)
{
	size_t depth = 0;
	for (; *name; name++)
		depth += *name == '/';
	return depth;
}

/** Looks at what lies in one folder below refs/. */
static void read_folder(struct name_list *folders, const char *git_dir,
	const char *folder, void (*sink)(const char *name, void *ctx),
	void *ctx)
{
	struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s%s", git_dir, folder);
	DIR *dir = opendir(path.bytes);
	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		struct buf name;
		buf_init(&name, 0);
		buf_printf(&name, "%s/%s", folder, entry->d_name);
		buf_reset(&path);
		buf_printf(&path, "%s%s", git_dir, name.bytes);
		struct stat st;
		size_t len = strlen(entry->d_name);
		bool lock =
			len > 5 && !strcmp(entry->d_name + len - 5, ".lock");
		if (lstat(path.bytes, &st) == 0 && S_ISDIR(st.st_mode) &&
			depth_of(name.bytes) < MAX_DEPTH) {
			push_name(folders, buf_steal(&name));
			continue;
		}
		if (!lock && !holds_a_ref(path.bytes))
			sink(name.bytes, ctx);
		buf_clear(&name);
	}
	if (dir)
		closedir(dir);
	buf_clear(&path);
}

void repo_broken_refs(const char *common_dir,
	void (*sink)(const char *name, void *ctx), void *ctx)
{
	struct name_list folders = { 0 };
	push_name(&folders, xstrdup("refs"));
	while (folders.count) {
		char *folder = folders.items[--folders.count];
		read_folder(&folders, common_dir, folder, sink, ctx);
		free(folder);
	}
	free(folders.items);
}
