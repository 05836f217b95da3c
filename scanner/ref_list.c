#include "scanner/ref_list.h"

#include "base/array.h"
#include "base/file.h"
#include "scanner/file_tree.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_LOOSE  ((size_t)4 << 10)
#define MAX_PACKED ((size_t)1 << 30)

void ref_list_clear(struct ref_list *list)
{
	free(list->items);
	free(list->broken);
	arena_clear(&list->arena);
	*list = (struct ref_list){ 0 };
}

static void add_ref(
	struct ref_list *list, const char *name, const struct oid *oid)
{
	ARRAY_GROW(list->items, list->count, list->capacity);
	list->items[list->count++] =
		(struct repo_ref){ .name = name, .oid = *oid };
}

static void add_broken(struct ref_list *list, const char *name)
{
	ARRAY_GROW(list->broken, list->broken_count, list->broken_capacity);
	list->broken[list->broken_count++] = name;
}

/* Loose refs */

enum loose_kind {
	LOOSE_GONE,  /* there is no such file, or no longer */
	LOOSE_NAMES, /* another ref, which is listed by itself */
	LOOSE_HOLDS, /* an object id */
	LOOSE_BROKEN,
};

/** Before there were symbolic refs, a link stood for one. */
static bool is_link_to_ref(const char *path)
{
	char target[8] = "";
	return readlink(path, target, sizeof(target) - 1) > 0 &&
		!strncmp(target, "refs/", 5);
}

static int read_loose(struct oid *out, const char *path)
{
	CLEANUP(buf_clear) struct buf text;
	struct err unread;
	buf_init(&text, MAX_LOOSE);
	int rc = file_read(&text, path, 0, &unread);
	if (rc == ERR_NOT_FOUND)
		return LOOSE_GONE;
	if (rc < 0)
		return is_link_to_ref(path) ? LOOSE_NAMES : LOOSE_BROKEN;
	if (text.len >= OID_HEX_SIZE && oid_from_hex(out, text.bytes))
		return LOOSE_HOLDS;
	if (!text.len || strncmp(text.bytes, "ref:", 4) != 0)
		return LOOSE_BROKEN;
	const char *target = text.bytes + 4;
	target += strspn(target, " \t");
	return strncmp(target, "refs/", 5) ? LOOSE_BROKEN : LOOSE_NAMES;
}

/** Lists what lies at `path` under a name that belongs to the arena. */
static void take_loose(
	struct ref_list *list, const char *name, const char *path)
{
	struct oid oid;
	int kind = read_loose(&oid, path);
	if (kind == LOOSE_HOLDS)
		add_ref(list, name, &oid);
	else if (kind == LOOSE_BROKEN)
		add_broken(list, name);
}

/** Refs below a folder, whose names get a prefix. */
struct below {
	struct ref_list *list;
	const char *prefix;
};

static void look_at(const char *name, const char *path, void *ctx)
{
	const struct below *below = ctx;
	size_t len = strlen(name);
	if (len > 5 && !strcmp(name + len - 5, ".lock"))
		return;
	take_loose(below->list,
		arena_printf(&below->list->arena, "%s%s", below->prefix, name),
		path);
}

static int compare_refs(const void *a, const void *b)
{
	const struct repo_ref *left = a;
	const struct repo_ref *right = b;
	return strcmp(left->name, right->name);
}

static void sort(struct ref_list *list)
{
	if (list->count)
		qsort(list->items, list->count, sizeof(*list->items),
			compare_refs);
}

/* packed-refs */

/** The loose refs, which go before packed ones of the same name. */
struct packed {
	struct ref_list *list;
	size_t loose_count;
};

/** One line without its end: "<id> <name>"; comments and peeled tags, "^<id>",
 * say nothing new. */
static void take_line(const struct packed *packed, const char *line, size_t len)
{
	struct ref_list *list = packed->list;
	struct repo_ref ref = { 0 };
	if (!len || line[0] == '#' ||
		(line[0] == '^' && len == OID_HEX_SIZE + 1 &&
			oid_from_hex(&ref.oid, line + 1)))
		return;
	if (len < OID_HEX_SIZE + 2 || line[OID_HEX_SIZE] != ' ' ||
		!oid_from_hex(&ref.oid, line) || memchr(line, '\0', len)) {
		add_broken(list, "packed-refs");
		return;
	}
	const char *name = line + OID_HEX_SIZE + 1;
	ref.name =
		arena_memdupz(&list->arena, name, len - (size_t)(name - line));
	if (!packed->loose_count ||
		!bsearch(&ref, list->items, packed->loose_count, sizeof(ref),
			compare_refs))
		add_ref(list, ref.name, &ref.oid);
}

static int read_packed(
	struct ref_list *list, const char *common_dir, struct err *err)
{
	CLEANUP(buf_clear) struct buf text;
	buf_init(&text, MAX_PACKED);
	const char *path =
		arena_printf(&list->arena, "%spacked-refs", common_dir);
	int rc = file_read(&text, path, 0, err);
	if (rc == ERR_UNSUPPORTED)
		add_broken(list, "packed-refs");
	if (rc == ERR_NOT_FOUND || rc == ERR_UNSUPPORTED)
		return 0;
	const struct packed packed = { list, list->count };
	const char *end = text.bytes + text.len;
	for (const char *at = text.bytes; rc == 0 && at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		/* git ends each line: one that has no end was cut */
		if (!newline)
			add_broken(list, "packed-refs");
		const char *stop = newline ? newline : end;
		take_line(&packed, at, (size_t)(stop - at));
		at = stop + 1;
	}
	return rc;
}

/* HEADs */

static void read_worktree(struct ref_list *list, const char *common_dir,
	const char *name, const char *git_dir)
{
	const char *folder =
		arena_printf(&list->arena, "%sworktrees/%s/", common_dir, name);
	if (!strcmp(folder, git_dir))
		return; /* it is the one we are in */
	struct below below = {
		list,
		arena_printf(&list->arena, "worktrees/%s/", name),
	};
	take_loose(list, arena_printf(&list->arena, "%sHEAD", below.prefix),
		arena_printf(&list->arena, "%sHEAD", folder));
	file_tree_each(folder, "refs", look_at, &below);
}

static void read_worktrees(
	struct ref_list *list, const char *common_dir, const char *git_dir)
{
	DIR *dir =
		opendir(arena_printf(&list->arena, "%sworktrees", common_dir));
	for (struct dirent *entry; dir && (entry = readdir(dir));)
		if (entry->d_name[0] != '.')
			read_worktree(list, common_dir, entry->d_name, git_dir);
	if (dir)
		closedir(dir);
}

static void read_heads(
	struct ref_list *list, const char *git_dir, const char *common_dir)
{
	take_loose(list, "HEAD", arena_printf(&list->arena, "%sHEAD", git_dir));
	if (strcmp(git_dir, common_dir) != 0) {
		struct below own = { list, "" };
		take_loose(list, "main-worktree/HEAD",
			arena_printf(&list->arena, "%sHEAD", common_dir));
		file_tree_each(git_dir, "refs", look_at, &own);
	}
	read_worktrees(list, common_dir, git_dir);
}

int ref_list_read(struct ref_list *out, const char *git_dir,
	const char *common_dir, struct err *err)
{
	struct below all = { out, "" };
	*out = (struct ref_list){ 0 };
	read_heads(out, git_dir, common_dir);
	file_tree_each(common_dir, "refs", look_at, &all);
	sort(out);
	int rc = read_packed(out, common_dir, err);
	sort(out);
	return rc;
}
