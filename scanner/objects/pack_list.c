#include "scanner/objects/pack_list.h"

#include "base/array.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

void pack_list_clear(struct pack_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		pack_free(list->packs[i]);
	for (size_t i = 0; i < list->foreign_count; i++)
		free(list->foreign[i]);
	free(list->packs);
	free(list->foreign);
	*list = (struct pack_list){ 0 };
}

static void closedirp(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static bool has_suffix(const char *name, const char *suffix)
{
	size_t len = strlen(name);
	size_t suffix_len = strlen(suffix);
	return len > suffix_len && !strcmp(name + len - suffix_len, suffix);
}

/* The same path but for its last letters, ".idx" against ".pack". */
static bool is_pack_of(const struct pack *pack, const char *index_path)
{
	size_t stem = strlen(index_path) - strlen("idx");
	return !strncmp(pack->path, index_path, stem) &&
		!strcmp(pack->path + stem, "pack");
}

static bool has_pack(const struct pack_list *list, const char *index_path)
{
	for (size_t i = 0; list && i < list->count; i++) {
		if (is_pack_of(list->packs[i], index_path))
			return true;
	}
	for (size_t i = 0; list && i < list->foreign_count; i++) {
		if (!strcmp(list->foreign[i], index_path))
			return true;
	}
	return false;
}

static void add_foreign(struct pack_list *list, const char *index_path)
{
	ARRAY_GROW(list->foreign, list->foreign_count, list->foreign_capacity);
	list->foreign[list->foreign_count++] = xstrdup(index_path);
}

static void add_pack(
	struct pack_list *list, const char *index_path, bool as_foreign)
{
	struct err err = { 0 };
	struct pack *pack = NULL;
	if (as_foreign) {
		add_foreign(list, index_path);
		return;
	}
	int rc = pack_open(&pack, index_path, &err);
	if (rc == 0) {
		ARRAY_GROW(list->packs, list->count, list->capacity);
		list->packs[list->count++] = pack;
		return;
	}
	if (rc == ERR_UNSUPPORTED)
		add_foreign(list, index_path);
	if (rc != ERR_NOT_FOUND && !list->broken.code)
		list->broken = err;
}

static int by_count_and_path(const void *a, const void *b)
{
	const struct pack *left = *(struct pack *const *)a;
	const struct pack *right = *(struct pack *const *)b;
	if (left->index.count != right->index.count)
		return left->index.count > right->index.count ? -1 : 1;
	return strcmp(left->path, right->path);
}

int pack_list_scan(struct pack_list *list, const struct pack_list *known,
	const char *folder, bool as_foreign, struct err *err)
{
	char path[PATH_MAX];
	snprintf(path, sizeof(path), "%s/pack", folder);
	CLEANUP(closedirp) DIR *dir = opendir(path);
	if (!dir && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (!dir)
		return err_errno(err, "%s", path);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		if (!has_suffix(entry->d_name, ".idx"))
			continue;
		int len = snprintf(path, sizeof(path), "%s/pack/%s", folder,
			entry->d_name);
		if (len < 0 || (size_t)len >= sizeof(path))
			return err_set(err, ERR_LIMIT, "%s/pack: path too long",
				folder);
		if (!has_pack(list, path) && !has_pack(known, path))
			add_pack(list, path, as_foreign);
	}
	if (list->count)
		qsort(list->packs, list->count, sizeof(list->packs[0]),
			by_count_and_path);
	return 0;
}
