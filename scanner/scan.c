#include "scanner/scan.h"

#include "base/alloc.h"
#include "base/array.h"
#include "base/buf.h"
#include "rules/settings/setting.h"
#include "scanner/content_scan.h"
#include "scanner/entries.h"
#include "scanner/exposure.h"
#include "scanner/fingerprint.h"
#include "scanner/history.h"
#include "scanner/history_walk.h"
#include "scanner/join.h"
#include "scanner/path_rules.h"
#include "scanner/proof.h"
#include "scanner/suppress.h"

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
	struct history history;
	struct changes
		changes; /* also numbers the paths and blobs of the index */
	struct entries entries;
	struct path_rules path_rules;
	struct candidate *candidates;
	size_t candidate_count, candidate_capacity;
	struct hits hits;
	struct joined joined;
};

static void scan_clear(struct scan *scan)
{
	joined_clear(&scan->joined);
	arena_absorb(&scan->result->arena, &scan->hits.arena); /* evidence */
	hits_clear(&scan->hits);
	free(scan->candidates);
	path_rules_clear(&scan->path_rules);
	entries_clear(&scan->entries);
	changes_clear(&scan->changes);
	history_clear(&scan->history);
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

static void note_broken_ref(const char *name, void *ctx)
{
	struct scan_result *result = ctx;
	struct skipped *skipped = scan_result_add_skipped(result, SKIP_CORRUPT);
	skipped->detail = arena_printf(
		&result->arena, "the ref %s does not hold an object id", name);
}

/** One text over all refs, so that two reports can be told to be of the same
 * state of a repository. */
static int digest_tips(struct scan *scan, struct err *err)
{
	const struct repo_ref *refs;
	size_t count;
	int rc = repo_refs(&refs, &count, scan->repo, err);
	if (rc < 0)
		return rc;
	struct buf text;
	buf_init(&text, 0);
	for (size_t i = 0; i < count; i++) {
		char hex[OID_HEX_SIZE + 1];
		oid_to_hex(hex, &refs[i].oid);
		buf_printf(&text, "%s %s\n", hex, refs[i].name);
	}
	text_digest(scan->result->tips_digest, text.bytes, text.len);
	buf_clear(&text);
	return 0;
}

static int read_history(struct scan *scan, struct err *err)
{
	if (!(scan->opts->sources & PLACE_HISTORY))
		return 0;
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	int rc = objects_reader_new(&reader, scan->objects, err);
	if (rc < 0)
		return rc;
	repo_broken_refs(
		repo_common_dir(scan->repo), note_broken_ref, scan->result);
	rc = history_load(
		&scan->history, scan->repo, reader, scan->result, err);
	if (rc < 0)
		return rc;
	for (uint32_t i = 0; i < scan->history.count; i++)
		scan->result->commits +=
			!oid_is_zero(&scan->history.commits[i].oid);
	struct progress_context context = { scan->opts, "Walking commits" };
	const struct walk_progress progress = { tell, &context };
	rc = history_walk(&scan->changes, &scan->history, scan->objects,
		scan->opts->jobs, &progress, scan->result, err);
	if (rc == 0)
		entries_add_changes(&scan->entries, &scan->changes);
	return rc;
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
		bool fits = known || !opts->pathspec ||
			repo_pathspec_matches(opts->pathspec, path);
		bool excluded = fits && !known && is_excluded(opts, path);
		scan->result->excluded += excluded;
		if (!fits || excluded) {
			unwanted = entry.path;
			continue;
		}
		scan->result->paths += !known;
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
		for (size_t r = rules->start[entry->path]; r < end; r++)
			if (rule_has_content(
				    ruleset_get(scan->rules, rules->rules[r])))
				add_candidate(scan, entry, rules->rules[r]);
	}
	unite_candidates(scan);
}

static int ask_paths(struct scan *scan, struct err *err)
{
	entries_sort(&scan->entries);
	CLEANUP(freep) bool *wanted = select_paths(scan);
	CLEANUP(matcher_freep) struct matcher *matcher = NULL;
	int rc = matcher_new(&matcher, scan->index, err);
	if (rc < 0)
		return rc;
	path_rules_make(
		&scan->path_rules, matcher, &scan->changes.paths, wanted);
	make_candidates(scan);
	return 0;
}

/** The ids of the blobs that entries name, each once. Caller frees. */
static struct oid *wanted_blobs(const struct scan *scan, size_t *count)
{
	const struct oid_map *blobs = &scan->changes.blobs;
	CLEANUP(freep) bool *seen = xcalloc(blobs->count, sizeof(*seen));
	struct oid *wanted = xcalloc(blobs->count, sizeof(*wanted));
	*count = 0;
	for (size_t i = 0; i < scan->entries.count; i++) {
		uint32_t blob = scan->entries.items[i].blob;
		if (!seen[blob])
			wanted[(*count)++] = blobs->oids[blob];
		seen[blob] = true;
	}
	return wanted;
}

/** For each blob the smallest of its paths that settings stand in, by number;
 * PATH_NONE for none. Caller frees. */
static uint32_t *settings_paths(const struct scan *scan)
{
	const struct path_table *paths = &scan->changes.paths;
	size_t blobs = scan->changes.blobs.count;
	uint32_t *chosen = xcalloc(blobs, sizeof(*chosen));
	for (size_t i = 0; i < blobs; i++)
		chosen[i] = PATH_NONE;
	uint32_t asked = PATH_NONE; /* entries are sorted by path */
	bool wanted = false;
	for (size_t i = 0; i < scan->entries.count; i++) {
		const struct entry *entry = &scan->entries.items[i];
		const char *text = paths->entries[entry->path].text;
		if (entry->path != asked)
			wanted = settings_format(text) != SETTINGS_NONE;
		asked = entry->path;
		uint32_t *best = &chosen[entry->blob];
		if (wanted &&
			(*best == PATH_NONE ||
				strcmp(text, paths->entries[*best].text) < 0))
			*best = entry->path;
	}
	return chosen;
}

static int ask_contents(struct scan *scan, struct err *err)
{
	size_t count;
	CLEANUP(freep) uint32_t *settings_path = settings_paths(scan);
	CLEANUP(freep) struct oid *wanted = wanted_blobs(scan, &count);
	struct progress_context context = { scan->opts, "Scanning blobs" };
	const struct walk_progress progress = { tell, &context };
	const struct content_scan_opts opts = {
		.objects = scan->objects,
		.rules = scan->index,
		.blobs = &scan->changes.blobs,
		.wanted = wanted,
		.wanted_count = count,
		.candidates = scan->candidates,
		.candidate_count = scan->candidate_count,
		.settings_path = settings_path,
		.paths = &scan->changes.paths,
		.fingerprint_key = scan->opts->fingerprint_key,
		.jobs = scan->opts->jobs,
		.progress = &progress,
	};
	return content_scan(&scan->hits, &opts, scan->result, err);
}

/** Which paths are in the index, by number. Caller frees. */
static bool *tracked_paths(struct scan *scan, struct err *err)
{
	struct entries entries = { 0 };
	struct scan_result told_before = { 0 };
	bool *tracked = NULL;
	int rc = entries_add_index(
		&entries, scan->repo, &scan->changes, &told_before, err);
	if (rc == 0) {
		tracked = xcalloc(scan->changes.paths.count, sizeof(*tracked));
		for (size_t i = 0; i < entries.count; i++)
			tracked[entries.items[i].path] = true;
	}
	scan_result_clear(&told_before);
	entries_clear(&entries);
	return tracked;
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

static int make_findings(struct scan *scan, struct err *err)
{
	const struct join_input input = {
		.rules = scan->rules,
		.changes = &scan->changes,
		.entries = &scan->entries,
		.path_rules = &scan->path_rules,
		.hits = &scan->hits,
		.now = scan->opts->now,
	};
	joined_make(&scan->joined, &input, scan->result);
	if (!scan->joined.count)
		return 0;
	CLEANUP(freep) bool *tracked = tracked_paths(scan, err);
	if (!tracked)
		return err->code;
	for (size_t i = 0; i < scan->joined.count; i++) {
		struct trace *trace = &scan->joined.traces[i];
		trace->finding->tracked = tracked[trace->path];
		trace->finding->ignored =
			repo_is_ignored(scan->repo, trace->finding->path);
	}
	int rc = exposure_trace(scan->joined.traces, scan->joined.count,
		&scan->history, &scan->changes, scan->objects, scan->result,
		err);
	if (rc < 0)
		return rc;
	joined_finish(&scan->joined, &input, scan->result);
	proof_run(&scan->joined, scan->result);
	return take_suppressions(scan, &input, err);
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

static int run(struct scan *scan, struct err *err)
{
	int rc = index_rules(scan, err);
	if (rc == 0)
		rc = open_objects(scan, err);
	if (rc == 0)
		rc = digest_tips(scan, err);
	if (rc == 0)
		rc = read_history(scan, err);
	if (rc == 0 && scan->opts->sources & PLACE_INDEX)
		rc = entries_add_index(&scan->entries, scan->repo,
			&scan->changes, scan->result, err);
	if (rc == 0)
		rc = ask_paths(scan, err);
	if (rc == 0)
		rc = ask_contents(scan, err);
	if (rc == 0)
		rc = make_findings(scan, err);
	return rc;
}

int scan_run(struct scan_result *out, struct repo *repo,
	const struct ruleset *rules, const struct scan_opts *opts,
	struct err *err)
{
	*out = (struct scan_result){
		.sources = opts->sources,
		.bare = !repo_worktree(repo),
		.now = opts->now,
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
	int rc = run(&scan, err);
	scan_clear(&scan);
	if (rc == 0)
		scan_result_sort(out);
	else
		scan_result_clear(out);
	return rc;
}
