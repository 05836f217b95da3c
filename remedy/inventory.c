#include "remedy/inventory.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "scanner/fingerprint.h"

#include <stdlib.h>
#include <string.h>

void inventory_clear(struct inventory *inventory)
{
	scan_result_clear(&inventory->skips);
	holders_clear(&inventory->holders);
	changes_clear(&inventory->changes);
	history_clear(&inventory->history);
	free(inventory->names);
	objects_free(inventory->objects);
	*inventory = (struct inventory){ 0 };
}

void inventory_tell(size_t done, size_t total, void *ctx)
{
	const struct inventory_progress *progress = ctx;
	if (progress->opts->progress)
		progress->opts->progress(progress->what, done, total,
			progress->opts->progress_ctx);
}

bool inventory_has(
	const struct inventory *inventory, const struct oid *oid, int *type)
{
	size_t low = 0;
	size_t high = inventory->name_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct object_name *name = &inventory->names[middle];
		int order = oid_compare(&name->oid, oid);
		if (order == 0) {
			if (type)
				*type = name->type;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

static int list_objects(struct inventory *inventory,
	const struct scan_opts *opts, struct err *err)
{
	const struct objects_opts objects_opts = {
		.dirs = repo_object_dirs(inventory->repo),
		.max_object_size = opts->max_blob_size,
		.libgit2_only = opts->libgit2_only,
		.verify = opts->verify_objects,
	};
	int rc = objects_open(&inventory->objects, &objects_opts, err);
	if (rc == 0)
		rc = objects_list(&inventory->names, &inventory->name_count,
			inventory->objects, opts->jobs, err);
	if (rc < 0)
		return rc;
	struct buf ids;
	buf_init(&ids, 0);
	for (size_t i = 0; i < inventory->name_count; i++)
		buf_add(&ids, inventory->names[i].oid.bytes, OID_SIZE);
	text_digest(inventory->objects_digest, ids.bytes, ids.len);
	buf_clear(&ids);
	return 0;
}

/* Every commit is a tip without a name, so that nothing hangs on what names
 * it; an object whose type cannot even be told was not looked at. */
static struct repo_ref *all_tips(struct inventory *inventory, size_t *count)
{
	const struct holders *holders = &inventory->holders;
	struct repo_ref *tips = xcalloc(
		inventory->name_count + holders->tip_count, sizeof(*tips));
	*count = 0;
	for (size_t i = 0; i < inventory->name_count; i++) {
		const struct object_name *name = &inventory->names[i];
		if (name->type == OBJECT_COMMIT)
			tips[(*count)++] =
				(struct repo_ref){ .name = "", name->oid };
		if (name->type)
			continue;
		struct skipped *skipped = scan_result_add_skipped(
			&inventory->skips, SKIP_CORRUPT);
		oid_to_hex(skipped->object, &name->oid);
	}
	for (size_t i = 0; i < holders->tip_count; i++) {
		/* a reflog may name what was pruned long ago, a ref may not */
		const struct repo_ref *tip = &holders->tips[i];
		if (i < holders->ref_tip_count ||
			inventory_has(inventory, &tip->oid, NULL))
			tips[(*count)++] = *tip;
	}
	return tips;
}

/** Finds each holder's tips: both are sorted by key. */
static void match_tips(struct inventory *inventory)
{
	const struct history *history = &inventory->history;
	size_t tip = 0;
	for (size_t i = 0; i < inventory->holders.count; i++) {
		struct holder *holder = &inventory->holders.items[i];
		while (tip < history->tip_count &&
			strcmp(history->tips[tip].ref, holder->key) < 0)
			tip++;
		holder->first_tip = tip;
		while (tip < history->tip_count &&
			!strcmp(history->tips[tip].ref, holder->key))
			tip++;
		holder->tip_count = tip - holder->first_tip;
	}
}

void inventory_reach(
	uint64_t *masks, const struct inventory *inventory, size_t from)
{
	const struct history *history = &inventory->history;
	const struct holders *holders = &inventory->holders;
	memset(masks, 0, history->count * sizeof(*masks));
	for (size_t i = 0; i < 64 && from + i < holders->count; i++) {
		const struct holder *holder = &holders->items[from + i];
		for (size_t t = 0; t < holder->tip_count; t++)
			masks[history->tips[holder->first_tip + t].commit] |=
				(uint64_t)1 << i;
	}
	history_reach(masks, history);
}

/** What no holder reaches may have lost its ancestors: git gc took them, and
 * nothing is amiss. Drops the word of the loader about those. */
static void forget_lost_ancestors(struct inventory *inventory)
{
	const struct history *history = &inventory->history;
	struct scan_result *skips = &inventory->skips;
	struct oid_map lost = { 0 };
	CLEANUP(freep)
	uint64_t *reached = xcalloc(history->count, sizeof(*reached));
	CLEANUP(freep)
	uint64_t *masks = xcalloc(history->count, sizeof(*masks));
	for (size_t h = 0; h < inventory->holders.count; h += 64) {
		inventory_reach(masks, inventory, h);
		for (uint32_t c = 0; c < history->count; c++)
			reached[c] |= masks[c];
	}
	for (uint32_t c = 0; c < history->count; c++)
		if (!reached[c] && oid_is_zero(&history->commits[c].tree))
			oid_map_add(&lost, &history->commits[c].oid, NULL);
	size_t kept = 0;
	for (size_t i = 0; i < skips->skipped_count; i++) {
		const struct skipped *skipped = &skips->skipped[i];
		struct oid oid;
		if (skipped->reason == SKIP_MISSING &&
			oid_from_hex(&oid, skipped->object) &&
			oid_map_find(&lost, &oid) != OID_MAP_NONE)
			continue;
		skips->skipped[kept++] = *skipped;
	}
	skips->skipped_count = kept;
	oid_map_clear(&lost);
}

static int load_history(struct inventory *inventory,
	const struct scan_opts *opts, struct err *err)
{
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	int rc = objects_reader_new(&reader, inventory->objects, err);
	if (rc < 0)
		return rc;
	size_t count;
	CLEANUP(freep) struct repo_ref *tips = all_tips(inventory, &count);
	const struct history_range range = { .tips = tips, .tip_count = count };
	rc = history_load(&inventory->history, &range, inventory->repo, reader,
		&inventory->skips, err);
	if (rc < 0)
		return rc;
	match_tips(inventory);
	forget_lost_ancestors(inventory);
	struct inventory_progress context = { opts, "Walking commits" };
	const struct walk_progress progress = { inventory_tell, &context };
	return history_walk(&inventory->changes, &inventory->history,
		inventory->objects, opts->jobs, &progress, &inventory->skips,
		err);
}

/* Indexes: that of the main worktree and those of the linked ones. */

struct index_context {
	struct inventory *inventory;
	struct err *err;
	int rc;
};

static int add_index(struct inventory *inventory, const char *git_dir,
	const char *worktree, struct err *err)
{
	CLEANUP(repo_freep) struct repo *repo = NULL;
	const struct repo_opts opts = { .git_dir = git_dir };
	int rc = repo_open(&repo, &opts, err);
	if (rc < 0)
		return rc;
	struct holder *holder =
		holders_add(&inventory->holders, HOLDER_INDEX, "", worktree);
	rc = entries_add_index(&holder->entries, repo, &inventory->changes,
		&inventory->skips, err);
	entries_sort(&holder->entries);
	return rc;
}

static int add_linked_index(
	const char *name, const char *git_dir, const char *path, void *ctx)
{
	struct index_context *context = ctx;
	context->rc = add_index(
		context->inventory, git_dir, path ? path : name, context->err);
	if (context->rc == ERR_GIT || context->rc == ERR_NOT_FOUND) {
		/* what is left of a worktree that was deleted by hand */
		struct scan_result *skips = &context->inventory->skips;
		struct skipped *skipped =
			scan_result_add_skipped(skips, SKIP_UNSUPPORTED);
		skipped->detail = arena_printf(&skips->arena,
			"the linked worktree %s: %s (git worktree prune)", name,
			context->err->msg);
		context->rc = 0;
	}
	return context->rc;
}

static int add_indexes(struct inventory *inventory, struct err *err)
{
	struct index_context context = { .inventory = inventory, .err = err };
	int rc = add_index(
		inventory, repo_common_dir(inventory->repo), NULL, err);
	if (rc == 0)
		linked_worktrees_each(
			inventory->repo, add_linked_index, &context);
	return rc < 0 ? rc : context.rc;
}

static void note_damaged_logs(struct inventory *inventory)
{
	const struct holders *holders = &inventory->holders;
	for (size_t i = 0; i < holders->damaged_count; i++) {
		struct skipped *skipped = scan_result_add_skipped(
			&inventory->skips, SKIP_CORRUPT);
		skipped->detail = arena_printf(&inventory->skips.arena,
			"the reflog of %s has lines that are none",
			holders->damaged[i]);
	}
}

int inventory_take(struct inventory *out, struct repo *repo,
	const struct scan_opts *opts, struct err *err)
{
	*out = (struct inventory){ .repo = repo };
	int rc = list_objects(out, opts, err);
	if (rc == 0)
		rc = repo_digest_refs(out->refs_digest, repo, err);
	if (rc == 0)
		rc = holders_find(&out->holders, repo, err);
	if (rc == 0)
		rc = load_history(out, opts, err);
	if (rc == 0)
		rc = repo_note_broken_refs(&out->skips, repo, err);
	if (rc < 0)
		return rc;
	note_damaged_logs(out);
	return add_indexes(out, err);
}
