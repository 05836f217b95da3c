#include "scanner/unreadable.h"

#include "base/alloc.h"
#include "base/array.h"

#include <stdlib.h>
#include <string.h>

struct unreadable_tree {
	struct oid oid;
	int reason; /* enum skip_reason */
	char *path;
};

void unreadable_clear(struct unreadable *unreadable)
{
	for (uint32_t i = 0; i < unreadable->keys.count; i++)
		free(unreadable->items[i].path);
	free(unreadable->items);
	oid_map_clear(&unreadable->keys);
	*unreadable = (struct unreadable){ 0 };
}

static void add(struct unreadable *unreadable, const struct oid *oid,
	int reason, const char *path)
{
	struct oid key = *oid;
	key.bytes[OID_SIZE - 1] ^= (unsigned char)reason;
	bool is_new;
	uint32_t number = oid_map_add(&unreadable->keys, &key, &is_new);
	if (is_new) {
		ARRAY_GROW(unreadable->items, number, unreadable->capacity);
		unreadable->items[number] = (struct unreadable_tree){
			.oid = *oid,
			.reason = reason,
			.path = xstrdup(path),
		};
		return;
	}
	struct unreadable_tree *known = &unreadable->items[number];
	if (strcmp(path, known->path) < 0) {
		free(known->path);
		known->path = xstrdup(path);
	}
}

int unreadable_add(struct unreadable *unreadable, const struct oid *tree,
	const char *path, int rc)
{
	int reason;
	if (rc == ERR_NOT_FOUND)
		reason = SKIP_MISSING;
	else if (rc == ERR_CORRUPT)
		reason = SKIP_CORRUPT;
	else if (rc == ERR_LIMIT)
		reason = SKIP_LIMIT;
	else
		return rc;
	add(unreadable, tree, reason, path);
	return 0;
}

void unreadable_unite(
	struct unreadable *unreadable, const struct unreadable *other)
{
	for (uint32_t i = 0; i < other->keys.count; i++) {
		const struct unreadable_tree *tree = &other->items[i];
		add(unreadable, &tree->oid, tree->reason, tree->path);
	}
}

void unreadable_tell(
	const struct unreadable *unreadable, struct scan_result *result)
{
	for (uint32_t i = 0; i < unreadable->keys.count; i++) {
		const struct unreadable_tree *tree = &unreadable->items[i];
		struct skipped *skipped =
			scan_result_add_skipped(result, tree->reason);
		oid_to_hex(skipped->object, &tree->oid);
		skipped->detail = tree->reason == SKIP_LIMIT
			? "too many, too deep or too long paths in one commit"
			: "tree";
		if (*tree->path)
			skipped->path =
				arena_strdup(&result->arena, tree->path);
	}
}
