#include "scanner/holder.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "scanner/linked_worktrees.h"
#include "scanner/reflog.h"

#include <stdlib.h>
#include <string.h>

#define STASH_REF "refs/stash"

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

static void add_tip(struct holders *holders, const char *key,
	const struct history_start *start)
{
	if (oid_is_zero(&start->oid))
		return;
	ARRAY_GROW(holders->tips, holders->tip_count, holders->tip_capacity);
	holders->tips[holders->tip_count++] =
		(struct held_tip){ .key = key, .start = *start };
}

/* Refs. */

/** Of "worktrees/<name>/<ref>" the worktree's path; NULL if unknown. */
static char *path_of_worktree(const struct repo *repo, const char *ref)
{
	static const char folder[] = "worktrees/";
	CLEANUP(buf_clear) struct buf git_dir;
	if (strncmp(ref, folder, strlen(folder)) != 0)
		return NULL;
	buf_init(&git_dir, 0);
	buf_add_text(&git_dir, repo_common_dir(repo));
	buf_add(&git_dir, ref,
		strlen(folder) + strcspn(ref + strlen(folder), "/"));
	return linked_worktree_path(git_dir.bytes);
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
			? path_of_worktree(repo, refs[i].name)
			: NULL;
		struct holder *holder = holders_add(holders, kind,
			kind == HOLDER_STASH ? "stash@{0}" : refs[i].name,
			worktree);
		holder->oid = refs[i].oid;
		const struct history_start start = {
			.name = refs[i].name,
			.oid = refs[i].oid,
			.kind = (uint8_t)kind,
		};
		add_tip(holders, holder->key, &start);
	}
	return rc;
}

/* Reflogs. */

/** Entries of the stash are places of their own: each can be dropped. The
 * newest is refs/stash itself. */
static void add_stashes(struct holders *holders, const struct reflog *log)
{
	for (size_t i = 0; i + 1 < log->count; i++) {
		const char *name = arena_printf(
			&holders->arena, "stash@{%zu}", log->count - 1 - i);
		const struct holder *holder =
			holders_add(holders, HOLDER_STASH, name, NULL);
		const struct history_start start = {
			.name = arena_printf(&holders->arena, "refs/%s", name),
			.oid = log->entries[i].after,
			.kind = HOLDER_STASH,
		};
		add_tip(holders, holder->key, &start);
	}
}

static void note_damage(struct holders *holders, const struct reflog *log)
{
	if (!log->damaged)
		return;
	ARRAY_GROW(holders->damaged, holders->damaged_count,
		holders->damaged_capacity);
	holders->damaged[holders->damaged_count++] =
		arena_strdup(&holders->arena, log->ref);
}

/** A log and to whom it belongs. */
struct log_owner {
	const char *prefix;   /* of its ref, for git to know it by */
	const char *worktree; /* path of the linked worktree, or NULL */
};

static void add_log(struct holders *holders, const struct reflog *log,
	const struct log_owner *owner)
{
	const struct holder *holder =
		holders_add(holders, HOLDER_REFLOG, log->ref, owner->worktree);
	/* of the main worktree only HEAD is not shared by all */
	bool shared = !owner->worktree && !strncmp(log->ref, "refs/", 5);
	struct history_start start = {
		.name = arena_printf(&holders->arena, "%s%s",
			shared ? "" : owner->prefix, log->ref),
		.kind = HOLDER_REFLOG,
	};
	struct oid last = { { 0 } };
	for (size_t i = 0; i < log->count; i++) {
		const struct reflog_entry *entry = &log->entries[i];
		/* what it was before the first entry that is left, or before
		 * one that is not, is entry + 1 to git */
		start.entry = (uint32_t)(log->count - i);
		start.oid = entry->before;
		if (!oid_equal(&last, &entry->before))
			add_tip(holders, holder->key, &start);
		start.entry--;
		start.oid = entry->after;
		add_tip(holders, holder->key, &start);
		last = entry->after;
	}
}

static void add_logs(struct holders *holders, const char *git_dir,
	const struct log_owner *owner)
{
	struct reflogs reflogs;
	reflogs_read(&reflogs, git_dir);
	for (size_t i = 0; i < reflogs.count; i++) {
		const struct reflog *log = &reflogs.logs[i];
		note_damage(holders, log);
		if (!owner->worktree && !strcmp(log->ref, STASH_REF))
			add_stashes(holders, log);
		else
			add_log(holders, log, owner);
	}
	reflogs_clear(&reflogs);
}

static void add_stash_log(struct holders *holders, const char *common_dir)
{
	CLEANUP(reflog_clear) struct reflog log = { 0 };
	reflog_read(&log, common_dir, STASH_REF);
	note_damage(holders, &log);
	add_stashes(holders, &log);
}

struct log_search {
	struct holders *holders;
	const struct repo *repo;
};

/** True when the folder is that of the worktree that we are in. */
static bool is_own(const struct repo *repo, const char *git_dir)
{
	const char *own = repo_git_dir(repo);
	size_t len = strlen(git_dir);
	return !strncmp(own, git_dir, len) && !strcmp(own + len, "/");
}

static int add_linked_logs(
	const char *name, const char *git_dir, const char *path, void *ctx)
{
	const struct log_search *search = ctx;
	bool own = is_own(search->repo, git_dir);
	const struct log_owner owner = {
		.prefix = own ? ""
			      : arena_printf(&search->holders->arena,
					"worktrees/%s/", name),
		.worktree = path ? path : name,
	};
	add_logs(search->holders, git_dir, &owner);
	return 0;
}

static void add_all_logs(struct holders *holders, const struct repo *repo)
{
	const char *common_dir = repo_common_dir(repo);
	struct log_search search = { holders, repo };
	bool is_main = !strcmp(repo_git_dir(repo), common_dir);
	const struct log_owner main = {
		.prefix = is_main ? "" : "main-worktree/",
	};
	add_logs(holders, common_dir, &main);
	linked_worktrees_each(repo, add_linked_logs, &search);
}

static int compare_holders(const void *a, const void *b)
{
	const struct holder *left = a;
	const struct holder *right = b;
	return strcmp(left->key, right->key);
}

int holders_find(
	struct holders *out, struct repo *repo, bool with_logs, struct err *err)
{
	*out = (struct holders){ 0 };
	int rc = add_refs(out, repo, err);
	if (rc < 0)
		return rc;
	out->ref_tip_count = out->tip_count;
	if (with_logs)
		add_all_logs(out, repo);
	else
		add_stash_log(out, repo_common_dir(repo));
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

struct history_start *holders_starts(const struct holders *holders, size_t more)
{
	struct history_start *starts =
		xcalloc(holders->tip_count + more, sizeof(*starts));
	for (size_t i = 0; i < holders->tip_count; i++)
		starts[i] = holders->tips[i].start;
	return starts;
}
