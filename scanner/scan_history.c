#include "scanner/scan_history.h"

#include "base/alloc.h"
#include "base/array.h"
#include "scanner/follow.h"
#include "scanner/removing_merge.h"
#include "scanner/scan_tips.h"
#include "scanner/source_messages.h"

#include <stdlib.h>

void scan_history_clear(struct scan_history *history)
{
	reach_clear(&history->reach);
	survey_free(history->survey);
	history_clear(&history->history);
	*history = (struct scan_history){ 0 };
}

/** A part of history is walked, because a survey reads all that the store
 * has; so is a store whose packs libgit2 reads, object by object. */
static bool is_whole(const struct scan_opts *opts)
{
	return !opts->range_tips && !opts->range_cut_count && !opts->commits &&
		!opts->has_since && !opts->libgit2_only;
}

/** What the store has, whether or not something names it. */
struct listed {
	struct oid *commits, *tags;
	size_t commit_count, tag_count;
};

static void listed_clear(struct listed *listed)
{
	free(listed->commits);
	free(listed->tags);
}

/** Takes the commits and tags; an object whose type cannot be told was not
 * looked at. */
static void take_listed(struct listed *out, const struct object_name *names,
	size_t count, struct scan_result *result)
{
	out->commits = xcalloc(count, sizeof(*out->commits));
	out->tags = xcalloc(count, sizeof(*out->tags));
	for (size_t i = 0; i < count; i++) {
		if (names[i].type == OBJECT_COMMIT)
			out->commits[out->commit_count++] = names[i].oid;
		else if (names[i].type == OBJECT_TAG)
			out->tags[out->tag_count++] = names[i].oid;
		else if (!names[i].type)
			oid_to_hex(scan_result_add_skipped(result, SKIP_CORRUPT)
					   ->object,
				&names[i].oid);
	}
}

/** A survey has listed the store already; others may read it meanwhile. */
static int list_store(struct listed *out,
	const struct scan_history_input *input, const struct survey *survey,
	struct scan_result *result, struct err *err)
{
	if (survey) {
		uint32_t listed;
		const struct object_name *names =
			survey_listed(survey, &listed);
		take_listed(out, names, listed, result);
		return 0;
	}
	CLEANUP(freep) struct object_name *names = NULL;
	size_t count;
	int rc = objects_list(
		&names, &count, input->objects, input->opts->jobs, err);
	if (rc == 0)
		take_listed(out, names, count, result);
	return rc;
}

static int load(struct scan_history *out, struct history_range *range,
	const struct scan_history_input *input, struct objects_reader *reader,
	struct scan_result *result, struct err *err)
{
	unsigned wanted = scan_wanted_places(input->opts);
	range->survey = out->survey;
	int rc = history_load(
		&out->history, range, input->repo, reader, result, err);
	for (uint32_t i = 0; rc == 0 && i < out->history.count; i++) {
		const struct history_commit *commit = &out->history.commits[i];
		result->commits += !commit->left_out &&
			!oid_is_zero(&commit->oid) &&
			wanted & history_place(&out->history, i);
	}
	return rc;
}

/** Lets go of a survey that was not enough. */
static void give_up(struct scan_history *history, struct entries *entries,
	struct changes *changes)
{
	reach_clear(&history->reach);
	survey_free(STEAL(history->survey));
	entries_clear(entries);
	changes_clear(changes);
}

/** What stands in the trees of the commits. */
static int read_trees(struct scan_history *history,
	const struct scan_history_input *input, struct entries *entries,
	struct changes *changes, struct scan_result *result, struct err *err)
{
	if (history->survey) {
		const struct reach_input reach = {
			.survey = history->survey,
			.history = &history->history,
			.places = scan_wanted_places(input->opts),
			.loose = input->opts->sources & PLACE_UNREACHABLE,
		};
		int rc = reach_run(
			&history->reach, &reach, entries, changes, result, err);
		if (rc != 1)
			return rc;
		give_up(history, entries, changes);
	}
	int rc = history_walk(changes, &history->history, input->objects,
		input->opts->jobs, input->progress, result, err);
	if (rc == 0)
		entries_add_changes(entries, changes, &history->history);
	if (input->opts->sources & PLACE_UNREACHABLE)
		scan_result_add_skipped(result, SKIP_LIMIT)->detail =
			"too many trees to tell which of them, and which "
			"blobs, no commit has";
	return rc;
}

int scan_history_survey(struct scan_history *out,
	const struct scan_history_input *input, struct err *err)
{
	*out = (struct scan_history){ 0 };
	const struct scan_opts *opts = input->opts;
	if (!(opts->sources & PLACES_OF_HISTORY) || !is_whole(opts))
		return 0;
	const struct survey_opts how = {
		.jobs = opts->jobs,
		.max_object_size = opts->max_blob_size,
		.progress = input->progress,
		.cache = opts->cache,
	};
	int rc = survey_new(&out->survey, input->objects, &how, err);
	return rc < 0 ? rc : 0;
}

static int read_messages(const struct scan_history *history,
	const struct tag_search *search, struct entries *entries,
	struct changes *changes, struct err *err)
{
	entries_add_commits(
		entries, &history->history, search->places, changes);
	return entries_add_tags(entries, search, changes, err);
}

int scan_history_read(struct scan_history *out,
	const struct scan_history_input *input, struct entries *entries,
	struct changes *changes, struct scan_result *result, struct err *err)
{
	const struct scan_opts *opts = input->opts;
	bool trees = opts->sources & PLACES_OF_HISTORY;
	struct history_range range = input->tips->range;
	CLEANUP(listed_clear) struct listed listed = { 0 };
	CLEANUP(objects_reader_freep) struct objects_reader *reader = NULL;
	int rc = objects_reader_new(&reader, input->objects, err);
	if (rc == 0 && opts->sources & PLACE_UNREACHABLE) {
		rc = list_store(&listed, input, out->survey, result, err);
		range.more = listed.commits;
		range.more_count = listed.commit_count;
	}
	if (rc == 0)
		rc = load(out, &range, input, reader, result, err);
	if (rc == 0 && trees)
		rc = read_trees(out, input, entries, changes, result, err);
	if (rc < 0 || !(opts->sources & PLACE_MESSAGE))
		return rc;
	const struct tag_search search = {
		.range = &range,
		.more = listed.tags,
		.more_count = listed.tag_count,
		.places = scan_wanted_places(opts),
		.reader = reader,
	};
	return read_messages(out, &search, entries, changes, err);
}

/** Walks all commits after all, and takes the changes of the paths. */
static int walk_again(const struct scan_history *history,
	const struct scan_history_input *input, const bool *wanted,
	struct changes *changes, struct err *err)
{
	CLEANUP(changes_clear) struct changes all = { 0 };
	CLEANUP(scan_result_clear) struct scan_result told = { 0 };
	int rc = history_walk(&all, &history->history, input->objects,
		input->opts->jobs, NULL, &told, err);
	for (size_t i = 0; rc == 0 && i < all.count; i++) {
		struct change change = all.items[i];
		const struct path_entry *path = &all.paths.entries[change.path];
		change.path =
			path_table_find(&changes->paths, path->text, path->len);
		if (change.path == PATH_NONE || !wanted[change.path])
			continue;
		if (change.blob != BLOB_NONE)
			change.blob = oid_map_add(&changes->blobs,
				&all.blobs.oids[change.blob], NULL);
		if (change.before != BLOB_NONE)
			change.before = oid_map_add(&changes->blobs,
				&all.blobs.oids[change.before], NULL);
		ARRAY_GROW(changes->items, changes->count, changes->capacity);
		changes->items[changes->count++] = change;
	}
	return rc;
}

/** Changes that were known before go behind those of trees, as after a walk. */
static void append(struct changes *changes, const struct changes *others)
{
	for (size_t i = 0; i < others->count; i++) {
		ARRAY_GROW(changes->items, changes->count, changes->capacity);
		changes->items[changes->count++] = others->items[i];
	}
	free(others->items);
}

/** The traces of each path: those in `order` from first[path] on. */
struct by_path {
	const struct trace *traces;
	uint32_t *first, *order;
};

static void by_path_clear(struct by_path *by_path)
{
	free(by_path->first);
	free(by_path->order);
}

static void by_path_init(struct by_path *by_path, const struct trace *traces,
	size_t count, uint32_t paths)
{
	*by_path = (struct by_path){
		.traces = traces,
		.first = xcalloc((size_t)paths + 2, sizeof(uint32_t)),
		.order = xcalloc(count, sizeof(uint32_t)),
	};
	uint32_t *next = by_path->first + 1; /* each ends as the next's first */
	for (size_t i = 0; i < count; i++)
		next[traces[i].path + 1]++;
	for (uint32_t path = 0; path < paths; path++)
		next[path + 1] += next[path];
	for (size_t i = 0; i < count; i++)
		by_path->order[next[traces[i].path]++] = (uint32_t)i;
}

/** Something stands at a path at a tip. */
static void mark_at_tip(uint32_t path, uint32_t blob, int kind, void *ctx)
{
	const struct by_path *by_path = ctx;
	for (uint32_t i = by_path->first[path]; i < by_path->first[path + 1];
		i++) {
		const struct trace *trace = &by_path->traces[by_path->order[i]];
		const struct borne_blobs borne = {
			.blobs = trace->blobs,
			.blob_count = trace->blob_count,
		};
		if (borne_blobs_has(&borne, blob))
			exposure_add_tip(trace->finding, kind);
	}
}

int scan_history_trace(struct scan_history *history,
	const struct scan_history_input *input, const struct trace *traces,
	size_t count, struct changes *changes, bool *tips_marked,
	struct err *err)
{
	*tips_marked = false;
	if (!history->survey)
		return 0;
	CLEANUP(freep)
	bool *wanted = xcalloc(changes->paths.count, sizeof(*wanted));
	for (size_t i = 0; i < count; i++)
		wanted[traces[i].path] = true;
	CLEANUP(by_path_clear) struct by_path by_path;
	by_path_init(&by_path, traces, count, changes->paths.count);
	const struct follow_input follow = {
		.history = &history->history,
		.survey = history->survey,
		.reach = &history->reach,
		.objects = input->objects,
		.paths = wanted,
		.result = input->result,
		.at_tip = mark_at_tip,
		.ctx = &by_path,
	};
	const struct changes others = *changes; /* of messages */
	changes->items = NULL;
	changes->count = changes->capacity = 0;
	int rc = follow_paths(changes, tips_marked, &follow, err);
	if (rc == 1) {
		changes->count = 0;
		rc = walk_again(history, input, wanted, changes, err);
	}
	append(changes, &others);
	return rc;
}
