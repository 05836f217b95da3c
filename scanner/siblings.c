#include "scanner/siblings.h"

#include "base/buf.h"
#include "scanner/tree_cache.h"
#include "scanner/tree_parse.h"

#include <string.h>

#define CACHE_BYTES ((size_t)16 << 20)
#define MAX_LOOKUPS 100000 /* in trees; beyond it a rule may say too much */

/** Adds the names beside the path to `wanted`. */
static void want_beside(struct path_table *wanted,
	const struct path_entry *path, const char *const *names)
{
	const char *slash = strrchr(path->text, '/');
	size_t folder = slash ? (size_t)(slash + 1 - path->text) : 0;
	CLEANUP(buf_clear) struct buf sibling;
	buf_init(&sibling, 0);
	for (; *names; names++) {
		buf_reset(&sibling);
		buf_add(&sibling, path->text, folder);
		buf_add_text(&sibling, *names);
		path_table_add(wanted, sibling.bytes, sibling.len);
	}
}

static void collect(struct path_table *wanted, const struct path_table *paths,
	const struct sibling_search *search)
{
	const struct path_rules *rules = search->path_rules;
	uint32_t last = PATH_NONE; /* entries are sorted by path */
	for (size_t i = 0; i < search->entries->count; i++) {
		uint32_t path = search->entries->items[i].path;
		if (path == last)
			continue;
		last = path;
		for (size_t r = rules->start[path]; r < rules->start[path + 1];
			r++) {
			const struct rule *rule =
				ruleset_get(search->rules, rules->rules[r]);
			if (rule->except_siblings)
				want_beside(wanted, &paths->entries[path],
					rule->except_siblings);
		}
	}
}

struct asked {
	const struct path_table *wanted;
	struct path_table *paths;
};

static int take_tracked(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	(void)err;
	const struct asked *asked = ctx;
	if (path_table_find(asked->wanted, entry->path, entry->path_len) !=
		PATH_NONE)
		path_table_add(asked->paths, entry->path, entry->path_len);
	return 0;
}

static bool find_name(struct oid *oid, uint32_t *mode, const struct tree *tree,
	const char *name, size_t len)
{
	struct tree_cursor cursor;
	tree_cursor_init(&cursor, tree->bytes, tree->len);
	for (; cursor.more; tree_cursor_next(&cursor)) {
		if (cursor.entry.name_len != len ||
			memcmp(cursor.entry.name, name, len) != 0)
			continue;
		memcpy(oid->bytes, cursor.entry.oid, OID_SIZE);
		*mode = cursor.entry.mode;
		return true;
	}
	return false;
}

/** True when the tree has a file at the path. */
static bool has_path(
	struct tree_cache *trees, const struct oid *root, const char *path)
{
	struct oid oid = *root;
	for (;;) {
		struct tree *tree;
		struct err unread;
		if (tree_cache_get(&tree, trees, &oid, &unread) < 0)
			return false;
		size_t len = strcspn(path, "/");
		uint32_t mode;
		bool found = find_name(&oid, &mode, tree, path, len);
		tree_cache_put(trees, tree);
		if (!found || !path[len])
			return found && !mode_is_tree(mode);
		if (!mode_is_tree(mode))
			return false;
		path += len + 1;
	}
}

static int ask_trees(const struct asked *asked,
	const struct sibling_search *search, struct err *err)
{
	const struct history *history = search->history;
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	int rc = objects_reader_new(&reader, search->objects, err);
	if (rc < 0)
		return rc;
	CLEANUP(tree_cache_freep)
	struct tree_cache *trees = tree_cache_new(reader, CACHE_BYTES);
	size_t left = MAX_LOOKUPS;
	for (size_t t = 0; t < history->tip_count; t++) {
		const struct history_commit *commit =
			&history->commits[history->tips[t].commit];
		for (uint32_t i = 0; i < asked->wanted->count && left; i++) {
			const struct path_entry *path =
				&asked->wanted->entries[i];
			left--;
			if (!commit->is_blob &&
				has_path(trees, &commit->tree, path->text))
				path_table_add(
					asked->paths, path->text, path->len);
		}
	}
	return 0;
}

int siblings_add(struct path_table *paths, const struct sibling_search *search,
	struct err *err)
{
	CLEANUP(path_table_clear) struct path_table wanted = { 0 };
	collect(&wanted, paths, search);
	if (!wanted.count)
		return 0;
	struct asked asked = { &wanted, paths };
	int rc = repo_each_index_entry(search->repo, take_tracked, &asked, err);
	if (rc < 0 && rc != ERR_UNSUPPORTED && rc != ERR_CORRUPT)
		return rc;
	return search->history->tip_count ? ask_trees(&asked, search, err) : 0;
}
