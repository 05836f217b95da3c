#include "remedy/holder.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/file.h"
#include "scanner/reflog.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[] = {
	[HOLDER_HEAD] = "head",
	[HOLDER_BRANCH] = "branch",
	[HOLDER_REMOTE_BRANCH] = "remote-branch",
	[HOLDER_TAG] = "tag",
	[HOLDER_NOTE] = "note",
	[HOLDER_STASH] = "stash",
	[HOLDER_PULL] = "pull-request",
	[HOLDER_REPLACE] = "replace",
	[HOLDER_ORIGINAL] = "original",
	[HOLDER_REF] = "ref",
	[HOLDER_REFLOG] = "reflog",
	[HOLDER_INDEX] = "index",
	[HOLDER_WORKTREE] = "worktree",
	[HOLDER_LOOSE] = "loose",
	[HOLDER_PACK] = "pack",
	[HOLDER_KEPT_PACK] = "kept-pack",
	[HOLDER_ALTERNATE] = "alternate",
	[HOLDER_LFS] = "lfs",
};

/* Hosts: refs/pull (GitHub, Gitea, Forgejo), refs/merge-requests (GitLab),
 * refs/pull-requests (Bitbucket), refs/changes (Gerrit). */
static const struct {
	const char *prefix;
	int kind;
} ref_kinds[] = {
	{ "refs/heads/", HOLDER_BRANCH },
	{ "refs/remotes/", HOLDER_REMOTE_BRANCH },
	{ "refs/tags/", HOLDER_TAG },
	{ "refs/notes/", HOLDER_NOTE },
	{ "refs/stash", HOLDER_STASH },
	{ "refs/pull/", HOLDER_PULL },
	{ "refs/merge-requests/", HOLDER_PULL },
	{ "refs/pull-requests/", HOLDER_PULL },
	{ "refs/changes/", HOLDER_PULL },
	{ "refs/replace/", HOLDER_REPLACE },
	{ "refs/original/", HOLDER_ORIGINAL },
	{ "worktrees/", HOLDER_WORKTREE },
};

const char *holder_kind_name(int kind)
{
	return kind_names[kind];
}

int holder_kind_of(const char *ref)
{
	if (!strcmp(ref, "HEAD"))
		return HOLDER_HEAD;
	for (size_t i = 0; i < ARRAY_SIZE(ref_kinds); i++) {
		const char *prefix = ref_kinds[i].prefix;
		size_t len = strlen(prefix);
		bool whole = prefix[len - 1] != '/';
		if (whole ? !strcmp(ref, prefix) : !strncmp(ref, prefix, len))
			return ref_kinds[i].kind;
	}
	return HOLDER_REF;
}

struct holder *holders_add(struct holders *holders, int kind, const char *name,
	const char *worktree)
{
	ARRAY_GROW(holders->items, holders->count, holders->capacity);
	struct holder *holder = &holders->items[holders->count++];
	*holder = (struct holder){
		.kind = kind,
		.name = arena_strdup(&holders->arena, name),
		.worktree = arena_strdup(&holders->arena, worktree),
	};
	holder->key = arena_printf(&holders->arena, "%02d %s %s", kind,
		worktree ? worktree : "", name);
	return holder;
}

static void add_tip(
	struct holders *holders, const char *key, const struct oid *oid)
{
	if (oid_is_zero(oid))
		return;
	ARRAY_GROW(holders->tips, holders->tip_count, holders->tip_capacity);
	holders->tips[holders->tip_count++] =
		(struct repo_ref){ .name = key, .oid = *oid };
}

/* Linked worktrees, gitrepository-layout(5) "worktrees". */

/** The folder of the worktree whose .git file the file `gitdir` names. */
static char *worktree_path(const char *git_dir)
{
	CLEANUP(buf_clear) struct buf path;
	CLEANUP(buf_clear) struct buf text;
	struct err ignored;
	buf_init(&path, 0);
	buf_init(&text, 65536);
	buf_printf(&path, "%s/gitdir", git_dir);
	if (file_read(&text, path.bytes, 0, &ignored) < 0 || !text.len ||
		memchr(text.bytes, '\0', text.len))
		return NULL;
	text.bytes[strcspn(text.bytes, "\n")] = '\0';
	char *slash = strrchr(text.bytes, '/');
	if (!slash || strcmp(slash, "/.git") != 0)
		return NULL;
	*slash = '\0';
	return xstrdup(text.bytes);
}

void linked_worktrees_each(const struct repo *repo,
	int (*sink)(const char *name, const char *git_dir, const char *path,
		void *ctx),
	void *ctx)
{
	CLEANUP(buf_clear) struct buf folder;
	buf_init(&folder, 0);
	buf_printf(&folder, "%sworktrees", repo_common_dir(repo));
	DIR *dir = opendir(folder.bytes);
	int rc = 0;
	for (struct dirent *entry; rc == 0 && dir && (entry = readdir(dir));) {
		if (entry->d_name[0] == '.')
			continue;
		CLEANUP(buf_clear) struct buf git_dir;
		buf_init(&git_dir, 0);
		buf_printf(&git_dir, "%s/%s", folder.bytes, entry->d_name);
		CLEANUP(freep) char *path = worktree_path(git_dir.bytes);
		rc = sink(entry->d_name, git_dir.bytes, path, ctx);
	}
	if (dir)
		closedir(dir);
}

/* Refs. */

/** "worktrees/<name>/HEAD" to the worktree's path; NULL if unknown. */
static char *path_of_head(const struct repo *repo, const char *ref)
{
	CLEANUP(buf_clear) struct buf git_dir;
	buf_init(&git_dir, 0);
	buf_add_text(&git_dir, repo_common_dir(repo));
	buf_add(&git_dir, ref, strlen(ref) - strlen("/HEAD"));
	return worktree_path(git_dir.bytes);
}

static int add_refs(struct holders *holders, struct repo *repo, struct err *err)
{
	const struct repo_ref *refs;
	size_t count;
	int rc = repo_refs(&refs, &count, repo, err);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		int kind = holder_kind_of(refs[i].name);
		CLEANUP(freep)
		char *worktree = kind == HOLDER_WORKTREE
			? path_of_head(repo, refs[i].name)
			: NULL;
		struct holder *holder = holders_add(holders, kind,
			kind == HOLDER_STASH ? "stash@{0}" : refs[i].name,
			worktree);
		holder->oid = refs[i].oid;
		add_tip(holders, holder->key, &refs[i].oid);
	}
	return rc;
}

/* Reflogs. */

/** Entries of the stash are places of their own: each can be dropped. The
 * newest is refs/stash itself. */
static void add_stashes(struct holders *holders, const struct reflog *log)
{
	for (size_t i = 0; i + 1 < log->count; i++) {
		char name[48];
		snprintf(name, sizeof(name), "stash@{%zu}", log->count - 1 - i);
		const struct holder *holder =
			holders_add(holders, HOLDER_STASH, name, NULL);
		add_tip(holders, holder->key, &log->entries[i].after);
	}
}

static void add_reflog(
	struct holders *holders, const struct reflog *log, const char *worktree)
{
	if (log->damaged) {
		ARRAY_GROW(holders->damaged, holders->damaged_count,
			holders->damaged_capacity);
		holders->damaged[holders->damaged_count++] =
			arena_strdup(&holders->arena, log->ref);
	}
	if (!worktree && !strcmp(log->ref, "refs/stash")) {
		add_stashes(holders, log);
		return;
	}
	const struct holder *holder =
		holders_add(holders, HOLDER_REFLOG, log->ref, worktree);
	struct oid last = { { 0 } };
	for (size_t i = 0; i < log->count; i++) {
		struct reflog_entry entry = log->entries[i];
		if (!oid_equal(&last, &entry.before))
			add_tip(holders, holder->key, &entry.before);
		add_tip(holders, holder->key, &entry.after);
		last = entry.after;
	}
}

static void add_reflogs(
	struct holders *holders, const char *git_dir, const char *worktree)
{
	struct reflogs reflogs;
	reflogs_read(&reflogs, git_dir);
	for (size_t i = 0; i < reflogs.count; i++)
		add_reflog(holders, &reflogs.logs[i], worktree);
	reflogs_clear(&reflogs);
}

static int add_worktree_reflogs(
	const char *name, const char *git_dir, const char *path, void *ctx)
{
	add_reflogs(ctx, git_dir, path ? path : name);
	return 0;
}

static int compare_holders(const void *a, const void *b)
{
	const struct holder *left = a;
	const struct holder *right = b;
	return strcmp(left->key, right->key);
}

int holders_find(struct holders *out, struct repo *repo, struct err *err)
{
	*out = (struct holders){ 0 };
	int rc = add_refs(out, repo, err);
	if (rc < 0)
		return rc;
	out->ref_tip_count = out->tip_count;
	add_reflogs(out, repo_common_dir(repo), NULL);
	linked_worktrees_each(repo, add_worktree_reflogs, out);
	if (out->count)
		qsort(out->items, out->count, sizeof(*out->items),
			compare_holders);
	return 0;
}

void holders_clear(struct holders *holders)
{
	for (size_t i = 0; i < holders->count; i++)
		entries_clear(&holders->items[i].entries);
	free(holders->items);
	free(holders->tips);
	free(holders->damaged);
	arena_clear(&holders->arena);
	*holders = (struct holders){ 0 };
}
