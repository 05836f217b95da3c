#include "scanner/blob_by_name.h"

#include "scanner/objects/objects.h"
#include "scanner/revision.h"
#include "scanner/tree_parse.h"

#include <string.h>

#define MAX_OBJECT ((size_t)64 << 20) /* commits and trees on the way */

/* Files of trees */

static bool find_entry(struct tree_entry *out, const struct object *tree,
	const char *name, size_t len)
{
	struct tree_cursor cursor;
	tree_cursor_init(&cursor, tree->bytes, tree->len);
	for (; cursor.more; tree_cursor_next(&cursor)) {
		*out = cursor.entry;
		if (out->name_len == len && !memcmp(out->name, name, len))
			return true;
	}
	return false;
}

static int find_in_tree(struct oid *oid, struct revision_lookup *lookup,
	const char *path, struct err *err)
{
	struct object tree;
	struct tree_entry entry;
	int rc = revision_open_tree(&tree, lookup, oid, err);
	while (rc == 0) {
		size_t len = strcspn(path, "/");
		if (!find_entry(&entry, &tree, path, len))
			return revision_fail(lookup, "no such path", err);
		memcpy(oid->bytes, entry.oid, OID_SIZE);
		if (mode_is_gitlink(entry.mode))
			return err_set(err, ERR_UNSUPPORTED,
				"'%s': in a submodule", lookup->name);
		path += len;
		if (!*path)
			return 0;
		path++;
		if (!mode_is_tree(entry.mode))
			return revision_fail(lookup, "no such path", err);
		rc = revision_open_tree(&tree, lookup, oid, err);
	}
	return rc;
}

/* Files of the index */

struct index_search {
	const char *path;
	struct oid *oid;
	bool found;
};

static int compare_entry(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	struct index_search *search = ctx;
	(void)err;
	if (!search->found && !strcmp(entry->path, search->path)) {
		*search->oid = entry->oid;
		search->found = true;
	}
	return 0;
}

static int find_in_index(struct oid *oid, struct revision_lookup *lookup,
	const char *path, struct err *err)
{
	struct index_search search = { .path = path, .oid = oid };
	int rc = repo_each_index_entry(
		lookup->repo, compare_entry, &search, err);
	if (rc == 0 && !search.found)
		return revision_fail(lookup, "no such path in the index", err);
	return rc;
}

int object_by_name(
	struct oid *oid, struct revision_lookup *lookup, struct err *err)
{
	const char *colon = strchr(lookup->name, ':');
	size_t len =
		colon ? (size_t)(colon - lookup->name) : strlen(lookup->name);
	const char *path = colon ? colon + 1 : NULL;
	while (path && !strncmp(path, "./", 2))
		path += 2;
	if (path && !len)
		return find_in_index(oid, lookup, path, err);
	int rc = revision_find(oid, lookup, lookup->name, len, err);
	return rc == 0 && path && *path ? find_in_tree(oid, lookup, path, err)
					: rc;
}

static int append_blob(struct buf *out, struct oid *oid,
	struct revision_lookup *lookup, struct err *err)
{
	static const char *const whats[] = { "", "a commit", "a folder", "",
		"a tag" };
	struct object object;
	int rc = revision_peel_tags(&object, lookup, oid, err);
	if (rc < 0)
		return rc;
	if (object.type != OBJECT_BLOB)
		return err_set(err, ERR_UNSUPPORTED,
			"'%s' is %s, not a file; name one: <rev>:<path>",
			lookup->name, whats[object.type]);
	if (buf_add(out, object.bytes, object.len) < 0)
		return err_set(err, ERR_LIMIT, "'%s': larger than %zu bytes",
			lookup->name, out->limit);
	return 0;
}

int blob_by_name(struct buf *out, struct oid *oid, struct repo *repo,
	const char *name, struct err *err)
{
	CLEANUP(objects_freep) struct objects *objects = NULL;
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	const struct objects_opts opts = {
		.dirs = repo_object_dirs(repo),
		.max_object_size =
			out->limit > MAX_OBJECT ? out->limit : MAX_OBJECT,
	};
	int rc = objects_open(&objects, &opts, err);
	if (rc == 0)
		rc = objects_reader_new(&reader, objects, err);
	if (rc < 0)
		return rc;
	struct revision_lookup lookup = {
		.repo = repo,
		.reader = reader,
		.name = name,
		.unknown = "no such file, and no ref or object of that name",
	};
	rc = object_by_name(oid, &lookup, err);
	return rc < 0 ? rc : append_blob(out, oid, &lookup, err);
}
