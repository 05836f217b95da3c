#include "scanner/history_walk.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/pool.h"
#include "scanner/tree_diff.h"
#include "scanner/unreadable.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define CHUNK_COMMITS 512 /* neighbours share trees: one thread has them */
#define CACHE_BYTES   ((size_t)96 << 20)

/** Where the changes of one chunk of commits lie in its worker's list. */
struct chunk {
	unsigned worker;
	size_t first, count;
};

/** Everything one thread gathers; merged when all have ended. */
struct worker {
	const struct history *history;
	struct objects_reader *reader;
	struct tree_cache *cache;
	struct tree_diff *diff;
	struct changes changes;
	struct unreadable unreadable;
	struct path_table submodules;
	struct scan_result skips;
	uint32_t commit;  /* being walked */
	uint32_t *before; /* room for a number a parent */
	size_t before_allocated;
};

/** What all threads have looked at, as in struct tree_diff_limits. */
struct spent {
	atomic_size_t entries, repeated;
	atomic_bool too_much;
};

struct walk {
	const struct history *history;
	struct worker *workers;
	struct chunk *chunks;
	size_t chunk_count;
	atomic_size_t next_chunk;
	struct spent *spent; /* NULL: the one thread keeps to the limits */
	const struct walk_progress *progress;
};

void changes_clear(struct changes *changes)
{
	path_table_clear(&changes->paths);
	oid_map_clear(&changes->blobs);
	free(changes->items);
	*changes = (struct changes){ 0 };
}

static struct change *add_change(struct changes *changes)
{
	ARRAY_GROW(changes->items, changes->count, changes->capacity);
	return &changes->items[changes->count++];
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a;
	uint32_t right = *(const uint32_t *)b;
	return (left > right) - (left < right);
}

void changes_add(struct changes *changes, struct change row, uint32_t *before,
	size_t count)
{
	if (!count) {
		row.before = BLOB_NONE;
		*add_change(changes) = row;
		return;
	}
	if (count > 1)
		qsort(before, count, sizeof(*before), compare_numbers);
	for (size_t i = 0; i < count; i++) {
		if (i && before[i] == before[i - 1])
			continue;
		row.before = before[i];
		*add_change(changes) = row;
	}
}

uint32_t changes_blob(struct changes *changes, const struct tree_entry *entry)
{
	if (!entry || mode_is_gitlink(entry->mode))
		return BLOB_NONE;
	return oid_map_add(
		&changes->blobs, (const struct oid *)entry->oid, NULL);
}

static void note_submodule(
	struct worker *worker, const struct tree_change *change)
{
	uint32_t known = worker->submodules.count;
	if (path_table_add(&worker->submodules, change->path,
		    change->path_len) < known)
		return;
	struct skipped *skipped =
		scan_result_add_skipped(&worker->skips, SKIP_SUBMODULE);
	skipped->path = arena_memdupz(
		&worker->skips.arena, change->path, change->path_len);
}

static int take_change(
	const struct tree_change *change, void *ctx, struct err *err)
{
	(void)err;
	struct worker *worker = ctx;
	if (change->now && mode_is_gitlink(change->now->mode))
		note_submodule(worker, change);
	uint32_t path = path_table_add(
		&worker->changes.paths, change->path, change->path_len);
	const struct change row = {
		.path = path,
		.commit = worker->commit,
		.blob = changes_blob(&worker->changes, change->now),
	};
	for (size_t i = 0; i < change->parent_count; i++)
		worker->before[i] =
			changes_blob(&worker->changes, change->before[i]);
	changes_add(
		&worker->changes, row, worker->before, change->parent_count);
	return 0;
}

static int take_unreadable(const struct oid *tree, const char *path, int rc,
	void *ctx, struct err *err)
{
	(void)err;
	struct worker *worker = ctx;
	return unreadable_add(&worker->unreadable, tree, path, rc);
}

/** A ref that names a blob: a change of the path "". */
static void take_bare_blob(
	struct worker *worker, const struct history_commit *commit)
{
	*add_change(&worker->changes) = (struct change){
		.path = path_table_add(&worker->changes.paths, "", 0),
		.commit = worker->commit,
		.blob = oid_map_add(
			&worker->changes.blobs, &commit->tree, NULL),
		.before = BLOB_NONE,
	};
}

static void reserve_before(struct worker *worker, size_t count)
{
	if (count <= worker->before_allocated)
		return;
	worker->before_allocated = count;
	worker->before =
		xreallocarray(worker->before, count, sizeof(*worker->before));
}

static int walk_commit(struct worker *worker, uint32_t number, struct err *err)
{
	const struct history *history = worker->history;
	const struct history_commit *commit = &history->commits[number];
	const struct tree_diff_sink sink = {
		.change = take_change,
		.unreadable = take_unreadable,
		.ctx = worker,
	};
	worker->commit = number;
	if (commit->left_out)
		return 0;
	if (oid_is_zero(&commit->tree))
		return 0; /* could not be read: skipped when it was loaded */
	if (commit->is_blob) {
		take_bare_blob(worker, commit);
		return 0;
	}
	reserve_before(worker, commit->parent_count);
	uint32_t count =
		history_distinct_parents(worker->before, history, commit);
	CLEANUP(freep) struct oid *parents = xcalloc(count, sizeof(*parents));
	for (uint32_t i = 0; i < count; i++)
		parents[i] = history->commits[worker->before[i]].tree;
	return tree_diff_run(
		worker->diff, &commit->tree, parents, count, &sink, err);
}

/** Adds up what the commit took; an error ends the walk, where it is more than
 * the limits for all. */
static int spend(struct walk *walk, struct worker *worker, struct err *err)
{
	const struct tree_diff_limits all = TREE_DIFF_LIMITS;
	struct tree_diff_limits *left = tree_diff_limits(worker->diff);
	struct spent *spent = walk->spent;
	size_t entries = all.entries - left->entries;
	size_t repeated = all.repeated - left->repeated;
	if (!spent || !entries)
		return 0;
	*left = all;
	if (atomic_fetch_add(&spent->entries, entries) + entries <
			all.entries &&
		atomic_fetch_add(&spent->repeated, repeated) + repeated <
			all.repeated)
		return 0;
	atomic_store(&spent->too_much, true);
	return err_set(err, ERR_LIMIT, "too much history to walk");
}

static int work(unsigned number, void *ctx, struct err *err)
{
	struct walk *walk = ctx;
	struct worker *worker = &walk->workers[number];
	for (;;) {
		size_t at = atomic_fetch_add(&walk->next_chunk, 1);
		if (at >= walk->chunk_count)
			return 0;
		struct chunk *chunk = &walk->chunks[at];
		chunk->worker = number;
		chunk->first = worker->changes.count;
		uint32_t from = (uint32_t)at * CHUNK_COMMITS;
		for (uint32_t i = 0; i < CHUNK_COMMITS; i++) {
			if (from + i >= walk->history->count)
				break;
			int rc = walk_commit(worker, from + i, err);
			if (rc == 0)
				rc = spend(walk, worker, err);
			if (rc < 0)
				return rc;
		}
		chunk->count = worker->changes.count - chunk->first;
		if (number == 0 && walk->progress)
			walk->progress->tell(at * CHUNK_COMMITS,
				walk->history->count, walk->progress->ctx);
	}
}

/** Numbers of one worker's paths or blobs in the merged tables. */
static uint32_t *map_paths(struct changes *out, const struct path_table *paths)
{
	uint32_t *map = xcalloc(paths->count, sizeof(*map));
	for (uint32_t i = 0; i < paths->count; i++)
		map[i] = path_table_add(&out->paths, paths->entries[i].text,
			paths->entries[i].len);
	return map;
}

static uint32_t *map_blobs(struct changes *out, const struct oid_map *blobs)
{
	uint32_t *map = xcalloc(blobs->count, sizeof(*map));
	for (uint32_t i = 0; i < blobs->count; i++)
		map[i] = oid_map_add(&out->blobs, &blobs->oids[i], NULL);
	return map;
}

static void merge_changes(
	struct changes *out, const struct walk *walk, unsigned jobs)
{
	uint32_t **paths = xcalloc(jobs, sizeof(*paths));
	uint32_t **blobs = xcalloc(jobs, sizeof(*blobs));
	for (unsigned i = 0; i < jobs; i++) {
		const struct changes *mine = &walk->workers[i].changes;
		paths[i] = map_paths(out, &mine->paths);
		blobs[i] = map_blobs(out, &mine->blobs);
	}
	for (size_t c = 0; c < walk->chunk_count; c++) {
		const struct chunk *chunk = &walk->chunks[c];
		unsigned w = chunk->worker;
		for (size_t i = 0; i < chunk->count; i++) {
			struct change change =
				walk->workers[w]
					.changes.items[chunk->first + i];
			change.path = paths[w][change.path];
			if (change.blob != BLOB_NONE)
				change.blob = blobs[w][change.blob];
			if (change.before != BLOB_NONE)
				change.before = blobs[w][change.before];
			*add_change(out) = change;
		}
	}
	for (unsigned i = 0; i < jobs; i++) {
		free(paths[i]);
		free(blobs[i]);
	}
	free(paths);
	free(blobs);
}

static void worker_clear(struct worker *worker)
{
	tree_diff_free(worker->diff);
	tree_cache_free(worker->cache);
	objects_reader_free(worker->reader);
	changes_clear(&worker->changes);
	unreadable_clear(&worker->unreadable);
	path_table_clear(&worker->submodules);
	scan_result_clear(&worker->skips);
	free(worker->before);
}

static int worker_init(struct worker *worker, const struct history *history,
	const struct objects *objects, struct err *err)
{
	worker->history = history;
	int rc = objects_reader_new(&worker->reader, objects, err);
	if (rc < 0)
		return rc;
	worker->cache = tree_cache_new(worker->reader, CACHE_BYTES);
	worker->diff = tree_diff_new(worker->cache);
	return 0;
}

/* What to walk, and how. */
struct walk_input {
	const struct history *history;
	const struct objects *objects;
	unsigned jobs;
	const struct walk_progress *progress; /* or NULL */
	struct spent *spent;                  /* to keep to a bound, or NULL */
};

static int walk_all(struct changes *out, const struct walk_input *input,
	struct scan_result *result, struct err *err)
{
	const struct history *history = input->history;
	unsigned jobs = input->jobs;
	*out = (struct changes){ 0 };
	struct walk walk = {
		.history = history,
		.spent = input->spent,
		.chunk_count = ((size_t)history->count + CHUNK_COMMITS - 1) /
			CHUNK_COMMITS,
		.progress = input->progress,
	};
	walk.chunks = xcalloc(walk.chunk_count, sizeof(*walk.chunks));
	walk.workers = xcalloc(jobs, sizeof(*walk.workers));
	int rc = 0;
	for (unsigned i = 0; rc == 0 && i < jobs; i++)
		rc = worker_init(
			&walk.workers[i], history, input->objects, err);
	if (rc == 0)
		rc = pool_run(jobs, work, &walk, err);
	if (rc == 0)
		merge_changes(out, &walk, jobs);
	CLEANUP(unreadable_clear) struct unreadable unreadable = { 0 };
	for (unsigned i = 0; i < jobs; i++) {
		unreadable_unite(&unreadable, &walk.workers[i].unreadable);
		if (rc == 0)
			scan_result_absorb(result, &walk.workers[i].skips);
		worker_clear(&walk.workers[i]);
	}
	if (rc == 0)
		unreadable_tell(&unreadable, result);
	free(walk.workers);
	free(walk.chunks);
	return rc;
}

int history_walk(struct changes *out, const struct history *history,
	const struct objects *objects, unsigned jobs,
	const struct walk_progress *progress, struct scan_result *result,
	struct err *err)
{
	struct spent spent = { 0 };
	struct walk_input input = {
		.history = history,
		.objects = objects,
		.jobs = jobs,
		.progress = progress,
		.spent = &spent,
	};
	int rc = walk_all(out, &input, result, err);
	if (rc != ERR_LIMIT || !atomic_load(&spent.too_much))
		return rc;
	/* once more, in order: which of the threads came too late is chance */
	changes_clear(out);
	input.jobs = 1;
	input.spent = NULL;
	return walk_all(out, &input, result, err);
}
