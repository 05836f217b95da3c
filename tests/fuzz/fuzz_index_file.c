#include "scanner/index_file.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

/** Paths end where they say, and folders know their children. */
static int take(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	const struct cache_tree *tree = ctx;
	(void)err;
	FUZZ_ASSERT(strlen(entry->path) == entry->path_len);
	size_t len = strcspn(entry->path, "/");
	const struct cache_tree_node *child = cache_tree_child(
		tree, tree->count ? tree->nodes : NULL, entry->path, len);
	FUZZ_ASSERT(!child || child->name_len == len);
	return entry->oid.bytes[0] & 3;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct err err = { 0 };
	CLEANUP(index_file_clear) struct index_file index = { 0 };
	if (index_file_parse(&index, bytes, len, &err) < 0)
		return 0;
	for (size_t i = 0; i < index.cache_tree.count; i++) {
		const struct cache_tree_node *node = &index.cache_tree.nodes[i];
		FUZZ_ASSERT((size_t)node->first_child + node->child_count <=
			index.cache_tree.count);
	}
	(void)!index_file_each(&index, take, &index.cache_tree, &err);
	return 0;
}
