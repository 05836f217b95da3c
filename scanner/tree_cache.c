#include "scanner/tree_cache.h"

#include "base/alloc.h"
#include "scanner/tree_parse.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 8192 /* a power of two */

struct tree_cache {
	struct objects_reader *reader;
	size_t budget;
	size_t used;
	struct tree *buckets[BUCKETS];
	struct tree by_use; /* ring: by_use.older is the newest */
};

struct tree_cache *tree_cache_new(struct objects_reader *reader, size_t budget)
{
	struct tree_cache *cache = xcalloc(1, sizeof(*cache));
	cache->reader = reader;
	cache->budget = budget;
	cache->by_use.newer = cache->by_use.older = &cache->by_use;
	return cache;
}

static struct tree **bucket_of(struct tree_cache *cache, const struct oid *oid)
{
	uint32_t hash;
	memcpy(&hash, oid->bytes, sizeof(hash));
	return &cache->buckets[hash & (BUCKETS - 1)];
}

static void unlink_use(struct tree *tree)
{
	tree->newer->older = tree->older;
	tree->older->newer = tree->newer;
}

static void link_newest(struct tree_cache *cache, struct tree *tree)
{
	tree->newer = &cache->by_use;
	tree->older = cache->by_use.older;
	tree->older->newer = tree;
	cache->by_use.older = tree;
}

static void drop(struct tree_cache *cache, struct tree *tree)
{
	struct tree **link = bucket_of(cache, &tree->oid);
	while (*link != tree)
		link = &(*link)->next;
	*link = tree->next;
	unlink_use(tree);
	cache->used -= tree->len + sizeof(*tree);
	free(tree->bytes);
	free(tree);
}

void tree_cache_free(struct tree_cache *cache)
{
	if (!cache)
		return;
	while (cache->by_use.newer != &cache->by_use)
		drop(cache, cache->by_use.newer);
	free(cache);
}

/** Drops the trees that were not used for longest, but none that is held. */
static void keep_budget(struct tree_cache *cache)
{
	struct tree *tree = cache->by_use.newer;
	while (cache->used > cache->budget && tree != &cache->by_use) {
		struct tree *next = tree->newer;
		if (!tree->held)
			drop(cache, tree);
		tree = next;
	}
}

static bool is_corrupt(const struct tree *tree)
{
	struct tree_cursor cursor;
	tree_cursor_init(&cursor, tree->bytes, tree->len);
	while (cursor.more)
		tree_cursor_next(&cursor);
	return cursor.corrupt;
}

static int read_tree(struct tree **out, struct tree_cache *cache,
	const struct oid *oid, struct err *err)
{
	struct object object = { 0 };
	if (!tree_oid_is_empty(oid)) {
		int rc = objects_read(&object, cache->reader, oid, err);
		if (rc < 0)
			return rc;
		if (object.type != OBJECT_TREE)
			return err_set(err, ERR_CORRUPT, "is no tree");
	}
	struct tree *tree = xcalloc(1, sizeof(*tree));
	tree->oid = *oid;
	tree->len = object.len;
	tree->bytes = (unsigned char *)xmemdupz(object.bytes, object.len);
	tree->corrupt = is_corrupt(tree);
	struct tree **bucket = bucket_of(cache, oid);
	tree->next = *bucket;
	*bucket = tree;
	link_newest(cache, tree);
	cache->used += tree->len + sizeof(*tree);
	*out = tree;
	return 0;
}

int tree_cache_get(struct tree **out, struct tree_cache *cache,
	const struct oid *oid, struct err *err)
{
	struct tree *tree = *bucket_of(cache, oid);
	while (tree && !oid_equal(&tree->oid, oid))
		tree = tree->next;
	if (tree) {
		unlink_use(tree);
		link_newest(cache, tree);
	} else {
		int rc = read_tree(&tree, cache, oid, err);
		if (rc < 0)
			return rc;
	}
	tree->held++;
	keep_budget(cache);
	*out = tree;
	return 0;
}

void tree_cache_put(struct tree_cache *cache, struct tree *tree)
{
	(void)cache;
	if (tree)
		tree->held--;
}
