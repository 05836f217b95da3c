#include "remedy/tracked_files.h"

#include "base/array.h"
#include "remedy/ignore_rules.h"
#include "scanner/commit_parse.h"
#include "scanner/objects/objects.h"
#include "scanner/tree_diff.h"

#include <stdlib.h>
#include <string.h>

#define MAX_OBJECT_SIZE ((size_t)256 << 20)
#define CACHE_BYTES     ((size_t)16 << 20)
#define NAME            ".gitignore"

/** A .gitignore whose content is still to be read. */
struct wanted {
	const char *path;
	struct oid oid;
};

struct finder {
	struct tracked_files *out;
	struct wanted *wanted;
	size_t count, capacity;
	bool all; /* there is no worktree to read any from */
};

static void finder_clear(struct finder *finder)
{
	free(finder->wanted);
}

void tracked_files_clear(struct tracked_files *files)
{
	free(files->paths);
	free(files->ignores);
	arena_clear(&files->arena);
	*files = (struct tracked_files){ 0 };
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool tracked_files_has(const struct tracked_files *files, const char *path)
{
	return files->count &&
		bsearch(&path, files->paths, files->count,
			sizeof(*files->paths), compare_paths);
}

const struct stored_ignore *tracked_files_ignore(
	const struct tracked_files *files, const char *dir)
{
	for (size_t i = 0; files && i < files->ignore_count; i++)
		if (!strcmp(files->ignores[i].dir, dir))
			return &files->ignores[i];
	return NULL;
}

static bool is_gitignore(const char *path)
{
	const char *slash = strrchr(path, '/');
	return !strcmp(slash ? slash + 1 : path, NAME);
}

static void take_path(struct finder *finder, const char *path, size_t len,
	const struct oid *gitignore)
{
	struct tracked_files *out = finder->out;
	ARRAY_GROW(out->paths, out->count, out->capacity);
	const char *copy = arena_memdupz(&out->arena, path, len);
	out->paths[out->count++] = copy;
	if (!gitignore || !is_gitignore(copy))
		return;
	ARRAY_GROW(finder->wanted, finder->count, finder->capacity);
	finder->wanted[finder->count++] = (struct wanted){ copy, *gitignore };
}

static int take_entry(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	(void)err;
	take_path(ctx, entry->path, entry->path_len,
		entry->skip_worktree ? &entry->oid : NULL);
	return 0;
}

static int take_file(
	const struct tree_change *change, void *ctx, struct err *err)
{
	(void)err;
	struct oid oid;
	memcpy(oid.bytes, change->now->oid, OID_SIZE);
	take_path(ctx, change->path, change->path_len, &oid);
	return 0;
}

static int refuse_tree(const struct oid *tree, const char *path, int rc,
	void *ctx, struct err *err)
{
	(void)ctx;
	char hex[OID_HEX_SIZE + 1];
	oid_to_hex(hex, tree);
	return err_set(err, rc, "the tree %s of HEAD ('%s') cannot be read",
		hex, path);
}

/* Against no parent every file of a tree is a change. */
static int list_tree(struct finder *finder, struct objects_reader *reader,
	const struct oid *tree, struct err *err)
{
	struct tree_cache *cache = tree_cache_new(reader, CACHE_BYTES);
	CLEANUP(tree_diff_freep)
	struct tree_diff *diff = tree_diff_new(cache);
	const struct tree_diff_sink sink = {
		.change = take_file,
		.unreadable = refuse_tree,
		.ctx = finder,
	};
	int rc = tree_diff_run(diff, tree, NULL, 0, &sink, err);
	tree_cache_free(cache);
	return rc;
}

static int list_head(struct finder *finder, const struct repo *repo,
	struct objects_reader *reader, struct err *err)
{
	struct oid oid;
	struct object commit;
	struct commit_header header;
	if (!repo_head(&oid, repo))
		return err_set(err, ERR_NOT_FOUND, "HEAD names no commit");
	int rc = objects_read(&commit, reader, &oid, err);
	if (rc < 0)
		return rc;
	if (commit.type != OBJECT_COMMIT ||
		!commit_parse(&header, commit.bytes, commit.len))
		return err_set(err, ERR_CORRUPT, "HEAD names no commit");
	return list_tree(finder, reader, &header.tree, err);
}

/* What disk has is read from there; so does git. */
static int read_ignore(struct tracked_files *out, const struct wanted *wanted,
	struct objects_reader *reader, struct err *err)
{
	struct object blob;
	int rc = objects_read(&blob, reader, &wanted->oid, err);
	if (rc < 0)
		return err_prefix(err, "%s", wanted->path);
	if (blob.len > IGNORE_FILE_MAX)
		return err_set(err, ERR_LIMIT, "%s is larger than %zu bytes",
			wanted->path, IGNORE_FILE_MAX);
	size_t len = strlen(wanted->path) - strlen(NAME);
	ARRAY_GROW(out->ignores, out->ignore_count, out->ignore_capacity);
	out->ignores[out->ignore_count++] = (struct stored_ignore){
		.dir = arena_memdupz(
			&out->arena, wanted->path, len ? len - 1 : 0),
		.bytes = arena_memdupz(
			&out->arena, (const char *)blob.bytes, blob.len),
		.len = blob.len,
	};
	return 0;
}

static void sort_paths(struct tracked_files *files)
{
	if (!files->count)
		return;
	qsort(files->paths, files->count, sizeof(*files->paths), compare_paths);
	size_t kept = 0;
	for (size_t i = 1; i < files->count; i++)
		if (strcmp(files->paths[kept], files->paths[i]) != 0)
			files->paths[++kept] = files->paths[i];
	files->count = kept + 1;
}

int tracked_files_find(
	struct tracked_files *out, struct repo *repo, struct err *err)
{
	*out = (struct tracked_files){ 0 };
	CLEANUP(finder_clear)
	struct finder finder = { .out = out, .all = !repo_worktree(repo) };
	CLEANUP(objects_freep) struct objects *objects = NULL;
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	const struct objects_opts opts = {
		.dirs = repo_object_dirs(repo),
		.max_object_size = MAX_OBJECT_SIZE,
	};
	int rc = 0;
	if (!finder.all)
		rc = repo_each_index_entry(repo, take_entry, &finder, err);
	if (rc == 0 && (finder.all || finder.count))
		rc = objects_open(&objects, &opts, err);
	if (rc == 0 && objects)
		rc = objects_reader_new(&reader, objects, err);
	if (rc == 0 && finder.all)
		rc = list_head(&finder, repo, reader, err);
	for (size_t i = 0; rc == 0 && i < finder.count; i++)
		rc = read_ignore(out, &finder.wanted[i], reader, err);
	sort_paths(out);
	if (rc < 0)
		tracked_files_clear(out);
	return rc;
}
