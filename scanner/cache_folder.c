#include "scanner/cache_folder.h"

#include "base/array.h"
#include "base/folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define TEMPORARY "tmp"
#define HEX_SIZE  32

/* A scan has finished its file by then, or never will. Seconds. */
#define TEMPORARY_AGE 3600

void cache_name(char out[CACHE_NAME_SIZE], const char *kind,
	const uint8_t id[SHA256_DIGEST_SIZE])
{
	int len = snprintf(out, CACHE_NAME_SIZE, "%s-", kind);
	for (size_t i = 0; i < HEX_SIZE / 2; i++)
		len += snprintf(out + len, CACHE_NAME_SIZE - (size_t)len,
			"%02x", id[i]);
}

void cache_temporary_name(char out[CACHE_NAME_SIZE], uint64_t number)
{
	snprintf(out, CACHE_NAME_SIZE, TEMPORARY "-%032jx", (uintmax_t)number);
}

/** A file of the cache. */
struct cached {
	char name[CACHE_NAME_SIZE];
	struct timespec used;
	uint64_t size;
	bool is_temporary;
};

/** All zero is empty. */
struct cached_list {
	struct cached *items;
	size_t count, capacity;
	int folder;
};

static void cached_list_clear(struct cached_list *list)
{
	free(list->items);
}

/** Letters, a hyphen, and the digits of an id. */
static bool is_cache_name(const char *name)
{
	size_t kind = strspn(name, "abcdefghijklmnopqrstuvwxyz");
	return kind && kind < CACHE_NAME_SIZE - HEX_SIZE - 1 &&
		name[kind] == '-' && strlen(name + kind + 1) == HEX_SIZE &&
		strspn(name + kind + 1, "0123456789abcdef") == HEX_SIZE;
}

static int take(const char *name, int type, void *ctx, struct err *err)
{
	(void)err;
	struct cached_list *list = ctx;
	struct stat st;
	if (type != FOLDER_ENTRY_FILE || !is_cache_name(name) ||
		fstatat(list->folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	ARRAY_GROW(list->items, list->count, list->capacity);
	struct cached *file = &list->items[list->count++];
	*file = (struct cached){
		.used = st.st_mtim,
		.size = st.st_size > 0 ? (uint64_t)st.st_size : 0,
		.is_temporary =
			!strncmp(name, TEMPORARY "-", strlen(TEMPORARY "-")),
	};
	snprintf(file->name, sizeof(file->name), "%s", name);
	return 0;
}

static int newest_first(const void *left, const void *right)
{
	const struct cached *a = left;
	const struct cached *b = right;
	if (a->used.tv_sec != b->used.tv_sec)
		return a->used.tv_sec > b->used.tv_sec ? -1 : 1;
	if (a->used.tv_nsec != b->used.tv_nsec)
		return a->used.tv_nsec > b->used.tv_nsec ? -1 : 1;
	return strcmp(a->name, b->name);
}

static int list_folder(struct cached_list *list, int folder, struct err *err)
{
	*list = (struct cached_list){ .folder = folder };
	int rc = folder_each(folder, take, list, err);
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items),
			newest_first);
	return rc;
}

/** What a scan has left that was killed. */
static bool is_left_over(const struct cached *file)
{
	return time(NULL) - file->used.tv_sec > TEMPORARY_AGE;
}

void cache_folder_trim(int folder, const char *kept, uint64_t max_total)
{
	CLEANUP(cached_list_clear) struct cached_list list;
	struct err ignored;
	if (list_folder(&list, folder, &ignored) < 0)
		return;
	uint64_t total = 0;
	size_t count = 0;
	for (size_t i = 0; i < list.count; i++)
		if (!strcmp(list.items[i].name, kept))
			total = list.items[i].size;
	for (size_t i = 0; i < list.count; i++) {
		const struct cached *file = &list.items[i];
		if (!strcmp(file->name, kept))
			continue;
		if (file->is_temporary ? is_left_over(file)
				       : total + file->size > max_total ||
					count + 1 >= CACHE_MAX_FILES) {
			(void)unlinkat(folder, file->name, 0);
			continue;
		}
		total += file->size;
		count++;
	}
}

void cache_folder_measure(struct cache_usage *out, int folder)
{
	CLEANUP(cached_list_clear) struct cached_list list;
	struct err ignored;
	*out = (struct cache_usage){ 0 };
	if (list_folder(&list, folder, &ignored) < 0)
		return;
	out->files = list.count;
	for (size_t i = 0; i < list.count; i++)
		out->bytes += list.items[i].size;
}

int cache_folder_clear(struct cache_usage *removed, int folder, struct err *err)
{
	CLEANUP(cached_list_clear) struct cached_list list;
	*removed = (struct cache_usage){ 0 };
	int rc = list_folder(&list, folder, err);
	for (size_t i = 0; rc == 0 && i < list.count; i++) {
		const struct cached *file = &list.items[i];
		if (unlinkat(folder, file->name, 0) < 0)
			return err_errno(err, "%s", file->name);
		removed->files++;
		removed->bytes += file->size;
	}
	return rc;
}
