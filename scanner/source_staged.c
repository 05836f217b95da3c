#include "scanner/source_staged.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "scanner/commit_parse.h"
#include "scanner/tree_cache.h"
#include "scanner/tree_parse.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define CACHE_BYTES ((size_t)16 << 20)
#define MODE_TREE   0040000U
#define MODE_FILE   0100000U

/** A folder on the way to the entry being looked at. */
struct folder {
	size_t path_len;   /* with its slash */
	struct tree *tree; /* in HEAD; NULL: not there */
	struct tree_cursor cursor;
	const struct cache_tree_node *known; /* in the index; may be NULL */
};

struct comparison {
	const struct cache_tree *cache_tree;
	struct tree_cache *trees;
	struct folder *folders; /* [0] is the root */
	size_t count, capacity;
	struct buf path; /* of the last folder */

	struct entries *entries;
	struct changes *changes;
	struct scan_result *result;
};

static void comparison_clear(struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++)
		tree_cache_put(comparison->trees, comparison->folders[i].tree);
	free(comparison->folders);
	buf_clear(&comparison->path);
}

static void note_unread(struct comparison *comparison, const struct oid *oid,
	const char *what, int rc)
{
	struct skipped *skipped = scan_result_add_skipped(comparison->result,
		rc == ERR_NOT_FOUND ? SKIP_MISSING : SKIP_CORRUPT);
	oid_to_hex(skipped->object, oid);
	skipped->detail = what;
}

/** Opens a folder; `tree` is its id in HEAD, or NULL. */
static void push_folder(struct comparison *comparison, const struct oid *tree,
	const struct cache_tree_node *known)
{
	ARRAY_GROW(
		comparison->folders, comparison->count, comparison->capacity);
	struct folder *folder = &comparison->folders[comparison->count++];
	*folder = (struct folder){
		.path_len = comparison->path.len,
		.known = known,
	};
	if (!tree)
		return;
	struct err err;
	int rc = tree_cache_get(&folder->tree, comparison->trees, tree, &err);
	if (rc < 0)
		note_unread(comparison, tree, "tree of HEAD", rc);
	else
		tree_cursor_init(&folder->cursor, folder->tree->bytes,
			folder->tree->len);
}

/** Goes back up to a folder that the path lies in. */
static void leave_folders(struct comparison *comparison, const char *path)
{
	while (comparison->count > 1) {
		struct folder *last =
			&comparison->folders[comparison->count - 1];
		if (!strncmp(path, comparison->path.bytes, last->path_len))
			return;
		tree_cache_put(comparison->trees, last->tree);
		comparison->count--;
		comparison->path.len = last[-1].path_len;
	}
}

/** The entry of that name and kind in HEAD's folder; NULL if there is none.
 * Names are asked for in order. */
static const struct oid *find_in_head(
	struct folder *folder, const char *name, size_t len, uint32_t kind)
{
	const struct tree_entry wanted = {
		.mode = kind,
		.name = name,
		.name_len = len,
	};
	struct tree_cursor *cursor = &folder->cursor;
	int order = -1;
	while (cursor->more) {
		order = tree_entry_compare(&cursor->entry, &wanted);
		if (order >= 0)
			break;
		tree_cursor_next(cursor);
	}
	return cursor->more && order == 0
		? (const struct oid *)cursor->entry.oid
		: NULL;
}

/** True when the index knows that it has the very tree of HEAD there. */
static bool is_unchanged(
	const struct cache_tree_node *known, const struct oid *tree)
{
	return known && known->oid && known->entry_count &&
		known->entry_count <= INT_MAX && tree &&
		!memcmp(known->oid, tree->bytes, OID_SIZE);
}

/** An entry of the index. Returns how many of those behind it HEAD has too. */
static int take_entry(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	(void)err;
	struct comparison *comparison = ctx;
	leave_folders(comparison, entry->path);
	for (;;) {
		struct folder *folder =
			&comparison->folders[comparison->count - 1];
		const char *name = entry->path + folder->path_len;
		const char *slash = strchr(name, '/');
		size_t len = slash ? (size_t)(slash - name) : strlen(name);
		const struct oid *old = find_in_head(
			folder, name, len, slash ? MODE_TREE : MODE_FILE);
		if (!slash) {
			if (!old || !oid_equal(old, &entry->oid))
				entries_add_tracked(comparison->entries, entry,
					PLACE_STAGED, comparison->changes,
					comparison->result);
			return 0;
		}
		const struct cache_tree_node *known = cache_tree_child(
			comparison->cache_tree, folder->known, name, len);
		if (is_unchanged(known, old))
			return (int)(known->entry_count - 1);
		buf_add(&comparison->path, name, len + 1);
		push_folder(comparison, old, known);
	}
}

/** The tree of HEAD; false for an unborn branch, or one that cannot be read. */
static bool head_tree(struct oid *out, struct comparison *comparison,
	struct objects_reader *reader, const struct repo *repo)
{
	struct oid head;
	struct object object;
	struct commit_header header;
	struct err err;
	if (!repo_head(&head, repo))
		return false;
	int rc = objects_read(&object, reader, &head, &err);
	if (rc == 0 &&
		(object.type != OBJECT_COMMIT ||
			!commit_parse(&header, object.bytes, object.len)))
		rc = ERR_CORRUPT;
	if (rc == 0)
		*out = header.tree;
	else
		note_unread(comparison, &head, "commit of HEAD", rc);
	return rc == 0;
}

/** Compares with what index_file read; where it could not, with what libgit2
 * reads, which knows no cache-tree. */
static int compare(struct comparison *comparison, struct repo *repo,
	const struct index_file *index, const struct oid *tree, struct err *err)
{
	const struct cache_tree_node *root =
		index ? index->cache_tree.nodes : NULL;
	if (is_unchanged(root, tree))
		return 0;
	if (index)
		comparison->cache_tree = &index->cache_tree;
	push_folder(comparison, tree, root);
	if (index)
		return index_file_each(index, take_entry, comparison, err);
	return repo_each_index_entry(repo, take_entry, comparison, err);
}

static int add_staged(struct comparison *comparison, struct repo *repo,
	struct objects_reader *reader, struct err *err)
{
	CLEANUP(freep) char *path = repo_index_path(repo);
	if (!path)
		return 0;
	struct oid tree;
	bool has_tree = head_tree(&tree, comparison, reader, repo);
	CLEANUP(index_file_clear) struct index_file index;
	struct err unread;
	bool whole = index_file_open(&index, path, &unread) == 0;
	int rc = compare(comparison, repo, whole ? &index : NULL,
		has_tree ? &tree : NULL, err);
	if (rc != ERR_UNSUPPORTED && rc != ERR_CORRUPT)
		return rc;
	struct skipped *skipped =
		scan_result_add_skipped(comparison->result, SKIP_UNSUPPORTED);
	skipped->detail = arena_strdup(&comparison->result->arena, err->msg);
	return 0;
}

int entries_add_staged(struct entries *entries, struct repo *repo,
	const struct objects *objects, struct changes *changes,
	struct scan_result *result, struct err *err)
{
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	int rc = objects_reader_new(&reader, objects, err);
	if (rc < 0)
		return rc;
	CLEANUP(tree_cache_freep)
	struct tree_cache *trees = tree_cache_new(reader, CACHE_BYTES);
	struct comparison comparison = {
		.trees = trees,
		.entries = entries,
		.changes = changes,
		.result = result,
	};
	buf_init(&comparison.path, 0);
	rc = add_staged(&comparison, repo, reader, err);
	comparison_clear(&comparison);
	return rc;
}
