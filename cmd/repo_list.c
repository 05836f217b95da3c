#include "cmd/repo_list.h"

#include "base/array.h"
#include "base/file.h"
#include "scanner/fingerprint.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_LIST  ((size_t)256 << 20)
#define MAX_ITEMS 1000000

/* What starting takes, in bytes of packs that are scanned in that time. */
#define EMPTY_WEIGHT ((uint64_t)1 << 20)

void repo_list_clear(struct repo_list *list)
{
	buf_clear(&list->text);
	free(list->items);
	*list = (struct repo_list){ 0 };
}

static int add_item(struct repo_list *list, const char *path, struct err *err)
{
	if (!*path)
		return 0;
	if (list->count == MAX_ITEMS)
		return err_set(err, ERR_LIMIT,
			"more than %d repositories in one list", MAX_ITEMS);
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] = (struct repo_item){ .path = path };
	return 0;
}

/** Ends each path with a NUL, in place. */
static int cut(struct repo_list *list, char end, struct err *err)
{
	char *at = list->text.bytes;
	char *limit = at + list->text.len; /* a NUL stands there */
	int rc = 0;
	while (rc == 0 && at < limit) {
		char *next = memchr(at, end, (size_t)(limit - at));
		if (!next)
			next = limit;
		if (memchr(at, '\0', (size_t)(next - at)))
			return err_set(err, ERR_PARSE,
				"a path with a NUL in it: -z reads a list of "
				"such ends");
		*next = '\0';
		rc = add_item(list, at, err);
		at = next + 1;
	}
	return rc;
}

int repo_list_read(struct repo_list *out, const char *file, bool nul_ended,
	struct err *err)
{
	*out = (struct repo_list){ 0 };
	buf_init(&out->text, MAX_LIST);
	bool is_stdin = !strcmp(file, "-");
	int rc = is_stdin
		? file_read_fd(&out->text, STDIN_FILENO, "standard input", err)
		: file_read(&out->text, file, FILE_FOLLOW, err);
	if (rc == 0 && out->text.len)
		rc = cut(out, nul_ended ? '\0' : '\n', err);
	if (rc == 0 && !out->count)
		rc = err_set(err, ERR_PARSE, "%s: no repository in the list",
			is_stdin ? "standard input" : file);
	return rc;
}

static void closedirp(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

/** Bytes of the packs in a .git folder; false when it has no such folder. */
static bool weigh_packs(uint64_t *bytes, const char *top, const char *git)
{
	CLEANUP(buf_clear) struct buf path;
	buf_init(&path, 0);
	buf_printf(&path, "%s%s/objects/pack", top, git);
	CLEANUP(closedirp) DIR *folder = opendir(path.bytes);
	if (!folder)
		return false;
	const struct dirent *entry;
	while ((entry = readdir(folder))) {
		const char *end = strrchr(entry->d_name, '.');
		struct stat st;
		if (end && !strcmp(end, ".pack") &&
			fstatat(dirfd(folder), entry->d_name, &st,
				AT_SYMLINK_NOFOLLOW) == 0 &&
			S_ISREG(st.st_mode))
			*bytes += (uint64_t)st.st_size;
	}
	return true;
}

void repo_list_weigh(struct repo_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		struct repo_item *item = &list->items[i];
		item->weight = EMPTY_WEIGHT;
		if (!weigh_packs(&item->weight, item->path, "/.git"))
			(void)weigh_packs(&item->weight, item->path, "");
	}
}

/** How much a shard has. */
struct load {
	uint64_t weight;
	uint32_t shard;
};

static bool is_less(const struct load *a, const struct load *b)
{
	if (a->weight != b->weight)
		return a->weight < b->weight;
	return a->shard < b->shard;
}

/** Moves the first of a heap, which has become heavier, to its place. */
static void sift(struct load *heap, size_t count)
{
	size_t at = 0;
	for (;;) {
		size_t least = at;
		for (size_t k = 2 * at + 1; k <= 2 * at + 2 && k < count; k++)
			if (is_less(&heap[k], &heap[least]))
				least = k;
		if (least == at)
			return;
		struct load moved = heap[at];
		heap[at] = heap[least];
		heap[least] = moved;
		at = least;
	}
}

static int compare_items(const void *left, const void *right)
{
	const struct repo_item *a = *(struct repo_item *const *)left;
	const struct repo_item *b = *(struct repo_item *const *)right;
	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return (a > b) - (a < b);
}

void repo_list_split(struct repo_list *list, uint32_t count)
{
	CLEANUP(freep) struct load *heap = xcalloc(count, sizeof(*heap));
	CLEANUP(freep)
	struct repo_item **order = xcalloc(list->count, sizeof(*order));
	for (uint32_t i = 0; i < count; i++)
		heap[i].shard = i + 1;
	for (size_t i = 0; i < list->count; i++)
		order[i] = &list->items[i];
	qsort(order, list->count, sizeof(struct repo_item *), compare_items);
	for (size_t i = 0; i < list->count; i++) {
		order[i]->shard = heap[0].shard;
		heap[0].weight += order[i]->weight;
		sift(heap, count);
	}
}

void repo_list_digest(char out[65], const struct repo_list *list)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < list->count; i++) {
		const struct repo_item *item = &list->items[i];
		buf_add(&text, item->path, strlen(item->path) + 1);
		buf_printf(&text, "%" PRIu64 "\n", item->weight);
	}
	text_digest(out, text.bytes, text.len);
}
