#include "scanner/cached_content.h"

#include "base/alloc.h"
#include "base/array.h"
#include "rules/digest.h"
#include "scanner/cache_codec.h"
#include "scanner/known_blobs.h"

#include <stdlib.h>
#include <string.h>

#define KIND "blobs"

/* Blobs that it is worth the time to start threads for. */
#define BULK_BLOBS 32

/** Scans with the rules of an index. `start` has begun with the same; or NULL.
 */
static int scan_with(struct hits *out, const struct content_scan_opts *opts,
	struct rule_index *index, struct head_start *start,
	struct scan_result *result, struct err *err)
{
	struct content_scan_opts some = *opts;
	size_t count = opts->wanted_count + opts->outside_count;
	*out = (struct hits){ 0 };
	if (!count)
		return 0;
	some.rules = index;
	some.jobs = count > BULK_BLOBS ? opts->jobs : 1;
	return start ? head_start_scan(out, start, &some, result, err)
		     : content_scan(out, &some, result, err);
}

/** Some of the wanted blobs. */
struct some_blobs {
	struct oid *oids;
	uint32_t *numbers;
	size_t count;
};

static void some_blobs_clear(struct some_blobs *some)
{
	free(some->oids);
	free(some->numbers);
}

/** What one scan works with. */
struct content_run {
	const struct content_scan_opts *opts;
	const struct content_cache *with;
	struct scan_result *result;
	uint8_t id[SHA256_DIGEST_SIZE];
	struct rule_names names;
	struct known_blobs known;
	struct oid *path_contexts;       /* by path, for blobs that no path rule
					    asks; zero: not made yet */
	uint32_t *contexts;              /* by wanted blob: number */
	const struct known_blob **knows; /* by wanted blob; or NULL */
	struct blob_scanned *scanned;    /* by blob */
	struct some_blobs fresh;         /* wanted and not known */
	struct some_blobs old;           /* wanted and known */
	bool has_news; /* a blob or a rule that the cache has not */
};

static void content_run_clear(struct content_run *run)
{
	rule_names_clear(&run->names);
	known_blobs_clear(&run->known);
	free(run->path_contexts);
	free(run->contexts);
	free(run->knows);
	free(run->scanned);
	some_blobs_clear(&run->fresh);
	some_blobs_clear(&run->old);
}

/** Which scans can share what they found. */
static void make_id(uint8_t id[SHA256_DIGEST_SIZE], struct cache *cache,
	const char *key, size_t max_blob_size, unsigned decode_depth)
{
	struct sha256_ctx sha;
	cache_id_init(&sha, cache, KIND);
	digest_text(&sha, key);
	digest_number(&sha, (int64_t)max_blob_size);
	digest_number(&sha, decode_depth);
	sha256_digest(&sha, SHA256_DIGEST_SIZE, id);
}

bool cached_content_exists(struct cache *cache, const char *key,
	size_t max_blob_size, unsigned decode_depth)
{
	uint8_t id[SHA256_DIGEST_SIZE];
	if (!cache)
		return false;
	make_id(id, cache, key, max_blob_size, decode_depth);
	return cache_has(cache, KIND, id);
}

static void load(struct content_run *run)
{
	CLEANUP(buf_clear) struct buf file = { 0 };
	struct cache_body body;
	rule_names_make(&run->names, run->with->rules);
	if (!cache_read(&body, &file, run->with->cache, KIND, run->id) ||
		!known_blobs_decode(&run->known, &body, &run->names))
		run->known = (struct known_blobs){ 0 };
}

/** The first candidate of a blob; candidates are sorted by blob. */
static size_t first_candidate(
	const struct content_scan_opts *opts, uint32_t blob)
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
	return low;
}

static void finish_context(struct oid *out, struct sha256_ctx *sha)
{
	sha256_digest(sha, sizeof(out->bytes), out->bytes);
}

static void begin_context(struct sha256_ctx *sha,
	const struct content_scan_opts *opts, uint32_t path)
{
	digest_init(sha, "context");
	digest_text(sha,
		path == PATH_NONE ? NULL : opts->paths->entries[path].text);
}

/* What else decides what is found in a blob belongs into its context, or into
 * make_id(). */
CACHE_SIZE_IS(struct content_scan_opts, 208);

/** How a blob is asked: by which path its settings are read, and by which rules
 * for which paths. */
static void make_context(
	struct oid *out, struct content_run *run, uint32_t blob)
{
	const struct content_scan_opts *opts = run->opts;
	uint32_t path = opts->settings_path[blob];
	struct oid *plain =
		&run->path_contexts[path == PATH_NONE ? opts->paths->count
						      : path];
	struct sha256_ctx sha;
	size_t i = first_candidate(opts, blob);
	if (i < opts->candidate_count && opts->candidates[i].blob == blob) {
		begin_context(&sha, opts, path);
		for (; i < opts->candidate_count &&
			opts->candidates[i].blob == blob;
			i++) {
			const struct candidate *candidate =
				&opts->candidates[i];
			digest_bytes(&sha, run->names.digests[candidate->rule],
				SHA256_DIGEST_SIZE);
			digest_text(&sha, candidate->path);
		}
		finish_context(out, &sha);
		return;
	}
	if (oid_is_zero(plain)) {
		begin_context(&sha, opts, path);
		finish_context(plain, &sha);
	}
	*out = *plain;
}

/** A rule of paths that was not asked: what lies in archives has paths that are
 * in no context. */
static bool has_new_path_rules(const struct content_run *run)
{
	for (size_t i = 0; i < run->names.count; i++)
		if (rule_has_path(ruleset_get(run->with->rules, i)) &&
			!(run->known.has_rule && run->known.has_rule[i]))
			return true;
	return false;
}

/** True when what is known of a wanted blob is all that a scan would say. */
static bool is_enough(const struct content_run *run,
	const struct known_blob *known, uint32_t blob, uint32_t context,
	bool new_path_rules)
{
	const bool *is_file = run->opts->is_file;
	bool must_be_told = !known->is_blob && is_file && is_file[blob];
	return known->context == context && !must_be_told &&
		!(known->has_members && new_path_rules);
}

/** Which wanted blobs are known, in this context, and still there. */
static void look_up(struct content_run *run)
{
	const struct content_scan_opts *opts = run->opts;
	size_t count = opts->wanted_count;
	bool new_path_rules = has_new_path_rules(run);
	run->path_contexts =
		xcalloc(opts->paths->count + 1, sizeof(*run->path_contexts));
	run->contexts = xcalloc(count, sizeof(*run->contexts));
	run->knows = xcalloc(count, sizeof(*run->knows));
	for (size_t i = 0; i < count; i++) {
		struct oid context;
		uint32_t blob = opts->numbers[i];
		make_context(&context, run, blob);
		run->contexts[i] =
			oid_map_add(&run->known.contexts, &context, NULL);
		const struct known_blob *known =
			known_blobs_find(&run->known, &opts->wanted[i]);
		if (known &&
			is_enough(run, known, blob, run->contexts[i],
				new_path_rules))
			run->knows[i] = known;
	}
}

static void make_room(struct some_blobs *some, size_t count)
{
	some->oids = xcalloc(count, sizeof(*some->oids));
	some->numbers = xcalloc(count, sizeof(*some->numbers));
}

static void add_blob(struct some_blobs *some,
	const struct content_scan_opts *opts, size_t place)
{
	some->oids[some->count] = opts->wanted[place];
	some->numbers[some->count++] = opts->numbers[place];
}

/** Parts what is wanted: what was known but is gone has to be told. */
static void part(struct content_run *run)
{
	const struct content_scan_opts *opts = run->opts;
	size_t count = opts->wanted_count;
	CLEANUP(freep) bool *present = xcalloc(count, sizeof(*present));
	make_room(&run->fresh, count);
	make_room(&run->old, count);
	if (run->known.count)
		objects_have(present, opts->objects, opts->wanted, count);
	for (size_t i = 0; i < count; i++) {
		if (!present[i])
			run->knows[i] = NULL;
		add_blob(run->knows[i] ? &run->old : &run->fresh, opts, i);
	}
}

/** Has a scan read these alone. */
static void want(struct content_scan_opts *opts, const struct some_blobs *some)
{
	opts->wanted = some->oids;
	opts->numbers = some->numbers;
	opts->wanted_count = some->count;
}

/** Scans what is not known, and what is no object, with all rules. */
static int scan_fresh(
	struct hits *out, struct content_run *run, struct err *err)
{
	struct content_scan_opts some = *run->opts;
	want(&some, &run->fresh);
	some.scanned = run->scanned;
	return scan_with(out, &some, run->with->index, run->with->head_start,
		run->result, err);
}

/** Takes over what is known of a blob; texts stay where they are. */
static void take_known(struct hits *out, struct content_run *run, uint32_t blob,
	const struct known_blob *known)
{
	for (uint32_t i = 0; i < known->hit_count; i++) {
		ARRAY_GROW(out->items, out->count, out->capacity);
		out->items[out->count] = known->hits[i];
		out->items[out->count++].blob = blob;
	}
	run->scanned[blob] = (struct blob_scanned){
		.len = known->len,
		.is_blob = known->is_blob,
		.has_members = known->has_members,
		.done = true,
	};
	run->result->blobs += known->is_blob;
	run->result->bytes += known->len;
}

static void take_all_known(struct hits *out, struct content_run *run)
{
	CLEANUP(hits_clear) struct hits known = { 0 };
	for (size_t i = 0; i < run->opts->wanted_count; i++)
		if (run->knows[i])
			take_known(&known, run, run->opts->numbers[i],
				run->knows[i]);
	hits_absorb(out, &known);
}

/** The rules that were not asked of what is known, where they ask contents;
 * those of paths are in the contexts, but for archives, and those are read
 * again then. Returns their number; caller frees. */
static size_t new_rules(uint32_t **out, const struct content_run *run)
{
	size_t count = 0;
	*out = xcalloc(run->names.count, sizeof(**out));
	for (size_t i = 0; i < run->names.count; i++) {
		const struct rule *rule = ruleset_get(run->with->rules, i);
		if (!run->known.has_rule[i] && rule_has_content(rule) &&
			!rule_has_path(rule))
			(*out)[count++] = (uint32_t)i;
	}
	return count;
}

/** Asks what is known of new rules. What it counts was counted. */
static int scan_old(struct hits *out, struct content_run *run, struct err *err)
{
	CLEANUP(freep) uint32_t *numbers = NULL;
	size_t count = run->old.count ? new_rules(&numbers, run) : 0;
	if (!count)
		return 0;
	CLEANUP(freep)
	const struct rule **rules = xcalloc(count, sizeof(*rules));
	for (size_t i = 0; i < count; i++)
		rules[i] = ruleset_get(run->with->rules, numbers[i]);
	CLEANUP(rule_index_freep) struct rule_index *index = NULL;
	int rc = rule_index_new(&index, rules, count, err);
	struct content_scan_opts some = *run->opts;
	want(&some, &run->old);
	some.outside_count = 0;
	some.candidate_count = 0;
	size_t blobs = run->result->blobs;
	uint64_t bytes = run->result->bytes;
	CLEANUP(hits_clear) struct hits more = { 0 };
	if (rc == 0)
		rc = scan_with(&more, &some, index, NULL, run->result, err);
	run->result->blobs = blobs;
	run->result->bytes = bytes;
	for (size_t i = 0; i < more.count; i++)
		more.items[i].rule = numbers[more.items[i].rule];
	hits_absorb(out, &more);
	return rc;
}

/** What has to be read again next time: blobs of which the bytes of a secret
 * are needed, and those of which something was skipped. */
static void forget(struct content_run *run, const struct hits *hits)
{
	const struct scan_result *result = run->result;
	for (size_t i = 0; i < hits->count; i++)
		if (hits->items[i].secret)
			run->scanned[hits->items[i].blob].done = false;
	for (size_t i = 0; i < result->skipped_count; i++) {
		struct oid oid;
		uint32_t blob = OID_MAP_NONE;
		if (oid_from_hex(&oid, result->skipped[i].object))
			blob = oid_map_find(run->opts->blobs, &oid);
		if (blob != OID_MAP_NONE)
			run->scanned[blob].done = false;
	}
}

static int compare_known(const void *a, const void *b)
{
	return oid_compare(&((const struct known_blob *)a)->oid,
		&((const struct known_blob *)b)->oid);
}

/** Where the hits of each blob begin, as number + 1; 0 for none. */
static size_t *index_hits(
	const struct content_run *run, const struct hits *hits)
{
	size_t *first = xcalloc(run->opts->blobs->count, sizeof(*first));
	for (size_t i = hits->count; i-- > 0;)
		first[hits->items[i].blob] = i + 1;
	return first;
}

static void add_wanted(struct known_blobs *out, const struct content_run *run,
	const struct hits *hits)
{
	const struct content_scan_opts *opts = run->opts;
	CLEANUP(freep) size_t *first = index_hits(run, hits);
	for (size_t i = 0; i < opts->wanted_count; i++) {
		uint32_t blob = opts->numbers[i];
		const struct blob_scanned *scanned = &run->scanned[blob];
		if (!scanned->done || scanned->len > UINT32_MAX)
			continue;
		struct known_blob *known = &out->blobs[out->count++];
		*known = (struct known_blob){
			.oid = opts->wanted[i],
			.context = run->contexts[i],
			.len = (uint32_t)scanned->len,
			.is_blob = scanned->is_blob,
			.has_members = scanned->has_members,
		};
		if (!first[blob])
			continue;
		known->hits = &hits->items[first[blob] - 1];
		const struct hit *end = hits->items + hits->count;
		for (const struct hit *hit = known->hits;
			hit < end && hit->blob == blob; hit++)
			known->hit_count++;
	}
}

/** Also what this scan did not want, as long as no rule is new. */
static void add_others(struct known_blobs *out, const struct content_run *run)
{
	const struct known_blobs *known = &run->known;
	for (size_t i = 0; i < run->names.count; i++)
		if (!known->has_rule || !known->has_rule[i])
			return;
	for (uint32_t i = 0; i < known->count; i++)
		if (oid_map_find(run->opts->blobs, &known->blobs[i].oid) ==
			OID_MAP_NONE)
			out->blobs[out->count++] = known->blobs[i];
}

static bool has_new_rules(const struct content_run *run)
{
	for (size_t i = 0; i < run->names.count; i++)
		if (!run->known.has_rule || !run->known.has_rule[i])
			return true;
	return false;
}

static bool has_new_blobs(const struct content_run *run)
{
	for (size_t i = 0; i < run->opts->wanted_count; i++) {
		uint32_t blob = run->opts->numbers[i];
		if (!run->knows[i] && run->scanned[blob].done)
			return true;
	}
	return false;
}

static void store(struct content_run *run, const struct hits *hits)
{
	struct cache *cache = run->with->cache;
	forget(run, hits);
	if (!cache_is_worth(cache, run->opts->wanted_count) ||
		(!has_new_rules(run) && !has_new_blobs(run)))
		return;
	struct known_blobs all = { 0 };
	all.blobs = xcalloc(
		run->opts->wanted_count + run->known.count, sizeof(*all.blobs));
	add_wanted(&all, run, hits);
	add_others(&all, run);
	if (all.count)
		qsort(all.blobs, all.count, sizeof(*all.blobs), compare_known);
	all.has_rule = xcalloc(run->names.count, sizeof(*all.has_rule));
	memset(all.has_rule, true, run->names.count * sizeof(*all.has_rule));
	struct oid_map own = all.contexts;
	all.contexts = run->known.contexts; /* borrowed */
	CLEANUP(buf_clear) struct buf body;
	buf_init(&body, CACHE_MAX_BODY);
	known_blobs_encode(&body, &all, &run->names);
	all.contexts = own;
	known_blobs_clear(&all);
	cache_write(cache, KIND, run->id, &body);
}

int cached_content_scan(struct hits *out, const struct content_scan_opts *opts,
	const struct content_cache *with, struct scan_result *result,
	struct err *err)
{
	if (!with->cache || !cache_is_worth(with->cache, opts->wanted_count))
		return scan_with(
			out, opts, with->index, with->head_start, result, err);
	CLEANUP(content_run_clear)
	struct content_run run = {
		.opts = opts,
		.with = with,
		.result = result,
	};
	run.scanned = xcalloc(opts->blobs->count, sizeof(*run.scanned));
	make_id(run.id, with->cache, opts->fingerprint_key, with->max_blob_size,
		opts->decode_depth);
	load(&run);
	look_up(&run);
	part(&run);
	int rc = scan_fresh(out, &run, err);
	if (rc == 0)
		take_all_known(out, &run);
	if (rc == 0)
		rc = scan_old(out, &run, err);
	if (rc < 0)
		return rc;
	store(&run, out);
	cache_use_of(with->cache)->known = run.old.count;
	cache_use_of(with->cache)->read = run.fresh.count;
	arena_absorb(&out->arena, &run.known.arena);
	return 0;
}
