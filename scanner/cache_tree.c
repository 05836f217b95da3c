#include "scanner/cache_tree.h"

#include "base/array.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 4096 /* twice what git allows a tree */

/* The least bytes of a folder: a name, its NUL, "-1 0" and a newline. */
#define MIN_NODE 7

struct reader {
	struct cache_tree *tree;
	const unsigned char *at, *end;
};

/** Nodes of one folder that are still to be read. */
struct pending {
	size_t next, end;
};

/** A decimal number up to `stop`, which is passed over. -1 is allowed. */
static bool read_number(struct reader *reader, int64_t *out, unsigned char stop)
{
	bool negative = reader->at < reader->end && *reader->at == '-';
	reader->at += negative;
	const unsigned char *first = reader->at;
	int64_t number = 0;
	while (reader->at < reader->end && *reader->at >= '0' &&
		*reader->at <= '9' && number <= UINT32_MAX)
		number = number * 10 + (*reader->at++ - '0');
	if (reader->at == first || reader->at == reader->end ||
		*reader->at != stop || number > UINT32_MAX)
		return false;
	reader->at++;
	*out = negative ? -number : number;
	return true;
}

/** Room for the folder's children, side by side. */
static bool add_children(struct reader *reader, size_t number, int64_t count)
{
	struct cache_tree *tree = reader->tree;
	size_t left = (size_t)(reader->end - reader->at);
	if (count < 0 || (uint64_t)count > left / MIN_NODE ||
		tree->count + (size_t)count > UINT32_MAX)
		return false;
	tree->nodes[number].first_child = (uint32_t)tree->count;
	tree->nodes[number].child_count = (uint32_t)count;
	for (int64_t i = 0; i < count; i++) {
		ARRAY_GROW(tree->nodes, tree->count, tree->capacity);
		tree->nodes[tree->count++] = (struct cache_tree_node){ 0 };
	}
	return true;
}

static bool read_node(struct reader *reader, size_t number)
{
	size_t left = (size_t)(reader->end - reader->at);
	const unsigned char *nul = left ? memchr(reader->at, 0, left) : NULL;
	if (!nul)
		return false;
	struct cache_tree_node node = {
		.name = (const char *)reader->at,
		.name_len = (size_t)(nul - reader->at),
	};
	int64_t entries;
	int64_t children;
	reader->at = nul + 1;
	if (!read_number(reader, &entries, ' ') ||
		!read_number(reader, &children, '\n'))
		return false;
	if (entries >= 0) {
		if (reader->end - reader->at < OID_SIZE)
			return false;
		node.oid = reader->at;
		node.entry_count = (uint32_t)entries;
		reader->at += OID_SIZE;
	}
	reader->tree->nodes[number] = node;
	return add_children(reader, number, children);
}

/** Reads the nodes, which stand in order of a walk down: folder first. */
static bool read_nodes(struct reader *reader)
{
	struct pending *stack = NULL;
	size_t depth = 0;
	size_t capacity = 0;
	struct cache_tree *tree = reader->tree;
	ARRAY_GROW(tree->nodes, tree->count, tree->capacity);
	tree->count = 1;
	size_t number = 0;
	bool ok = read_node(reader, 0);
	for (;;) {
		const struct cache_tree_node *node = &tree->nodes[number];
		if (!ok || depth == MAX_DEPTH)
			break;
		ARRAY_GROW(stack, depth, capacity);
		stack[depth++] = (struct pending){ node->first_child,
			(size_t)node->first_child + node->child_count };
		while (depth && stack[depth - 1].next == stack[depth - 1].end)
			depth--;
		if (!depth)
			break;
		number = stack[depth - 1].next++;
		ok = read_node(reader, number);
	}
	free(stack);
	return ok && !depth;
}

bool cache_tree_parse(
	struct cache_tree *out, const unsigned char *bytes, size_t len)
{
	*out = (struct cache_tree){ 0 };
	struct reader reader = { out, bytes, bytes + len };
	if (read_nodes(&reader))
		return true;
	cache_tree_clear(out);
	return false;
}

void cache_tree_clear(struct cache_tree *tree)
{
	free(tree->nodes);
	*tree = (struct cache_tree){ 0 };
}

/** The order of git's cache-tree.c: short names first. */
static int compare_name(
	const struct cache_tree_node *node, const char *name, size_t len)
{
	if (node->name_len != len)
		return node->name_len < len ? -1 : 1;
	return memcmp(node->name, name, len);
}

const struct cache_tree_node *cache_tree_child(const struct cache_tree *tree,
	const struct cache_tree_node *parent, const char *name, size_t len)
{
	if (!parent)
		return NULL;
	size_t low = parent->first_child;
	size_t high = low + parent->child_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare_name(&tree->nodes[middle], name, len);
		if (order == 0)
			return &tree->nodes[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}
