#include "scanner/content_scan.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/content_match.h"
#include "scanner/lfs_pointer.h"
#include "scanner/pool.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PROGRESS_STEP 1024 /* blobs */

/** One thread's matcher and what it found. */
struct worker {
	const struct content_scan_opts *opts;
	atomic_size_t *done;
	bool is_first; /* may talk to the user */
	struct matcher *matcher;
	struct rule_cost *costs;    /* by rule, or NULL */
	struct content_match match; /* its `skips` also counts bytes */
	struct blob_copy *copies;   /* of the blob from its base */
	size_t copy_count, copy_capacity;
};

/** Where keywords stand in a blob, kept for those that are made from it. */
struct blob_note {
	struct object_note object_note;
	struct keyword_hits hits;
	struct encoded_run *runs; /* in which something was found, or NULL */
	size_t run_count;
	struct keyword_hit items[];
};

void hit_clear(struct hit *hit)
{
	if (hit->secret)
		explicit_bzero(hit->secret, hit->secret_len);
	free(hit->secret);
}

void hits_clear(struct hits *hits)
{
	arena_clear(&hits->arena);
	for (size_t i = 0; i < hits->count; i++)
		hit_clear(&hits->items[i]);
	free(hits->items);
	*hits = (struct hits){ 0 };
}

static void skip_blob(struct worker *worker, const struct oid *oid, int reason,
	const char *detail)
{
	struct skipped *skipped =
		scan_result_add_skipped(&worker->match.skips, reason);
	oid_to_hex(skipped->object, oid);
	skipped->detail = detail;
}

static void free_note(struct object_note *object_note)
{
	struct blob_note *note = (struct blob_note *)object_note;
	free(note->runs);
	free(note);
}

/** What is known of the blob's base; false when nothing is. */
static bool find_base(struct blob_base *out, struct worker *worker,
	const struct object_delta *delta)
{
	if (!delta || worker->opts->alone)
		return false;
	worker->copy_count = 0;
	for (size_t i = 0; i < delta->copy_count; i++) {
		const struct object_copy *copy = &delta->copies[i];
		if (copy->len < BLOB_COPY_MIN)
			continue;
		ARRAY_GROW(worker->copies, worker->copy_count,
			worker->copy_capacity);
		worker->copies[worker->copy_count++] =
			(struct blob_copy){ copy->at, copy->from, copy->len };
	}
	const struct blob_note *note = (const struct blob_note *)delta->base;
	*out = (struct blob_base){
		.hits = &note->hits,
		.copies = worker->copies,
		.copy_count = worker->copy_count,
		.runs = note->runs,
		.run_count = note->run_count,
	};
	return true;
}

/** The hits that the matcher has kept; NULL when it has none. */
static struct blob_note *make_note(const struct matcher *matcher)
{
	struct keyword_hits hits;
	if (!matcher_hits(&hits, matcher))
		return NULL;
	size_t size = hits.count * sizeof(*hits.items);
	struct blob_note *note = xmalloc(sizeof(*note) + size);
	*note = (struct blob_note){
		.object_note = {
			.size = sizeof(*note) + size,
			.free = free_note,
		},
		.hits = hits,
	};
	note->hits.items = note->items;
	if (size)
		memcpy(note->items, hits.items, size);
	return note;
}

static void add_runs(struct blob_note *note, const struct encoded_runs *runs)
{
	if (!runs->count)
		return;
	size_t size = runs->count * sizeof(*runs->items);
	note->runs = xmalloc(size);
	memcpy(note->runs, runs->items, size);
	note->run_count = runs->count;
	note->object_note.size += size;
}

static int match_blob(struct worker *worker, const struct object *object,
	uint32_t number, struct err *err)
{
	struct blob_base base;
	struct content_match *match = &worker->match;
	bool keep = object->note && object->len >= BLOB_COPY_MIN &&
		!worker->opts->alone;
	const struct content_blob blob = {
		.bytes = object->bytes,
		.len = object->len,
		.number = number,
		.oid = object->oid,
		.base = find_base(&base, worker, object->delta) ? &base : NULL,
		.keep = keep,
	};
	int rc = content_match_blob(match, &blob, err);
	struct blob_note *note = keep ? make_note(worker->matcher) : NULL;
	if (rc == 0)
		rc = content_match_inside(match, &blob, err);
	if (note) {
		add_runs(note, &match->telling);
		*object->note = &note->object_note;
	}
	return rc;
}

static int skip_unreadable(struct worker *worker, const struct object *object,
	int status, const struct err *err)
{
	if (status == ERR_NOT_FOUND)
		skip_blob(worker, object->oid, SKIP_MISSING, "blob");
	else if (status == ERR_CORRUPT)
		skip_blob(worker, object->oid, SKIP_CORRUPT,
			arena_strdup(&worker->match.skips.arena, err->msg));
	else if (status == ERR_LIMIT)
		skip_blob(worker, object->oid, SKIP_TOO_LARGE,
			arena_printf(&worker->match.skips.arena, "%zu bytes",
				object->len));
	else
		return status;
	return 0;
}

static void note_lfs_pointer(struct worker *worker, const struct object *object)
{
	struct lfs_pointer pointer;
	if (!lfs_pointer_parse(&pointer, object->bytes, object->len))
		return;
	struct scan_result *skips = &worker->match.skips;
	skip_blob(worker, object->oid, SKIP_LFS_POINTER,
		arena_printf(&skips->arena, "%" PRIu64 " bytes, sha256:%s",
			pointer.size, pointer.oid));
	struct skipped *skipped = &skips->skipped[skips->skipped_count - 1];
	skipped->lfs_oid = arena_strdup(&skips->arena, pointer.oid);
	skipped->lfs_size = pointer.size;
}

static void tell_progress(const struct worker *worker)
{
	const struct content_scan_opts *opts = worker->opts;
	size_t done = atomic_fetch_add(worker->done, 1);
	if (worker->is_first && opts->progress && done % PROGRESS_STEP == 0)
		opts->progress->tell(done,
			opts->wanted_count + opts->outside_count,
			opts->progress->ctx);
}

static int match_object(struct worker *worker, const struct object *object,
	uint32_t blob, struct err *err)
{
	const struct content_scan_opts *opts = worker->opts;
	struct scan_result *skips = &worker->match.skips;
	size_t told = skips->skipped_count;
	skips->blobs += object->type == OBJECT_BLOB;
	skips->bytes += object->len;
	note_lfs_pointer(worker, object);
	if (opts->is_file && opts->is_file[blob] && object->type != OBJECT_BLOB)
		skip_blob(worker, object->oid, SKIP_CORRUPT,
			"stands for a file and is no blob");
	int rc = match_blob(worker, object, blob, err);
	if (opts->scanned)
		opts->scanned[blob] = (struct blob_scanned){
			.len = object->len,
			.is_blob = object->type == OBJECT_BLOB,
			.done = true,
			.told = skips->skipped_count > told,
			.wants_path = worker->match.wants_path,
			.asked_paths = opts->settings_path,
			.has_members = worker->match.has_members,
			.path_keywords = worker->match.path_keywords,
		};
	return rc;
}

/** Goes on with the options that were told meanwhile. */
static void learn(struct worker *worker)
{
	struct later *later = worker->opts->later;
	if (!later)
		return;
	const struct content_scan_opts *opts =
		worker->is_first ? later_wait(later) : later_get(later);
	if (opts)
		worker->opts = worker->match.opts = opts;
}

static int take_object(
	const struct object *object, int status, void *ctx, struct err *err)
{
	struct worker *worker = ctx;
	learn(worker);
	const struct content_scan_opts *opts = worker->opts;
	const atomic_bool *stop = opts->stop;
	if (stop && atomic_load_explicit(stop, memory_order_relaxed))
		return 1;
	tell_progress(worker);
	if (status < 0)
		return skip_unreadable(worker, object, status, err);
	uint32_t blob = opts->numbers ? opts->numbers[object->place]
				      : (uint32_t)object->place;
	if (opts->unwanted && opts->unwanted[blob])
		return 0;
	return match_object(worker, object, blob, err);
}

/** What the threads share while they read what is no object. */
struct outside_run {
	struct worker *workers;
	atomic_size_t next;
};

static int match_outside(struct worker *worker, const struct outside_item *item,
	struct buf *buf, struct err *err)
{
	struct object object = { .oid = &item->oid, .type = OBJECT_BLOB };
	struct err unread;
	int rc = outside_read(&object.bytes, &object.len, buf,
		worker->opts->outside, item, &unread);
	if (rc == 0) {
		tell_progress(worker);
		return match_object(worker, &object,
			oid_map_find(worker->opts->blobs, &item->oid), err);
	}
	/* it was there a moment ago */
	struct skipped *skipped =
		scan_result_add_skipped(&worker->match.skips, SKIP_MISSING);
	skipped->path = arena_strdup(&worker->match.skips.arena, item->path);
	skipped->detail = arena_strdup(&worker->match.skips.arena, unread.msg);
	return 0;
}

static int work_outside(unsigned number, void *ctx, struct err *err)
{
	struct outside_run *run = ctx;
	struct worker *worker = &run->workers[number];
	const struct content_scan_opts *opts = worker->opts;
	CLEANUP(buf_clear) struct buf buf;
	buf_init(&buf, opts->max_size);
	for (;;) {
		size_t at = atomic_fetch_add(&run->next, 1);
		if (at >= opts->outside_count)
			return 0;
		int rc = match_outside(
			worker, opts->outside_wanted[at], &buf, err);
		if (rc < 0)
			return rc;
	}
}

static int scan_outside(struct worker *workers,
	const struct content_scan_opts *opts, struct err *err)
{
	if (!opts->outside_count)
		return 0;
	struct outside_run run = { .workers = workers };
	return pool_run(opts->jobs, work_outside, &run, err);
}

static int compare_hits(const void *a, const void *b)
{
	const struct hit *left = a;
	const struct hit *right = b;
	if (left->blob != right->blob)
		return left->blob < right->blob ? -1 : 1;
	if (left->rule != right->rule)
		return left->rule < right->rule ? -1 : 1;
	if (left->region.start_byte != right->region.start_byte)
		return left->region.start_byte < right->region.start_byte ? -1
									  : 1;
	if (left->region.end_byte != right->region.end_byte)
		return left->region.end_byte < right->region.end_byte ? -1 : 1;
	return 0;
}

static void sort_hits(struct hits *hits)
{
	if (hits->count)
		qsort(hits->items, hits->count, sizeof(*hits->items),
			compare_hits);
}

/** The secrets belong to `hits` then. */
static void take_hits(struct hits *hits, struct hits *other)
{
	for (size_t i = 0; i < other->count; i++) {
		ARRAY_GROW(hits->items, hits->count, hits->capacity);
		hits->items[hits->count++] = other->items[i];
	}
	other->count = 0;
	arena_absorb(&hits->arena, &other->arena);
	hits_clear(other);
}

void hits_absorb(struct hits *hits, struct hits *other)
{
	take_hits(hits, other);
	sort_hits(hits);
}

/** Each thread counts for itself; merge_worker() adds it up. */
static void count_costs(struct worker *worker)
{
	if (!worker->opts->costs)
		return;
	worker->costs =
		xcalloc(worker->opts->rules->count, sizeof(*worker->costs));
	matcher_count_costs(worker->matcher, worker->costs);
}

static void merge_worker(
	struct hits *out, struct worker *worker, struct scan_result *result)
{
	take_hits(out, &worker->match.hits);
	result->blobs += worker->match.skips.blobs;
	result->bytes += worker->match.skips.bytes;
	scan_result_absorb(result, &worker->match.skips);
	content_match_clear(&worker->match);
	matcher_free(worker->matcher);
	free(worker->copies);
	if (worker->costs)
		rule_costs_add(worker->opts->costs, worker->costs,
			worker->opts->rules->count);
	free(worker->costs);
}

int content_scan(struct hits *out, const struct content_scan_opts *opts,
	struct scan_result *result, struct err *err)
{
	*out = (struct hits){ 0 };
	atomic_size_t done = 0;
	atomic_size_t secret_bytes = 0;
	CLEANUP(freep)
	struct worker *workers = xcalloc(opts->jobs, sizeof(*workers));
	CLEANUP(freep) void **contexts = xcalloc(opts->jobs, sizeof(*contexts));
	int rc = 0;
	for (unsigned i = 0; i < opts->jobs; i++) {
		workers[i].opts = opts;
		workers[i].done = &done;
		workers[i].match.secret_bytes = &secret_bytes;
		workers[i].match.opts = opts;
		workers[i].is_first = i == 0;
		contexts[i] = &workers[i];
		if (rc == 0)
			rc = matcher_new(&workers[i].matcher, opts->rules, err);
		if (rc == 0 && opts->timeout_ms)
			matcher_limit_time(
				workers[i].matcher, opts->timeout_ms);
		if (rc == 0)
			count_costs(&workers[i]);
		workers[i].match.matcher = workers[i].matcher;
	}
	if (rc == 0)
		rc = objects_each(opts->objects, opts->wanted,
			opts->wanted_count, opts->jobs, take_object, contexts,
			err);
	if (rc == 0)
		rc = scan_outside(workers, opts, err);
	for (unsigned i = 0; i < opts->jobs; i++)
		merge_worker(out, &workers[i], result);
	sort_hits(out);
	return rc;
}
