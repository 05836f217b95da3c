#include "remedy/inventory.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "scanner/fingerprint.h"
#include "scanner/worktree_indexes.h"

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
	const struct err *broken = objects_broken(inventory->objects);
	struct scan_result *skips = &inventory->skips;
	if (broken)
		scan_result_add_skipped(skips, SKIP_CORRUPT)->detail =
			arena_strdup(&skips->arena, broken->msg);
	struct buf ids;
	buf_init(&ids, 0);
	for (size_t i = 0; i < inventory->name_count; i++)
		buf_add(&ids, inventory->names[i].oid.bytes, OID_SIZE);
	text_digest(inventory->objects_digest, ids.bytes, ids.len);
	buf_clear(&ids);
	return 0;
}

/** The tips of the holders, by their keys. Caller frees. */
static struct history_start *keyed_tips(const struct holders *holders)
{
	struct history_start *tips = holders_starts(holders, 0);
	for (size_t i = 0; i < holders->tip_count; i++)
		tips[i].name = holders->tips[i].key;
	return tips;
}

/** Every commit, so that nothing hangs on what names it. An object whose type
 * cannot even be told was not looked at. Caller frees. */
static struct oid *all_commits(struct inventory *inventory, size_t *count)
{
	struct oid *commits = xcalloc(inventory->name_count, sizeof(*commits));
	*count = 0;
	for (size_t i = 0; i < inventory->name_count; i++) {
		const struct object_name *name = &inventory->names[i];
		if (name->type == OBJECT_COMMIT)
			commits[(*count)++] = name->oid;
		if (name->type)
			continue;
		struct skipped *skipped = scan_result_add_skipped(
			&inventory->skips, SKIP_CORRUPT);
		oid_to_hex(skipped->object, &name->oid);
	}
	return commits;
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
	history_reach(masks, 1, history);
}

static int load_history(struct inventory *inventory,
	const struct scan_opts *opts, struct err *err)
{
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	int rc = objects_reader_new(&reader, inventory->objects, err);
	if (rc < 0)
		return rc;
	CLEANUP(freep)
	struct history_start *tips = keyed_tips(&inventory->holders);
	size_t count;
	CLEANUP(freep) struct oid *commits = all_commits(inventory, &count);
	const struct history_range range = {
		.tips = tips,
		.tip_count = inventory->holders.tip_count,
		.more = commits,
		.more_count = count,
	};
	rc = history_load(&inventory->history, &range, inventory->repo, reader,
		&inventory->skips, err);
	if (rc < 0)
		return rc;
	match_tips(inventory);
	struct inventory_progress context = { opts, "Walking commits" };
	const struct walk_progress progress = { inventory_tell, &context };
	return history_walk(&inventory->changes, &inventory->history,
		inventory->objects, opts->jobs, &progress, &inventory->skips,
		err);
}

static int add_index(
	const struct worktree_index *index, void *ctx, struct err *err)
{
	struct inventory *inventory = ctx;
	struct holder *holder = holders_add(
		&inventory->holders, HOLDER_INDEX, "", index->worktree);
	int rc = entries_add_index_at(&holder->entries, inventory->repo,
		index->path, PLACE_INDEX, &inventory->changes,
		&inventory->skips, err);
	entries_sort(&holder->entries);
	return rc;
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

static void note_missing_blob(
	struct inventory *inventory, const struct oid *oid)
{
	struct skipped *skipped =
		scan_result_add_skipped(&inventory->skips, SKIP_MISSING);
	oid_to_hex(skipped->object, oid);
	skipped->detail = "blob";
}

/** Tells of the blobs that commits and indexes name and no object folder has:
 * what is in them cannot be searched. What is not listed is asked for, because
 * libgit2 may have it. */
static int note_missing_blobs(struct inventory *inventory, struct err *err)
{
	const struct oid_map *blobs = &inventory->changes.blobs;
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	int rc = objects_reader_new(&reader, inventory->objects, err);
	for (size_t i = 0; rc == 0 && i < blobs->count; i++) {
		if (inventory_has(inventory, &blobs->oids[i], NULL))
			continue;
		struct object object = { 0 };
		struct err unread = { 0 };
		if (objects_read(&object, reader, &blobs->oids[i], &unread) ==
			ERR_NOT_FOUND)
			note_missing_blob(inventory, &blobs->oids[i]);
	}
	return rc;
}

int inventory_take(struct inventory *out, struct repo *repo,
	const struct scan_opts *opts, struct err *err)
{
	*out = (struct inventory){ .repo = repo };
	int rc = list_objects(out, opts, err);
	if (rc == 0)
		rc = repo_digest_refs(out->refs_digest, repo, err);
	if (rc == 0)
		rc = holders_find(&out->holders, repo, true, err);
	if (rc == 0)
		rc = load_history(out, opts, err);
	if (rc == 0)
		rc = repo_note_broken_refs(&out->skips, repo, err);
	if (rc < 0)
		return rc;
	note_damaged_logs(out);
	rc = worktree_indexes_each(repo, add_index, out, err);
	return rc < 0 ? rc : note_missing_blobs(out, err);
}
