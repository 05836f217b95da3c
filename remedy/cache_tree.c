#include "remedy/cache_tree.h"

#include "base/array.h"
#include "scanner/oid.h"

#include <stdlib.h>
#include <string.h>

/* A folder whose subfolders are being read. */
struct level {
	size_t path_len; /* of the folder */
	long left;       /* subfolders to come */
};

struct walk {
	const char *at, *end;
	struct buf path;
	struct level *levels;
	size_t depth, capacity;
};

static void walk_clear(struct walk *walk)
{
	free(walk->levels);
	buf_clear(&walk->path);
}

/* Moves *at behind a number and the byte that ends it. */
static bool read_number(long *out, struct walk *walk, char stop)
{
	bool negative = walk->at < walk->end && *walk->at == '-';
	walk->at += negative;
	const char *start = walk->at;
	*out = 0;
	while (walk->at < walk->end && *walk->at >= '0' && *walk->at <= '9' &&
		*out < 100000000)
		*out = *out * 10 + (*walk->at++ - '0');
	if (walk->at == start || walk->at == walk->end || *walk->at != stop)
		return false;
	walk->at++;
	*out = negative ? -*out : *out;
	return true;
}

static void add_component(struct walk *walk, const char *name)
{
	walk->path.len = 0;
	if (walk->depth)
		walk->path.len = walk->levels[walk->depth - 1].path_len;
	if (walk->path.len)
		buf_add_byte(&walk->path, '/');
	buf_add_text(&walk->path, name);
}

/* One folder: "name NUL count SP subfolders LF", and an id if count >= 0. */
static bool copy_folder(
	struct buf *out, struct walk *walk, const struct path_table *changed)
{
	const char *name = walk->at;
	const char *nul = memchr(name, '\0', (size_t)(walk->end - name));
	long count;
	long folders;
	if (!nul)
		return false;
	walk->at = nul + 1;
	if (!read_number(&count, walk, ' ') ||
		!read_number(&folders, walk, '\n') || folders < 0)
		return false;
	const char *oid = walk->at;
	if (count >= 0 && walk->end - oid < OID_SIZE)
		return false;
	walk->at += count >= 0 ? OID_SIZE : 0;
	add_component(walk, name);
	uint32_t number =
		path_table_find(changed, walk->path.bytes, walk->path.len);
	if (number != PATH_NONE)
		count = -1;
	buf_add(out, name, strlen(name) + 1);
	buf_printf(out, "%ld %ld\n", count, folders);
	if (count >= 0)
		buf_add(out, oid, OID_SIZE);
	ARRAY_GROW(walk->levels, walk->depth, walk->capacity);
	walk->levels[walk->depth++] = (struct level){ walk->path.len, folders };
	return true;
}

bool cache_tree_invalidate(struct buf *out, const unsigned char *bytes,
	size_t len, const struct path_table *changed)
{
	size_t start = out->len;
	CLEANUP(walk_clear)
	struct walk walk = {
		.at = (const char *)bytes,
		.end = (const char *)bytes + len,
	};
	buf_init(&walk.path, 0);
	bool good = copy_folder(out, &walk, changed);
	while (good && walk.depth) {
		struct level *level = &walk.levels[walk.depth - 1];
		if (level->left-- > 0)
			good = copy_folder(out, &walk, changed);
		else
			walk.depth--;
	}
	good = good && walk.at == walk.end;
	if (!good)
		out->len = start;
	return good;
}
