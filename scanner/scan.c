#include "scanner/scan.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/cached_result.h"
#include "scanner/content_scan.h"
#include "scanner/coverage.h"
#include "scanner/entries.h"
#include "scanner/exposure.h"
#include "scanner/head_start.h"
#include "scanner/holder_kind.h"
#include "scanner/join.h"
#include "scanner/mark_ignored.h"
#include "scanner/name_mask.h"
#include "scanner/name_search.h"
#include "scanner/path_rules.h"
#include "scanner/pathspec.h"
#include "scanner/proof.h"
#include "scanner/scan_contents.h"
#include "scanner/scan_history.h"
#include "scanner/scan_sources.h"
#include "scanner/scan_tips.h"
#include "scanner/shard.h"
#include "scanner/siblings.h"
#include "scanner/suppress.h"
#include "scanner/text_place.h"

#include <stdlib.h>
#include <string.h>

/** What one scan works with; each step fills the next field. */
struct scan {
	const struct scan_opts *opts;
	const struct ruleset *rules;
	struct repo *repo;
	struct scan_result *result;
	struct objects *objects;
	struct rule_index *index;
	struct scan_tips tips;
	struct scan_history history;
	struct head_start *head_start; /* or NULL */
	struct changes
		changes; /* also numbers the paths and blobs of all sources */
	struct entries entries;
	struct outside outside; /* contents of the worktree, a message */
	struct path_rules path_rules;
	struct candidate *candidates;
	size_t candidate_count, candidate_capacity;
	struct hits hits;
	struct hits names; /* in paths and names of refs */
	struct joined joined;
	bool *mine; /* by path, of a shard: it tells of this */
};

static void scan_clear(struct scan *scan)
{
	head_start_free(scan->head_start);
	joined_clear(&scan->joined);
	arena_absorb(&scan->result->arena, &scan->hits.arena); /* evidence */
	hits_clear(&scan->hits);
	arena_absorb(&scan->result->arena, &scan->names.arena);
	hits_clear(&scan->names);
	free(scan->candidates);
	free(scan->mine);
	path_rules_clear(&scan->path_rules);
	entries_clear(&scan->entries);
	outside_clear(&scan->outside);
	changes_clear(&scan->changes);
	scan_history_clear(&scan->history);
	scan_tips_clear(&scan->tips);
	rule_index_free(scan->index);
	objects_free(scan->objects);
}

struct progress_context {
	const struct scan_opts *opts;
	const char *what;
};

static void tell(size_t done, size_t total, void *ctx)
{
	const struct progress_context *progress = ctx;
	if (progress->opts->progress)
		progress->opts->progress(progress->what, done, total,
			progress->opts->progress_ctx);
}

static int open_objects(struct scan *scan, struct err *err)
{
	const struct objects_opts opts = {
		.dirs = repo_object_dirs(scan->repo),
		.max_object_size = scan->opts->max_blob_size,
		.libgit2_only = scan->opts->libgit2_only,
		.verify = scan->opts->verify_objects,
	};
	return objects_open(&scan->objects, &opts, err);
}

/** What nothing names is missed by nobody but who lists it. */
static void note_broken_packs(struct scan *scan)
{
	struct scan_result *result = scan->result;
	const struct err *broken = objects_broken(scan->objects);
	if (!broken || !(scan->opts->sources & PLACE_UNREACHABLE))
		return;
	int reason = broken->code == ERR_UNSUPPORTED ? SKIP_UNSUPPORTED
						     : SKIP_CORRUPT;
	scan_result_add_skipped(result, reason)->detail =
		arena_strdup(&result->arena, broken->msg);
}

/** What git does not find is not missed here, where the index was gone through.
 */
static void note_misled_packs(struct scan *scan)
{
	struct scan_result *result = scan->result;
	const char *pack = objects_misled(scan->objects);
	if (pack)
		scan_result_add_skipped(result, SKIP_CORRUPT)->detail =
			arena_printf(&result->arena,
				"%s: the fan-out table of its index leads "
				"past objects, which git does not find",
				pack);
}

/** What it did is of no use where trees were walked after all. */
static void number_head_start(struct scan *scan)
{
	if (scan->head_start && scan->history.survey)
		head_start_number(scan->head_start, &scan->history.reach,
			scan->changes.blobs.count);
	else
		head_start_free(STEAL(scan->head_start));
}

static int read_sources(struct scan *scan, struct err *err)
{
	struct progress_context context = { scan->opts, "Walking commits" };
	const struct walk_progress progress = { tell, &context };
	const struct scan_sources sources = {
		.opts = scan->opts,
		.repo = scan->repo,
		.objects = scan->objects,
		.tips = &scan->tips,
		.history = &scan->history,
		.entries = &scan->entries,
		.changes = &scan->changes,
		.outside = &scan->outside,
		.progress = &progress,
		.rules = scan->index,
		.head_start = &scan->head_start,
		.result = scan->result,
	};
	return scan_sources_read(&sources, err);
}

static bool is_excluded(const struct scan_opts *opts, const char *path)
{
	for (size_t i = 0; i < opts->exclude_count; i++)
		if (path_glob_match(opts->exclude[i], path, strlen(path)))
			return true;
	return false;
}

/** Drops the entries that the pathspec does not want or that are excluded, and
 * returns which paths are left, by number. */
static bool *select_paths(struct scan *scan)
{
	const struct path_table *paths = &scan->changes.paths;
	const struct scan_opts *opts = scan->opts;
	bool *wanted = xcalloc(paths->count, sizeof(*wanted));
	struct entries *entries = &scan->entries;
	size_t kept = 0;
	uint32_t unwanted = PATH_NONE; /* the last path that was dropped */
	for (size_t i = 0; i < entries->count; i++) {
		struct entry entry = entries->items[i];
		const char *path = paths->entries[entry.path].text;
		bool known =
			kept && entries->items[kept - 1].path == entry.path;
		if (entry.path == unwanted)
			continue;
		bool message = entry.places & PLACE_MESSAGE;
		bool is_file = !message && !(entry.places & PLACE_REF_NAME);
		bool fits = known || message || !opts->pathspec ||
			pathspec_matches(opts->pathspec, path);
		bool excluded =
			fits && !known && is_file && is_excluded(opts, path);
		scan->result->excluded += excluded;
		if (!fits || excluded) {
			unwanted = entry.path;
			continue;
		}
		scan->result->paths +=
			!known && !(entry.places & PLACE_REF_NAME);
		wanted[entry.path] = true;
		entries->items[kept++] = entry;
	}
	entries->count = kept;
	return wanted;
}

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *left = a;
	const struct candidate *right = b;
	if (left->blob != right->blob)
		return left->blob < right->blob ? -1 : 1;
	if (left->rule != right->rule)
		return left->rule < right->rule ? -1 : 1;
	return strcmp(left->path, right->path);
}

static void add_candidate(
	struct scan *scan, const struct entry *entry, uint32_t rule)
{
	ARRAY_GROW(scan->candidates, scan->candidate_count,
		scan->candidate_capacity);
	scan->candidates[scan->candidate_count++] = (struct candidate){
		.blob = entry->blob,
		.rule = rule,
		.path = scan->changes.paths.entries[entry->path].text,
	};
}

/** Sorts the candidates and keeps one of each blob and rule. */
static void unite_candidates(struct scan *scan)
{
	if (!scan->candidate_count)
		return;
	qsort(scan->candidates, scan->candidate_count,
		sizeof(*scan->candidates), compare_candidates);
	size_t kept = 0;
	for (size_t i = 1; i < scan->candidate_count; i++) {
		const struct candidate *last = &scan->candidates[kept];
		const struct candidate *next = &scan->candidates[i];
		if (last->blob != next->blob || last->rule != next->rule)
			scan->candidates[++kept] = *next;
	}
	scan->candidate_count = kept + 1;
}

/** Collects which blobs must be asked by which path rules. */
static void make_candidates(struct scan *scan)
{
	const struct path_rules *rules = &scan->path_rules;
	for (size_t i = 0; i < scan->entries.count; i++) {
		const struct entry *entry = &scan->entries.items[i];
		size_t end = rules->start[entry->path + 1];
		if (entry->places & PLACE_REF_NAME)
			continue;
		for (size_t r = rules->start[entry->path]; r < end; r++)
			if (rule_has_content(
				    ruleset_get(scan->rules, rules->rules[r])))
				add_candidate(scan, entry, rules->rules[r]);
	}
	unite_candidates(scan);
}

/** A scan of all history and the index has met every path. */
static int ask_siblings(struct scan *scan, struct err *err)
{
	const struct scan_opts *opts = scan->opts;
	bool whole = !opts->range_tips && !opts->range_cut_count &&
		!opts->commits && !opts->has_since;
	if (opts->sources & PLACE_INDEX ||
		(opts->sources & PLACE_HISTORY && whole))
		return 0;
	const struct sibling_search search = {
		.rules = scan->rules,
		.path_rules = &scan->path_rules,
		.entries = &scan->entries,
		.history = &scan->history.history,
		.objects = scan->objects,
		.repo = scan->repo,
	};
	return siblings_add(&scan->changes.paths, &search, err);
}

static int ask_paths(struct scan *scan, struct err *err)
{
	CLEANUP(freep) bool *wanted = select_paths(scan);
	CLEANUP(matcher_freep) struct matcher *matcher = NULL;
	int rc = matcher_new(&matcher, scan->index, err);
	if (rc < 0)
		return rc;
	path_rules_make(
		&scan->path_rules, matcher, &scan->changes.paths, wanted);
	make_candidates(scan);
	const struct name_search names = {
		.rules = scan->index,
		.matcher = matcher,
		.paths = &scan->changes.paths,
		.wanted = wanted,
		.fingerprint_key = scan->opts->fingerprint_key,
		.decode_depth = scan->opts->decode_depth,
	};
	rc = name_search_run(&scan->names, &names, scan->result, err);
	return rc < 0 ? rc : ask_siblings(scan, err);
}

/** As shard_reader.read; `ctx` is the scan. */
static int read_contents(const bool *blobs, struct rule_index *index,
	struct hits *hits, struct scan_result *told, void *ctx, struct err *err)
{
	struct scan *scan = ctx;
	struct progress_context context = { scan->opts, "Scanning blobs" };
	const struct walk_progress progress = { tell, &context };
	const struct scan_contents contents = {
		.opts = scan->opts,
		.objects = scan->objects,
		.rules = index ? index : scan->index,
		.head_start = index ? NULL : scan->head_start,
		.ruleset = index ? NULL : scan->rules,
		.entries = &scan->entries,
		.changes = &scan->changes,
		.outside = &scan->outside,
		.candidates = scan->candidates,
		.candidate_count = index ? 0 : scan->candidate_count,
		.costs = index ? NULL : scan->opts->costs,
		.progress = &progress,
	};
	return scan_contents_read(hits, &contents, blobs, told, err);
}

/** Reads what all of the scan, or its share, needs. */
static int ask_contents(struct scan *scan, struct err *err)
{
	struct scan_result *result = scan->result;
	number_head_start(scan);
	if (!scan->opts->shard.count)
		return read_contents(
			NULL, NULL, &scan->hits, result, scan, err);
	const struct shard_input input = {
		.rules = scan->rules,
		.paths = &scan->changes.paths,
		.blobs = &scan->changes.blobs,
		.path_rules = &scan->path_rules,
		.reader = { read_contents, scan },
	};
	shard_digest(result->entries_digest, &scan->entries, input.paths,
		input.blobs);
	return shard_read(&scan->mine, &scan->hits, &scan->entries,
		&scan->opts->shard, &input, result, err);
}

/** A ref is held by itself. */
static void note_refs(struct scan_result *result)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		struct finding *finding = &result->findings[i];
		if (!(finding->places & PLACE_REF_NAME))
			continue;
		struct exposure *exposure = &finding->exposure;
		exposure->refs =
			arena_array(&result->arena, 1, sizeof(*exposure->refs));
		exposure->refs[0] = finding->path;
		exposure->refs_listed = exposure->refs_count = 1;
	}
}

/** The index, asked about the paths of findings alone. */
struct tracking {
	const struct path_table *paths;
	bool *tracked; /* by path */
};

static int take_tracked(
	const struct repo_index_entry *entry, void *ctx, struct err *err)
{
	(void)err;
	const struct tracking *tracking = ctx;
	uint32_t path =
		path_table_find(tracking->paths, entry->path, entry->path_len);
	if (path != PATH_NONE && !entry->intent_to_add)
		tracking->tracked[path] = true;
	return 0;
}

/** Tells which findings' paths are in the index. What came from there is; for
 * others it is read, and one that cannot be read was told before. */
static int mark_tracked(struct scan *scan, struct err *err)
{
	const unsigned by_index = PLACE_INDEX | PLACE_STAGED;
	const struct joined *joined = &scan->joined;
	bool ask = false;
	for (size_t i = 0; i < joined->count; i++)
		ask = ask || !(joined->traces[i].finding->places & by_index);
	CLEANUP(freep)
	bool *tracked = xcalloc(scan->changes.paths.count, sizeof(*tracked));
	struct tracking tracking = { &scan->changes.paths, tracked };
	int rc = 0;
	if (ask)
		rc = repo_each_index_entry(
			scan->repo, take_tracked, &tracking, err);
	if (rc < 0 && rc != ERR_UNSUPPORTED && rc != ERR_CORRUPT)
		return rc;
	for (size_t i = 0; i < joined->count; i++) {
		struct finding *finding = joined->traces[i].finding;
		finding->tracked = finding->places & by_index ||
			tracked[joined->traces[i].path];
	}
	return 0;
}

/** What the content says of its own findings. */
static int take_suppressions(
	struct scan *scan, const struct join_input *input, struct err *err)
{
	const struct scan_opts *opts = scan->opts;
	CLEANUP(gitleaks_ignore_clear) struct gitleaks_ignore ignore = { 0 };
	if (opts->gitleaks_ignore_len) {
		CLEANUP(objects_reader_freep)
		struct objects_reader *reader = NULL;
		int rc = objects_reader_new(&reader, scan->objects, err);
		if (rc < 0)
			return rc;
		gitleaks_ignore_parse(&ignore, opts->gitleaks_ignore,
			opts->gitleaks_ignore_len, scan->repo, reader);
	}
	suppress_findings(
		&scan->joined, input, !opts->no_allow_comments, &ignore);
	return 0;
}

/** An index has it now, whatever refs have. */
static void note_indexes(struct scan_result *result)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		struct finding *finding = &result->findings[i];
		if (!(finding->places & PLACES_OF_INDEX))
			continue;
		finding->exposure.held_by |= 1U << HOLDER_INDEX;
		finding->exposure.tip_of |= 1U << HOLDER_INDEX;
	}
}

static int make_findings(struct scan *scan, struct err *err)
{
	const struct join_input input = {
		.rules = scan->rules,
		.changes = &scan->changes,
		.entries = &scan->entries,
		.path_rules = &scan->path_rules,
		.hits = &scan->hits,
		.names = &scan->names,
		.now = scan->opts->now,
	};
	joined_make(&scan->joined, &input, scan->result);
	if (!scan->joined.count)
		return 0;
	int rc = mark_tracked(scan, err);
	if (rc < 0)
		return rc;
	if (!scan->opts->not_ignored)
		mark_ignored(scan->result, scan->repo);
	const struct scan_history_input history = {
		.opts = scan->opts,
		.repo = scan->repo,
		.objects = scan->objects,
		.result = scan->result,
	};
	struct exposure_input exposure = {
		.history = &scan->history.history,
		.changes = &scan->changes,
		.objects = scan->objects,
	};
	rc = scan_history_trace(&scan->history, &history, scan->joined.traces,
		scan->joined.count, &scan->changes, &exposure.tips_marked, err);
	if (rc == 0)
		rc = exposure_trace(scan->joined.traces, scan->joined.count,
			&exposure, scan->result, err);
	if (rc < 0)
		return rc;
	note_indexes(scan->result);
	note_refs(scan->result);
	joined_finish(&scan->joined, &input, scan->result);
	proof_run(&scan->joined, scan->result);
	if (scan->opts->text_places)
		rc = text_places_add(scan->result, scan->objects,
			&scan->outside, scan->opts->max_blob_size, err);
	if (rc == 0)
		rc = take_suppressions(scan, &input, err);
	if (rc == 0 && scan->mine)
		shard_drop_others(&scan->joined, scan->mine, scan->result);
	return rc;
}

/** ruleset_get() for all, as the index wants them. */
static int index_rules(struct scan *scan, struct err *err)
{
	size_t count = ruleset_count(scan->rules);
	CLEANUP(freep)
	const struct rule **rules = xcalloc(count, sizeof(*rules));
	for (size_t i = 0; i < count; i++)
		rules[i] = ruleset_get(scan->rules, i);
	return rule_index_new(&scan->index, rules, count, err);
}

static int make_tips(struct scan *scan, struct err *err)
{
	int rc = 0;
	if (scan_wanted_places(scan->opts))
		rc = scan_tips_make(
			&scan->tips, scan->opts, scan->repo, scan->result, err);
	if (rc == 0)
		scan_tips_digest(scan->result->tips_digest, &scan->tips,
			scan->opts, scan->repo);
	return rc;
}

static int run(struct scan *scan, struct err *err)
{
	int rc = index_rules(scan, err);
	if (rc == 0)
		rc = open_objects(scan, err);
	if (rc == 0)
		note_broken_packs(scan);
	if (rc == 0)
		rc = make_tips(scan, err);
	if (rc == 0)
		rc = read_sources(scan, err);
	if (rc == 0)
		rc = ask_paths(scan, err);
	if (rc == 0)
		rc = ask_contents(scan, err);
	if (rc == 0)
		note_misled_packs(scan);
	if (rc == 0)
		rc = make_findings(scan, err);
	if (rc == 0)
		rc = name_mask_apply(
			scan->result, &scan->names, &scan->changes.paths, err);
	return rc;
}

int scan_run(struct scan_result *out, struct repo *repo,
	const struct ruleset *rules, const struct scan_opts *opts,
	struct err *err)
{
	*out = (struct scan_result){
		.rules = rules,
		.sources = opts->sources,
		.bare = !repo_worktree(repo),
		.now = opts->now,
		.shard = opts->shard,
	};
	out->repository = arena_strdup(&out->arena, repo_name(repo));
	memcpy(out->rules_digest, ruleset_digest(rules),
		sizeof(out->rules_digest));
	struct scan scan = {
		.opts = opts,
		.rules = rules,
		.repo = repo,
		.result = out,
	};
	struct cached_result cached;
	if (cached_result_get(&cached, out, repo, rules, opts))
		return 0;
	outside_init(&scan.outside);
	int rc = run(&scan, err);
	cached_result_note(&cached, &scan.hits);
	bool masked = scan.names.count; /* what it was is not to be kept */
	scan_clear(&scan);
	if (rc == 0 && opts->expect_paths)
		coverage_note_nothing(out, opts);
	if (rc < 0) {
		scan_result_clear(out);
		return rc;
	}
	scan_result_sort(out);
	if (!masked)
		cached_result_put(&cached, out);
	return 0;
}
