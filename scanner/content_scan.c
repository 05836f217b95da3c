#include "scanner/content_scan.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/allow.h"
#include "scanner/fingerprint.h"
#include "scanner/lfs_pointer.h"
#include "scanner/pool.h"
#include "scanner/redact.h"
#include "scanner/region.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PROGRESS_STEP 1024 /* blobs */

/* Bytes of secrets that are kept: of one, and of all. */
#define SECRET_MAX  ((size_t)64 * 1024)
#define SECRETS_MAX ((size_t)256 * 1024 * 1024)

/** One thread's matcher and what it found; `skips` also counts its bytes. */
struct worker {
	const struct content_scan_opts *opts;
	atomic_size_t *done;
	atomic_size_t *secret_bytes; /* kept by all workers */
	bool is_caller; /* runs on the thread that may talk to the user */
	struct matcher *matcher;
	struct rule_cost *costs; /* by rule, or NULL */
	struct hits hits;
	struct scan_result skips;
	struct line_cursor lines; /* of the blob being matched */
	uint32_t blob;
	const struct oid *oid;    /* of that one */
	struct blob_copy *copies; /* of the blob from its base */
	size_t copy_count, copy_capacity;
	uint32_t *path_rules; /* of the blob */
	size_t path_rule_capacity;
};

/** Where keywords stand in a blob, kept for those that are made from it. */
struct blob_note {
	struct object_note object_note;
	struct keyword_hits hits;
	struct keyword_hit items[];
};

void hits_clear(struct hits *hits)
{
	arena_clear(&hits->arena);
	for (size_t i = 0; i < hits->count; i++) {
		struct hit *hit = &hits->items[i];
		if (hit->secret)
			explicit_bzero(hit->secret, hit->secret_len);
		free(hit->secret);
	}
	free(hits->items);
	*hits = (struct hits){ 0 };
}

static void skip_blob(struct worker *worker, const struct oid *oid, int reason,
	const char *detail)
{
	struct skipped *skipped =
		scan_result_add_skipped(&worker->skips, reason);
	oid_to_hex(skipped->object, oid);
	skipped->detail = detail;
}

/** Keeps the bytes that a rule with a role found, for the proof. */
static void keep_secret(
	struct worker *worker, struct hit *hit, const struct match *match)
{
	bool whole = !match->rule->pattern;
	size_t start = whole ? 0 : match->secret_start;
	size_t end = whole ? worker->lines.len : match->secret_end;
	size_t len = end - start;
	if (!match->rule->role || !len || len > SECRET_MAX)
		return;
	if (atomic_fetch_add(worker->secret_bytes, len) > SECRETS_MAX) {
		skip_blob(worker, worker->oid, SKIP_LIMIT,
			"a secret in it is tried on no other");
		return;
	}
	hit->secret =
		(unsigned char *)xmemdupz(worker->lines.bytes + start, len);
	hit->secret_len = len;
}

/** The comment beside a match that accepts it, or NULL. */
static const struct suppression *find_allow(
	struct worker *worker, const struct match *match)
{
	const struct line_cursor *text = &worker->lines;
	return allow_find(&worker->hits.arena, match->rule->id, text->bytes,
		text->len, match->secret_start, match->secret_end);
}

/** What makes the match believed, with the places of its parts. */
static const struct finding_belief *belief_of(
	struct worker *worker, const struct match *match)
{
	struct arena *arena = &worker->hits.arena;
	const struct belief *belief = match->belief;
	if (!belief)
		return NULL;
	struct finding_belief *out = arena_alloc(arena, sizeof(*out));
	struct finding_part *parts =
		arena_array(arena, belief->part_count, sizeof(*parts));
	for (size_t i = 0; i < belief->part_count; i++)
		parts[i] = (struct finding_part){
			.title = belief->parts[i].title,
			.region = line_cursor_region(&worker->lines,
				belief->parts[i].start, belief->parts[i].end),
		};
	*out = (struct finding_belief){
		.why = belief->reasons,
		.why_count = belief->reason_count,
		.parts = parts,
		.part_count = belief->part_count,
	};
	return out;
}

static int take_match(const struct match *match, void *ctx, struct err *err)
{
	(void)err;
	struct worker *worker = ctx;
	struct hits *hits = &worker->hits;
	const unsigned char *bytes = worker->lines.bytes;
	ARRAY_GROW(hits->items, hits->count, hits->capacity);
	struct hit *hit = &hits->items[hits->count++];
	*hit = (struct hit){
		.blob = worker->blob,
		.rule = (uint32_t)match->rule_index,
		.evidence = match->evidence,
	};
	keep_secret(worker, hit, match);
	if (match->secret_end <= match->secret_start)
		return 0;
	hit->region = line_cursor_region(
		&worker->lines, match->secret_start, match->secret_end);
	if (match->evidence && match->evidence->setting)
		hit->excerpt = arena_printf(&hits->arena, "%s = %s",
			match->evidence->setting, match->evidence->value);
	hit->allowed = find_allow(worker, match);
	hit->belief = belief_of(worker, match);
	if (!match->rule->pattern)
		return 0; /* a keyword tells where, it is no secret */
	hit->excerpt = redact_excerpt(&hits->arena, bytes, worker->lines.len,
		match->secret_start, match->secret_end);
	secret_id(hit->secret_id, worker->opts->fingerprint_key,
		bytes + match->secret_start,
		match->secret_end - match->secret_start);
	return 0;
}

/** The candidates of one blob: first of them, and behind the last. */
static void find_candidates(const struct content_scan_opts *opts, uint32_t blob,
	size_t *first, size_t *end)
{
	size_t low = 0;
	size_t high = opts->candidate_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (opts->candidates[middle].blob < blob)
			low = middle + 1;
		else
			high = middle;
	}
	*first = low;
	while (low < opts->candidate_count &&
		opts->candidates[low].blob == blob)
		low++;
	*end = low;
}

static void free_note(struct object_note *note)
{
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
	};
	return true;
}

static void leave_note(struct object_note **out, const struct matcher *matcher)
{
	struct keyword_hits hits;
	if (!out || !matcher_hits(&hits, matcher))
		return;
	size_t size = hits.count * sizeof(*hits.items);
	struct blob_note *note = xmalloc(sizeof(*note) + size);
	note->object_note = (struct object_note){
		.size = sizeof(*note) + size,
		.free = free_note,
	};
	note->hits = hits;
	note->hits.items = note->items;
	if (size)
		memcpy(note->items, hits.items, size);
	*out = &note->object_note;
}

/** The rules of the candidates [first, end). */
static void list_path_rules(struct worker *worker, struct matcher_blob *blob,
	size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		ARRAY_GROW(worker->path_rules, blob->path_rule_count,
			worker->path_rule_capacity);
		worker->path_rules[blob->path_rule_count++] =
			worker->opts->candidates[i].rule;
	}
	blob->path_rules = worker->path_rules;
}

static int match_content(struct worker *worker, const struct object *object,
	size_t first, size_t end, const struct match_out *out, struct err *err)
{
	const struct content_scan_opts *opts = worker->opts;
	uint32_t path = opts->settings_path ? opts->settings_path[worker->blob]
					    : PATH_NONE;
	struct blob_base base;
	struct matcher_blob blob = {
		.bytes = object->bytes,
		.len = object->len,
		.keep = object->note && object->len >= BLOB_COPY_MIN &&
			!opts->alone,
	};
	if (path != PATH_NONE)
		blob.settings_path = opts->paths->entries[path].text;
	list_path_rules(worker, &blob, first, end);
	if (find_base(&base, worker, object->delta))
		blob.base = &base;
	return matcher_blob(worker->matcher, &blob, out, err);
}

static int match_blob(
	struct worker *worker, const struct object *object, struct err *err)
{
	const struct content_scan_opts *opts = worker->opts;
	struct matcher *matcher = worker->matcher;
	const struct match_out out = {
		.sink = take_match,
		.ctx = worker,
		.arena = &worker->hits.arena,
	};
	size_t at;
	size_t end;
	find_candidates(opts, worker->blob, &at, &end);
	int rc = match_content(worker, object, at, end, &out, err);
	bool limited = matcher_was_limited(matcher);
	leave_note(object->note, matcher);
	for (; rc >= 0 && at < end; at++) {
		const struct candidate *candidate = &opts->candidates[at];
		rc = matcher_candidate(
			matcher, candidate->rule, candidate->path, &out, err);
		limited = limited || matcher_was_limited(matcher);
	}
	if (limited)
		skip_blob(worker, &object->oid, SKIP_LIMIT,
			"a rule gave up on it: too much work");
	return rc < 0 ? rc : 0;
}

static int skip_unreadable(struct worker *worker, const struct object *object,
	int status, const struct err *err)
{
	if (status == ERR_NOT_FOUND)
		skip_blob(worker, &object->oid, SKIP_MISSING, "blob");
	else if (status == ERR_CORRUPT)
		skip_blob(worker, &object->oid, SKIP_CORRUPT,
			arena_strdup(&worker->skips.arena, err->msg));
	else if (status == ERR_LIMIT)
		skip_blob(worker, &object->oid, SKIP_TOO_LARGE,
			arena_printf(&worker->skips.arena, "%zu bytes",
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
	struct scan_result *skips = &worker->skips;
	skip_blob(worker, &object->oid, SKIP_LFS_POINTER,
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
	if (worker->is_caller && opts->progress && done % PROGRESS_STEP == 0)
		opts->progress->tell(done,
			opts->wanted_count + opts->outside_count,
			opts->progress->ctx);
}

static int match_object(
	struct worker *worker, const struct object *object, struct err *err)
{
	const struct content_scan_opts *opts = worker->opts;
	size_t told = worker->skips.skipped_count;
	worker->skips.blobs += object->type == OBJECT_BLOB;
	worker->skips.bytes += object->len;
	note_lfs_pointer(worker, object);
	worker->blob = opts->blobs ? oid_map_find(opts->blobs, &object->oid)
				   : (uint32_t)object->place;
	worker->oid = &object->oid;
	if (opts->is_file && opts->is_file[worker->blob] &&
		object->type != OBJECT_BLOB)
		skip_blob(worker, &object->oid, SKIP_CORRUPT,
			"stands for a file and is no blob");
	line_cursor_init(&worker->lines, object->bytes, object->len);
	int rc = match_blob(worker, object, err);
	if (opts->scanned)
		opts->scanned[worker->blob] = (struct blob_scanned){
			.len = object->len,
			.is_blob = object->type == OBJECT_BLOB,
			.done = true,
			.told = worker->skips.skipped_count > told,
			.wants_path = matcher_wants_path(worker->matcher),
		};
	return rc;
}

static int take_object(
	const struct object *object, int status, void *ctx, struct err *err)
{
	struct worker *worker = ctx;
	const atomic_bool *stop = worker->opts->stop;
	if (stop && atomic_load_explicit(stop, memory_order_relaxed))
		return 1;
	tell_progress(worker);
	if (status < 0)
		return skip_unreadable(worker, object, status, err);
	return match_object(worker, object, err);
}

/** What the threads share while they read what is no object. */
struct outside_run {
	struct worker *workers;
	atomic_size_t next;
};

static int match_outside(struct worker *worker, const struct outside_item *item,
	struct buf *buf, struct err *err)
{
	struct object object = { .oid = item->oid, .type = OBJECT_BLOB };
	struct err unread;
	int rc = outside_read(&object.bytes, &object.len, buf,
		worker->opts->outside, item, &unread);
	if (rc == 0)
		return take_object(&object, 0, worker, err);
	/* it was there a moment ago */
	struct skipped *skipped =
		scan_result_add_skipped(&worker->skips, SKIP_MISSING);
	skipped->path = arena_strdup(&worker->skips.arena, item->path);
	skipped->detail = arena_strdup(&worker->skips.arena, unread.msg);
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
	take_hits(out, &worker->hits);
	result->blobs += worker->skips.blobs;
	result->bytes += worker->skips.bytes;
	scan_result_absorb(result, &worker->skips);
	scan_result_clear(&worker->skips);
	matcher_free(worker->matcher);
	free(worker->copies);
	free(worker->path_rules);
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
		workers[i].secret_bytes = &secret_bytes;
		workers[i].is_caller = i == 0;
		contexts[i] = &workers[i];
		if (rc == 0)
			rc = matcher_new(&workers[i].matcher, opts->rules, err);
		if (rc == 0)
			count_costs(&workers[i]);
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
