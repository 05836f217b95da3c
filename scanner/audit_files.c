#include "scanner/audit_files.h"

#include "base/array.h"
#include "base/file.h"
#include "base/folder.h"
#include "rules/settings/setting.h"
#include "scanner/objects/objects.h"
#include "scanner/pathspec.h"
#include "scanner/revision.h"
#include "scanner/tree_parse.h"

#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define MAX_DEPTH   64                /* of folders */
#define MAX_ENTRIES ((size_t)2000000) /* of a worktree or tree */
#define MAX_TREE    ((size_t)64 << 20)

/** A file that may be read; `oid` where it is a blob. */
struct wanted {
	const char *path;
	struct oid oid;
	bool is_sparse; /* not checked out: where it is not on disk, the blob */
};

struct gather {
	struct audit *audit;
	struct repo *repo;
	const struct audit_opts *opts;
	struct audit_paths *tracked;
	struct objects *objects; /* opened when first asked for */
	struct objects_reader *reader;
	bool all_sparse;    /* nothing is checked out */
	struct arena arena; /* paths */
	struct wanted *items;
	size_t count, capacity;
	size_t entries;
};

bool audit_is_requirements(const char *path)
{
	static const char *const globs[] = { "requirements*.txt",
		"requirements*.in", "pyproject.toml", "Pipfile", "Pipfile.lock",
		"poetry.lock", "setup.cfg", "setup.py", "environment.yml" };
	const char *slash = strrchr(path, '/');
	for (size_t i = 0; i < ARRAY_SIZE(globs); i++)
		if (!fnmatch(globs[i], slash ? slash + 1 : path, 0))
			return true;
	return false;
}

void audit_paths_clear(struct audit_paths *paths)
{
	arena_clear(&paths->arena);
	free(paths->items);
	*paths = (struct audit_paths){ 0 };
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

size_t audit_paths_below(const struct audit_paths *paths, const char *folder)
{
	size_t len = strlen(folder);
	size_t below = 0;
	for (size_t i = 0; i < paths->count; i++)
		below += !strncmp(paths->items[i], folder, len) &&
			paths->items[i][len] == '/';
	return below;
}

static void add_tracked(struct gather *gather, const char *path)
{
	struct audit_paths *paths = gather->tracked;
	ARRAY_GROW(paths->items, paths->count, paths->capacity);
	paths->items[paths->count++] = arena_strdup(&paths->arena, path);
}

static bool is_wanted(const struct gather *gather, const char *path)
{
	if (settings_format(path) == SETTINGS_NONE &&
		!audit_is_requirements(path))
		return false;
	return !gather->opts->pathspec ||
		pathspec_matches(gather->opts->pathspec, path);
}

static void add_wanted(struct gather *gather, const char *path,
	const struct oid *oid, bool is_sparse)
{
	if (!is_wanted(gather, path))
		return;
	ARRAY_GROW(gather->items, gather->count, gather->capacity);
	struct wanted *wanted = &gather->items[gather->count++];
	*wanted = (struct wanted){
		.path = arena_strdup(&gather->arena, path),
		.is_sparse = is_sparse,
	};
	if (oid)
		wanted->oid = *oid;
}

static void skip(
	struct gather *gather, int reason, const char *path, const char *detail)
{
	struct scan_result *result = &gather->audit->skipped;
	struct skipped *skipped = scan_result_add_skipped(result, reason);
	skipped->path = arena_strdup(&result->arena, path);
	skipped->detail = arena_strdup(&result->arena, detail);
}

/* The index */

static bool is_regular(uint32_t mode)
{
	return (mode & 0170000) == 0100000;
}

static int take_index_entry(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	struct gather *gather = ctx;
	(void)err;
	add_tracked(gather, entry->path);
	if (is_regular(entry->mode) && entry->stage == 0 &&
		!entry->intent_to_add)
		add_wanted(
			gather, entry->path, &entry->oid, entry->skip_worktree);
	return 0;
}

/* The worktree: what is not tracked comes from the disk. */

struct folder_walk {
	struct gather *gather;
	struct arena arena;
	const char **waiting; /* folders, the last is next */
	size_t count, capacity;
	const char *folder;
};

static unsigned depth_of(const char *path)
{
	unsigned depth = 0;
	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

static int take_disk_entry(
	const char *name, int type, void *ctx, struct err *err)
{
	struct folder_walk *walk = ctx;
	struct gather *gather = walk->gather;
	(void)err;
	if (gather->entries++ >= MAX_ENTRIES || !strcasecmp(name, ".git"))
		return 0;
	const char *path = arena_printf(&walk->arena, "%s%s%s", walk->folder,
		*walk->folder ? "/" : "", name);
	if (type == FOLDER_ENTRY_FILE && is_wanted(gather, path) &&
		repo_is_ignored(gather->repo, path) != YES) {
		add_wanted(gather, path, NULL, false);
	} else if (type == FOLDER_ENTRY_FOLDER && depth_of(path) < MAX_DEPTH &&
		repo_is_ignored(gather->repo, path) != YES) {
		ARRAY_GROW(walk->waiting, walk->count, walk->capacity);
		walk->waiting[walk->count++] = path;
	}
	return 0;
}

/* Another repository inside the worktree is not part of this one. */
static bool is_other_repository(int fd, const char *folder)
{
	return *folder && !faccessat(fd, ".git", F_OK, AT_SYMLINK_NOFOLLOW);
}

static int walk_folder(struct folder_walk *walk, int root, struct err *err)
{
	CLEANUP(fd_close) int fd = -1;
	int rc = folder_open_at(&fd, root, walk->folder, err);
	if (rc == 0 && !is_other_repository(fd, walk->folder))
		rc = folder_each(fd, take_disk_entry, walk, err);
	if (rc < 0 && rc != ERR_NOT_FOUND)
		skip(walk->gather, SKIP_MISSING, walk->folder, err->msg);
	return 0;
}

static int walk_worktree(struct gather *gather, int root, struct err *err)
{
	struct folder_walk walk = { .gather = gather };
	ARRAY_GROW(walk.waiting, walk.count, walk.capacity);
	walk.waiting[walk.count++] = "";
	int rc = 0;
	while (rc == 0 && walk.count) {
		walk.folder = walk.waiting[--walk.count];
		rc = walk_folder(&walk, root, err);
	}
	if (gather->entries >= MAX_ENTRIES)
		skip(gather, SKIP_LIMIT, "", "too many files");
	free(walk.waiting);
	arena_clear(&walk.arena);
	return rc;
}

static int compare_wanted(const void *a, const void *b)
{
	const struct wanted *left = a;
	const struct wanted *right = b;
	int order = strcmp(left->path, right->path);
	return order ? order : right->is_sparse - left->is_sparse;
}

/* Sorted by path, each once. */
static void settle(struct gather *gather)
{
	if (gather->count)
		qsort(gather->items, gather->count, sizeof(*gather->items),
			compare_wanted);
	size_t kept = 0;
	for (size_t i = 0; i < gather->count; i++)
		if (!kept ||
			strcmp(gather->items[kept - 1].path,
				gather->items[i].path) != 0)
			gather->items[kept++] = gather->items[i];
	gather->count = kept;
	if (gather->tracked->count)
		qsort(gather->tracked->items, gather->tracked->count,
			sizeof(*gather->tracked->items), compare_texts);
}

static int skip_unread(struct gather *gather, const char *path, int status,
	const struct err *err)
{
	if (status == ERR_LIMIT || status == ERR_NOT_FOUND ||
		status == ERR_UNSUPPORTED)
		return 0; /* data, deleted on disk, or not a file */
	if (status == ERR_CORRUPT)
		skip(gather, SKIP_CORRUPT, path, err->msg);
	else
		skip(gather, SKIP_MISSING, path, err->msg);
	return 0;
}

static int read_from_disk(
	struct buf *out, int root, const char *path, struct err *err)
{
	CLEANUP(arena_clear) struct arena arena = { 0 };
	CLEANUP(fd_close) int fd = -1;
	struct stat st;
	const char *slash = strrchr(path, '/');
	const char *folder =
		arena_memdupz(&arena, path, slash ? (size_t)(slash - path) : 0);
	int rc = folder_open_at(&fd, root, folder, err);
	if (rc < 0)
		return rc;
	return file_read_at(out, &st, fd, slash ? slash + 1 : path, err);
}

/* Blobs */

static int open_reader(struct gather *gather, struct err *err)
{
	const struct objects_opts opts = {
		.dirs = repo_object_dirs(gather->repo),
		.max_object_size = MAX_TREE,
	};
	if (gather->reader)
		return 0;
	int rc = objects_open(&gather->objects, &opts, err);
	return rc < 0
		? rc
		: objects_reader_new(&gather->reader, gather->objects, err);
}

static int push_blob(struct gather *gather, const struct wanted *wanted,
	audit_file_sink *sink, void *ctx, struct err *err)
{
	struct object object;
	int rc = open_reader(gather, err);
	if (rc < 0)
		return rc;
	rc = objects_read(&object, gather->reader, &wanted->oid, err);
	if (rc == 0 && object.type != OBJECT_BLOB)
		rc = err_set(err, ERR_CORRUPT, "not a blob");
	if (rc == 0 && object.len > AUDIT_MAX_FILE)
		rc = err_set(err, ERR_LIMIT, "%zu bytes", object.len);
	if (rc == 0)
		return sink(wanted->path, object.bytes, object.len, ctx, err);
	if (rc == ERR_NOT_FOUND)
		skip(gather, SKIP_MISSING, wanted->path, "blob");
	else
		skip_unread(gather, wanted->path, rc, err);
	return rc == ERR_NOT_FOUND || rc == ERR_LIMIT || rc == ERR_CORRUPT ? 0
									   : rc;
}

static int push_blobs(struct gather *gather, audit_file_sink *sink, void *ctx,
	struct err *err)
{
	settle(gather);
	int rc = 0;
	for (size_t i = 0; rc >= 0 && i < gather->count; i++)
		rc = push_blob(gather, &gather->items[i], sink, ctx, err);
	return rc;
}

/** A tree that waits to be read. */
struct waiting_tree {
	struct oid oid;
	const char *path; /* with a slash at its end; "" for the top */
};

struct tree_walk {
	struct gather *gather;
	struct waiting_tree *items;
	size_t count, capacity;
};

static void take_tree_entry(struct tree_walk *walk,
	const struct tree_entry *entry, const char *folder)
{
	struct gather *gather = walk->gather;
	struct oid oid;
	memcpy(oid.bytes, entry->oid, OID_SIZE);
	bool tree = mode_is_tree(entry->mode);
	const char *path = arena_printf(
		&gather->arena, "%s%s%s", folder, entry->name, tree ? "/" : "");
	if (gather->entries++ >= MAX_ENTRIES || depth_of(path) >= MAX_DEPTH)
		return;
	if (tree) {
		ARRAY_GROW(walk->items, walk->count, walk->capacity);
		walk->items[walk->count++] = (struct waiting_tree){ oid, path };
		return;
	}
	add_tracked(gather, path);
	if (is_regular(entry->mode))
		add_wanted(gather, path, &oid, gather->all_sparse);
}

static int walk_trees(struct tree_walk *walk, struct err *err)
{
	struct objects_reader *reader = walk->gather->reader;
	while (walk->count) {
		struct waiting_tree next = walk->items[--walk->count];
		struct object tree;
		int rc = objects_read(&tree, reader, &next.oid, err);
		if (rc < 0 || tree.type != OBJECT_TREE) {
			skip(walk->gather, SKIP_MISSING, next.path, "tree");
			continue;
		}
		struct tree_cursor cursor;
		tree_cursor_init(&cursor, tree.bytes, tree.len);
		for (; cursor.more; tree_cursor_next(&cursor))
			take_tree_entry(walk, &cursor.entry, next.path);
		if (cursor.corrupt)
			skip(walk->gather, SKIP_CORRUPT, next.path, "tree");
	}
	if (walk->gather->entries >= MAX_ENTRIES)
		skip(walk->gather, SKIP_LIMIT, "", "too many files");
	return 0;
}

static int gather_revision(
	struct gather *gather, const char *name, struct err *err)
{
	int rc = open_reader(gather, err);
	if (rc < 0)
		return rc;
	struct revision_lookup lookup = {
		.repo = gather->repo,
		.reader = gather->reader,
		.name = name,
	};
	struct oid oid;
	struct object tree;
	rc = revision_find(&oid, &lookup, name, strlen(name), err);
	if (rc == 0)
		rc = revision_open_tree(&tree, &lookup, &oid, err);
	if (rc < 0)
		return rc;
	struct tree_walk walk = { .gather = gather };
	ARRAY_GROW(walk.items, walk.count, walk.capacity);
	walk.items[walk.count++] = (struct waiting_tree){ oid, "" };
	rc = walk_trees(&walk, err);
	free(walk.items);
	return rc;
}

/* The worktree */

static int push_file(struct gather *gather, const struct wanted *wanted,
	int root, struct buf *bytes, audit_file_sink *sink, void *ctx,
	struct err *err)
{
	buf_reset(bytes);
	int rc = read_from_disk(bytes, root, wanted->path, err);
	if (rc == 0)
		return sink(wanted->path, (const unsigned char *)bytes->bytes,
			bytes->len, ctx, err);
	if (rc == ERR_NOT_FOUND && wanted->is_sparse)
		return push_blob(gather, wanted, sink, ctx, err);
	return skip_unread(gather, wanted->path, rc, err);
}

static int push_worktree(struct gather *gather, int root, audit_file_sink *sink,
	void *ctx, struct err *err)
{
	CLEANUP(buf_clear) struct buf bytes;
	buf_init(&bytes, AUDIT_MAX_FILE);
	int rc = 0;
	for (size_t i = 0; rc >= 0 && i < gather->count; i++)
		rc = push_file(gather, &gather->items[i], root, &bytes, sink,
			ctx, err);
	return rc;
}

/** False where there is a commit and no index: what `git clone --no-checkout`
 * leaves. */
static bool is_checked_out(const struct repo *repo)
{
	CLEANUP(freep) char *index = repo_index_path(repo);
	struct oid head;
	return (index && !access(index, F_OK)) || !repo_head(&head, repo);
}

static int gather_worktree(struct gather *gather, audit_file_sink *sink,
	void *ctx, struct err *err)
{
	const char *worktree = repo_worktree(gather->repo);
	if (!worktree)
		return err_set(err, ERR_USAGE,
			"a bare repository has no files: audit a revision, as "
			"with --revision=HEAD");
	CLEANUP(fd_close)
	int root = open(worktree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return err_errno(err, "%s", worktree);
	int rc = 0;
	gather->all_sparse = !is_checked_out(gather->repo);
	if (gather->all_sparse)
		rc = gather_revision(gather, "HEAD", err);
	if (rc == 0)
		rc = walk_worktree(gather, root, err);
	settle(gather);
	return rc < 0 ? rc : push_worktree(gather, root, sink, ctx, err);
}

static int gather_all(struct gather *gather, audit_file_sink *sink, void *ctx,
	struct err *err)
{
	int source = gather->opts->source;
	int rc = source == AUDIT_REVISION
		? gather_revision(gather, gather->opts->revision, err)
		: repo_each_index_entry(
			  gather->repo, take_index_entry, gather, err);
	if (rc < 0)
		return rc;
	return source == AUDIT_WORKTREE
		? gather_worktree(gather, sink, ctx, err)
		: push_blobs(gather, sink, ctx, err);
}

int audit_each_file(struct audit *audit, struct audit_paths *tracked,
	struct repo *repo, const struct audit_opts *opts, audit_file_sink *sink,
	void *ctx, struct err *err)
{
	struct gather gather = {
		.audit = audit,
		.repo = repo,
		.opts = opts,
		.tracked = tracked,
	};
	int rc = gather_all(&gather, sink, ctx, err);
	objects_reader_free(gather.reader);
	objects_free(gather.objects);
	free(gather.items);
	arena_clear(&gather.arena);
	return rc;
}
