#include "scanner/head_start.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/cached_content.h"
#include "scanner/pool.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define MIN_BLOBS 256 /* fewer are not worth a thread */

#define NONE UINT32_MAX

struct head_start {
	struct head_start_input input;
	struct oid *wanted;
	uint32_t *numbers; /* of the wanted, in the survey */
	size_t wanted_count;
	struct blob_scanned *scanned; /* by place among the wanted */
	atomic_bool stop;
	struct later later;      /* how to go on */
	struct pool_task *task;  /* NULL: has ended */
	struct hits hits;        /* blobs are places */
	struct scan_result told; /* of what is told later, by the scan */
	uint32_t *place_of;      /* by blob, once numbered */
	uint32_t *blob_of;       /* the other way round */
	uint32_t blob_count;
};

static bool pays(const struct head_start_input *input)
{
	const struct scan_opts *opts = input->opts;
	return opts->jobs > 1 && !opts->pathspec && !opts->costs &&
		!opts->shard.count &&
		!cached_content_exists(opts->cache, opts->fingerprint_key,
			opts->max_blob_size, opts->decode_depth);
}

static int work(unsigned number, void *ctx, struct err *err)
{
	(void)number;
	struct head_start *start = ctx;
	const struct scan_opts *opts = start->input.opts;
	const struct content_scan_opts scan = {
		.objects = start->input.objects,
		.rules = start->input.rules,
		.wanted = start->wanted,
		.wanted_count = start->wanted_count,
		.max_size = opts->max_blob_size,
		.fingerprint_key = opts->fingerprint_key,
		.decode_depth = opts->decode_depth,
		.timeout_ms = opts->timeout_ms,
		.jobs = opts->jobs,
		.scanned = start->scanned,
		.stop = &start->stop,
		.later = &start->later,
	};
	return content_scan(&start->hits, &scan, &start->told, err);
}

int head_start_begin(struct head_start **out,
	const struct head_start_input *input, struct err *err)
{
	*out = NULL;
	if (!pays(input))
		return 0;
	CLEANUP(head_start_freep)
	struct head_start *start = xcalloc(1, sizeof(*start));
	start->input = *input;
	later_init(&start->later);
	start->wanted = survey_collect(input->survey, 1U << OBJECT_BLOB,
		&start->numbers, &start->wanted_count);
	if (start->wanted_count < MIN_BLOBS)
		return 0;
	start->scanned = xcalloc(start->wanted_count, sizeof(*start->scanned));
	int rc = pool_task_start(&start->task, work, start, err);
	if (rc == 0)
		*out = STEAL(start);
	return rc;
}

void head_start_number(struct head_start *start, const struct reach *reach,
	uint32_t blob_count)
{
	start->blob_count = blob_count;
	start->place_of = xcalloc(blob_count, sizeof(*start->place_of));
	start->blob_of = xcalloc(start->wanted_count, sizeof(*start->blob_of));
	memset(start->place_of, 0xff, blob_count * sizeof(*start->place_of));
	for (size_t i = 0; i < start->wanted_count; i++) {
		uint32_t number = start->numbers[i];
		uint32_t blob = number < reach->blob_of_count
			? reach->blob_of[number]
			: BLOB_NONE;
		start->blob_of[i] = blob;
		if (blob != BLOB_NONE)
			start->place_of[blob] = (uint32_t)i;
	}
}

static int stop(struct head_start *start, struct err *err)
{
	atomic_store(&start->stop, true);
	later_tell(&start->later, NULL);
	return pool_task_join(STEAL(start->task), err);
}

void head_start_free(struct head_start *start)
{
	if (!start)
		return;
	struct err ignored;
	if (start->task && stop(start, &ignored) < 0)
		start->wanted_count = 0; /* nobody asks any more */
	later_clear(&start->later);
	hits_clear(&start->hits);
	scan_result_clear(&start->told);
	free(start->wanted);
	free(start->numbers);
	free(start->scanned);
	free(start->place_of);
	free(start->blob_of);
	free(start);
}

/** True when nothing is left to do of a blob. */
static bool is_settled(const struct head_start *start,
	const struct content_scan_opts *opts, uint32_t blob)
{
	uint32_t place = start->place_of[blob];
	if (place == NONE)
		return false;
	const struct blob_scanned *scanned = &start->scanned[place];
	bool needs_path = scanned->wants_path && !scanned->asked_paths &&
		opts->settings_path[blob] != PATH_NONE;
	return scanned->done && scanned->is_blob && !scanned->told &&
		!needs_path;
}

/** True when a rule may report something of a blob by its path that was not
 * known when the blob was read. */
static bool is_asked_again(const struct head_start *start,
	const struct content_scan_opts *opts, const struct candidate *candidate)
{
	uint32_t place = start->place_of[candidate->blob];
	if (place == NONE || start->scanned[place].asked_paths)
		return false;
	return !opts->rules->rules[candidate->rule]->keywords ||
		start->scanned[place].path_keywords >> candidate->rule % 64 & 1;
}

/** By blob: what is settled, and no rule has a word on its paths as well.
 * Caller frees. */
static bool *mark_settled(
	const struct head_start *start, const struct content_scan_opts *opts)
{
	bool *settled = xcalloc(start->blob_count, sizeof(*settled));
	for (size_t i = 0; i < opts->wanted_count; i++) {
		uint32_t blob = opts->numbers[i];
		settled[blob] = is_settled(start, opts, blob);
	}
	for (size_t i = 0; i < opts->candidate_count; i++) {
		const struct candidate *candidate = &opts->candidates[i];
		if (is_asked_again(start, opts, candidate))
			settled[candidate->blob] = false;
	}
	return settled;
}

/** Counts a settled blob. */
static void take_blob(const struct head_start *start,
	const struct content_scan_opts *opts, uint32_t blob,
	struct scan_result *result)
{
	const struct blob_scanned *scanned =
		&start->scanned[start->place_of[blob]];
	result->blobs++;
	result->bytes += scanned->len;
	if (opts->scanned)
		opts->scanned[blob] = *scanned;
}

/** Moves the hits in settled blobs. */
static void take_hits(
	struct hits *out, struct head_start *start, const bool *settled)
{
	CLEANUP(hits_clear) struct hits taken = { 0 };
	struct hits *found = &start->hits;
	for (size_t i = 0; i < found->count; i++) {
		struct hit *hit = &found->items[i];
		uint32_t blob = start->blob_of[hit->blob];
		if (blob == BLOB_NONE || !settled[blob])
			continue;
		ARRAY_GROW(taken.items, taken.count, taken.capacity);
		taken.items[taken.count] = *hit;
		taken.items[taken.count++].blob = blob;
		hit->secret = NULL; /* handed over */
	}
	arena_absorb(&taken.arena, &found->arena);
	hits_clear(found);
	hits_absorb(out, &taken);
}

/** What is known of paths by now, by place among the wanted. */
struct known_paths {
	struct candidate *candidates;
	size_t candidate_count;
	uint32_t *settings_path;
	bool *unwanted;
};

static void known_paths_clear(struct known_paths *known)
{
	free(known->candidates);
	free(known->settings_path);
	free(known->unwanted);
}

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a;
	const struct candidate *right = b;
	if (left->blob != right->blob)
		return left->blob < right->blob ? -1 : 1;
	return (left->rule > right->rule) - (left->rule < right->rule);
}

static void know_candidates(struct known_paths *known,
	const struct head_start *start, const struct content_scan_opts *opts)
{
	known->candidates =
		xcalloc(opts->candidate_count, sizeof(*known->candidates));
	for (size_t i = 0; i < opts->candidate_count; i++) {
		struct candidate candidate = opts->candidates[i];
		candidate.blob = start->place_of[candidate.blob];
		if (candidate.blob != NONE)
			known->candidates[known->candidate_count++] = candidate;
	}
	if (known->candidate_count)
		qsort(known->candidates, known->candidate_count,
			sizeof(*known->candidates), compare_candidates);
}

static void know_blobs(struct known_paths *known,
	const struct head_start *start, const struct content_scan_opts *opts)
{
	size_t count = start->wanted_count;
	known->settings_path = xcalloc(count, sizeof(*known->settings_path));
	known->unwanted = xcalloc(count, sizeof(*known->unwanted));
	memset(known->unwanted, true, count * sizeof(*known->unwanted));
	for (size_t i = 0; i < opts->wanted_count; i++) {
		uint32_t place = start->place_of[opts->numbers[i]];
		if (place == NONE)
			continue;
		known->unwanted[place] = false;
		known->settings_path[place] =
			opts->settings_path[opts->numbers[i]];
	}
}

/** Goes on with what is known now, on all threads, to the end. */
static int go_on(struct head_start *start, const struct content_scan_opts *opts,
	struct err *err)
{
	CLEANUP(known_paths_clear) struct known_paths known = { 0 };
	know_candidates(&known, start, opts);
	know_blobs(&known, start, opts);
	struct content_scan_opts rest = *opts;
	rest.numbers = NULL;
	rest.wanted = start->wanted;
	rest.wanted_count = start->wanted_count;
	rest.candidates = known.candidates;
	rest.candidate_count = known.candidate_count;
	rest.settings_path = known.settings_path;
	rest.unwanted = known.unwanted;
	rest.is_file = NULL; /* what is no blob is not settled */
	rest.scanned = start->scanned;
	later_tell(&start->later, &rest);
	return pool_task_join(STEAL(start->task), err);
}

int head_start_scan(struct hits *out, struct head_start *start,
	const struct content_scan_opts *opts, struct scan_result *result,
	struct err *err)
{
	int rc = go_on(start, opts, err);
	if (rc < 0)
		return rc;
	CLEANUP(freep) bool *settled = mark_settled(start, opts);
	CLEANUP(freep)
	struct oid *left = xcalloc(opts->wanted_count, sizeof(*left));
	CLEANUP(freep)
	uint32_t *numbers = xcalloc(opts->wanted_count, sizeof(*numbers));
	struct content_scan_opts rest = *opts;
	rest.wanted = left;
	rest.numbers = numbers;
	rest.progress = NULL; /* has been told to the end */
	rest.wanted_count = 0;
	for (size_t i = 0; i < opts->wanted_count; i++) {
		uint32_t blob = opts->numbers[i];
		if (settled[blob]) {
			take_blob(start, opts, blob, result);
			continue;
		}
		numbers[rest.wanted_count] = blob;
		left[rest.wanted_count++] = opts->wanted[i];
	}
	rc = content_scan(out, &rest, result, err);
	take_hits(out, start, settled);
	return rc;
}
