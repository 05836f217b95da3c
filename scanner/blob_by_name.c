#include "scanner/blob_by_name.h"

#include "base/alloc.h"
#include "scanner/commit_parse.h"
#include "scanner/objects/objects.h"
#include "scanner/tree_parse.h"

#include <stdlib.h>
#include <string.h>

#define MAX_OBJECT ((size_t)64 << 20) /* commits and trees on the way */
#define MAX_STEPS  1000000            /* of one ~<n> */
#define MAX_TAGS   64                 /* that name each other */
#define MIN_PREFIX 4                  /* hex digits, as in git */

struct lookup {
	struct repo *repo;
	struct objects_reader *reader;
	const char *name; /* all of it, for messages */
};

static int fail(const struct lookup *lookup, const char *why, struct err *err)
{
	return err_set(err, ERR_NOT_FOUND, "'%s': %s", lookup->name, why);
}

static int read_object(struct object *out, struct lookup *lookup,
	const struct oid *oid, struct err *err)
{
	int rc = objects_read(out, lookup->reader, oid, err);
	if (rc < 0)
		err_prefix(err, "'%s'", lookup->name);
	return rc;
}

/** Follows tags; the object is that of the reader's last call. */
static int peel_tags(struct object *object, struct lookup *lookup,
	struct oid oid, struct err *err)
{
	for (int i = 0; i < MAX_TAGS; i++) {
		int type;
		int rc = read_object(object, lookup, &oid, err);
		if (rc < 0 || object->type != OBJECT_TAG)
			return rc;
		if (!tag_parse(&oid, &type, object->bytes, object->len))
			return fail(lookup, "the tag is damaged", err);
	}
	return fail(lookup, "tags of tags without an end", err);
}

static int read_commit(struct commit_header *out, struct lookup *lookup,
	const struct oid *oid, struct err *err)
{
	struct object object;
	int rc = peel_tags(&object, lookup, *oid, err);
	if (rc < 0)
		return rc;
	if (object.type != OBJECT_COMMIT)
		return fail(lookup, "is not a commit, it has no parents", err);
	if (!commit_parse(out, object.bytes, object.len))
		return fail(lookup, "the commit is damaged", err);
	return 0;
}

/** Replaces the commit by its parent, counted from 1. */
static int go_to_parent(struct oid *oid, struct lookup *lookup,
	unsigned long number, struct err *err)
{
	struct commit_header commit;
	int rc = read_commit(&commit, lookup, oid, err);
	if (rc < 0)
		return rc;
	if (number > commit.parent_count)
		return fail(lookup, "the commit has no such parent", err);
	commit_parent(oid, &commit, number - 1);
	return 0;
}

/** One of ^ ^<n> ~ ~<n> ^{…}; moves *at behind it. */
static int apply_suffix(struct oid *oid, const char **at, struct lookup *lookup,
	struct err *err)
{
	char kind = *(*at)++;
	if (kind == '^' && **at == '{') {
		*at += strcspn(*at, "}");
		*at += **at == '}';
		return 0; /* trees and blobs peel on their own */
	}
	char *end;
	bool has_number = **at >= '0' && **at <= '9';
	unsigned long number = has_number ? strtoul(*at, &end, 10) : 1;
	if (has_number)
		*at = end;
	if (number > MAX_STEPS)
		return fail(lookup, "the number is too large", err);
	if (kind == '^')
		return number ? go_to_parent(oid, lookup, number, err) : 0;
	int rc = 0;
	for (unsigned long i = 0; i < number && rc == 0; i++)
		rc = go_to_parent(oid, lookup, 1, err);
	return rc;
}

static bool is_hex(const char *text)
{
	return strspn(text, "0123456789abcdefABCDEF") == strlen(text);
}

static int find_base(struct oid *out, const struct lookup *lookup,
	const char *base, struct err *err)
{
	size_t len = strlen(base);
	if (!strcmp(base, "@"))
		base = "HEAD";
	if (len == OID_HEX_SIZE && oid_from_hex(out, base))
		return 0;
	if (repo_find_ref(out, lookup->repo, base))
		return 0;
	if (len < MIN_PREFIX || len > OID_HEX_SIZE || !is_hex(base))
		return fail(lookup,
			"no such file, and no ref or object of that name", err);
	return repo_find_prefix(out, lookup->repo, base, err);
}

/** The object that <rev> names; its spelling has `len` bytes. */
static int find_revision(struct oid *out, struct lookup *lookup,
	const char *text, size_t len, struct err *err)
{
	CLEANUP(freep) char *base = xmemdupz(text, len);
	char *suffix = base + strcspn(base, "^~");
	CLEANUP(freep) char *suffixes = xstrdup(suffix);
	*suffix = '\0';
	int rc = find_base(out, lookup, base, err);
	const char *at = suffixes;
	while (rc == 0 && *at) {
		if (*at != '^' && *at != '~')
			return fail(lookup, "is not a revision", err);
		rc = apply_suffix(out, &at, lookup, err);
	}
	return rc;
}

/* Files of trees */

/** The tree that the object names or is; read last. */
static int open_tree(struct object *tree, struct lookup *lookup,
	const struct oid *oid, struct err *err)
{
	int rc = peel_tags(tree, lookup, *oid, err);
	if (rc == 0 && tree->type == OBJECT_COMMIT) {
		struct commit_header commit;
		if (!commit_parse(&commit, tree->bytes, tree->len))
			return fail(lookup, "the commit is damaged", err);
		rc = read_object(tree, lookup, &commit.tree, err);
	}
	if (rc == 0 && tree->type != OBJECT_TREE)
		return fail(lookup, "what stands before ':' is a file", err);
	return rc;
}

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

static int find_in_tree(struct oid *oid, struct lookup *lookup,
	const char *path, struct err *err)
{
	struct object tree;
	struct tree_entry entry;
	int rc = open_tree(&tree, lookup, oid, err);
	while (rc == 0) {
		size_t len = strcspn(path, "/");
		if (!find_entry(&entry, &tree, path, len))
			return fail(lookup, "no such path", err);
		memcpy(oid->bytes, entry.oid, OID_SIZE);
		if (mode_is_gitlink(entry.mode))
			return err_set(err, ERR_UNSUPPORTED,
				"'%s': in a submodule", lookup->name);
		path += len;
		if (!*path)
			return 0;
		path++;
		if (!mode_is_tree(entry.mode))
			return fail(lookup, "no such path", err);
		rc = open_tree(&tree, lookup, oid, err);
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

static int find_in_index(struct oid *oid, struct lookup *lookup,
	const char *path, struct err *err)
{
	struct index_search search = { .path = path, .oid = oid };
	int rc = repo_each_index_entry(
		lookup->repo, compare_entry, &search, err);
	if (rc == 0 && !search.found)
		return fail(lookup, "no such path in the index", err);
	return rc;
}

int object_by_name(struct oid *oid, struct repo *repo,
	struct objects_reader *reader, const char *name, struct err *err)
{
	struct lookup lookup = { repo, reader, name };
	const char *colon = strchr(name, ':');
	size_t len = colon ? (size_t)(colon - name) : strlen(name);
	const char *path = colon ? colon + 1 : NULL;
	while (path && !strncmp(path, "./", 2))
		path += 2;
	if (path && !len)
		return find_in_index(oid, &lookup, path, err);
	int rc = find_revision(oid, &lookup, name, len, err);
	return rc == 0 && path && *path ? find_in_tree(oid, &lookup, path, err)
					: rc;
}

static int append_blob(struct buf *out, struct oid *oid, struct lookup *lookup,
	struct err *err)
{
	static const char *const whats[] = { "", "a commit", "a folder", "",
		"a tag" };
	struct object object;
	int rc = peel_tags(&object, lookup, *oid, err);
	if (rc < 0)
		return rc;
	if (object.type != OBJECT_BLOB)
		return err_set(err, ERR_UNSUPPORTED,
			"'%s' is %s, not a file; name one: <rev>:<path>",
			lookup->name, whats[object.type]);
	*oid = object.oid;
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
	struct lookup lookup = { repo, reader, name };
	rc = object_by_name(oid, repo, reader, name, err);
	return rc < 0 ? rc : append_blob(out, oid, &lookup, err);
}
